#include "runtime/direct.h"

#include <unordered_map>

namespace tsrun {
namespace {

struct Row {
  const char* name;       ///< "aten::add"
  const char* overloads;  ///< separated by blanks
  Code code;
};

constexpr const char *reals = "float int_float float_int", *keys = "str int bool float complex Tensor",
                     *dict_keys = "Dict_str Dict_int Dict_bool Dict_float Dict_complex Dict_Tensor",
                     *dict_defaults = "default_str default_int default_bool default_float default_complex default_Tensor";

constexpr Row rows[] = {
    {"aten::__getitem__", "t", Code::list_get},
    {"aten::_set_item", "t", Code::list_set},
    {"aten::append", "t", Code::list_append},
    {"aten::len", "t", Code::list_length},
    {"aten::__getitem__", dict_keys, Code::dict_get},
    {"aten::get", dict_defaults, Code::dict_get_or},
    {"aten::_set_item", keys, Code::dict_set},
    {"aten::__contains__", keys, Code::dict_contains},
    {"aten::__is__", "", Code::is},
    {"aten::__isnot__", "", Code::is_not},
    {"tsrun::enter_context", "", Code::enter_context},
    {"tsrun::leave_context", "", Code::leave_context},
    {"aten::add", "int", Code::add_int},
    {"aten::sub", "int", Code::subtract_int},
    {"aten::mul", "int", Code::multiply_int},
    {"aten::floordiv", "int", Code::floor_divide_int},
    {"aten::remainder", "int", Code::remainder_int},
    {"aten::neg", "int", Code::negate_int},
    {"aten::__and__", "int", Code::and_int},
    {"aten::__or__", "int", Code::or_int},
    {"aten::__xor__", "int", Code::xor_int},
    {"aten::__lshift__", "int", Code::shift_left_int},
    {"aten::__rshift__", "int", Code::shift_right_int},
    {"prim::min", "int", Code::min_int},
    {"prim::max", "int", Code::max_int},
    {"aten::__derive_index", "", Code::derive_index},
    {"aten::lt", "int", Code::less_int},
    {"aten::le", "int", Code::less_equal_int},
    {"aten::gt", "int", Code::greater_int},
    {"aten::ge", "int", Code::greater_equal_int},
    {"aten::eq", "int", Code::equal_int},
    {"aten::ne", "int", Code::not_equal_int},
    {"aten::add", reals, Code::add_float},
    {"aten::sub", reals, Code::subtract_float},
    {"aten::mul", reals, Code::multiply_float},
    {"aten::div", "int float", Code::divide_float},
    {"aten::floordiv", reals, Code::floor_divide_float},
    {"aten::remainder", reals, Code::remainder_float},
    {"aten::neg", "float", Code::negate_float},
    {"prim::min", reals, Code::min_float},
    {"prim::max", reals, Code::max_float},
    {"aten::lt", reals, Code::less_float},
    {"aten::le", reals, Code::less_equal_float},
    {"aten::gt", reals, Code::greater_float},
    {"aten::ge", reals, Code::greater_equal_float},
    {"aten::eq", reals, Code::equal_float},
    {"aten::ne", reals, Code::not_equal_float},
    {"aten::__not__", "", Code::not_bool},
    {"aten::__and__", "bool", Code::and_bool},
    {"aten::__or__", "bool", Code::or_bool},
    {"aten::eq", "bool", Code::equal_bool},
    {"aten::ne", "bool", Code::not_equal_bool},
};

std::unordered_map<std::string, Code> by_full_name() {
  std::unordered_map<std::string, Code> codes;
  for (const Row& row : rows) {
    std::string_view rest = row.overloads;
    do {
      std::string_view overload = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), overload.size() + 1));
      codes[overload.empty() ? std::string(row.name) : row.name + ("." + std::string(overload))] = row.code;
    } while (!rest.empty());
  }
  return codes;
}

}  // namespace

Code direct_code(const Operator& o, const Node& n) {
  static const auto codes = by_full_name();
  auto it = codes.find(o.schema.full_name());
  if (it == codes.end()) return Code::op;
  bool used = n.outputs.size() == 1 && !n.output()->uses.empty();
  return used && !gives_result(it->second) ? Code::op : it->second;
}

Code opposite(Code comparison) {
  switch (comparison) {
    case Code::less_int: return Code::greater_equal_int;
    case Code::less_equal_int: return Code::greater_int;
    case Code::greater_int: return Code::less_equal_int;
    case Code::greater_equal_int: return Code::less_int;
    case Code::equal_int: return Code::not_equal_int;
    default: return Code::equal_int;
  }
}

}  // namespace tsrun
