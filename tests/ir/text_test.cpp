// Expected texts are what str(x) gives in a TorchScript function of PyTorch 2.13.
#include "ir/text.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "ir/type.h"
#include "tsrun/error.h"

using namespace tsrun;

TEST_CASE("floats are short when whole and have 17 digits otherwise") {
  CHECK(float_text(1) == "1.");
  CHECK(float_text(-0.0) == "0.");
  CHECK(float_text(0.1) == "0.10000000000000001");
  CHECK(float_text(1e17) == "100000000000000000.");
  CHECK(float_text(9.3e18) == "9.3e+18");
  CHECK(float_text(-0x1p63) == "-9223372036854775808.");
  CHECK(float_text(1e-300) == "1e-300");
  CHECK(float_text(std::copysign(std::nan(""), 1)) == "nan");
  CHECK(float_text(std::copysign(std::nan(""), -1)) == "-nan");
  CHECK(float_text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("containers show strings without quotes") {
  auto dict = make_ref<DictObject>();
  dict->set("a", 0.5);
  dict->set("b", Value());
  CHECK(to_str(make_list({1, 2.0, true})) == "[1, 2., True]");
  CHECK(to_str(make_tuple({Value("s")})) == "(s,)");
  CHECK(to_str(make_tuple({})) == "()");
  CHECK(to_str(dict) == "{a: 0.5, b: None}");
  CHECK(to_str(std::complex<double>(-1.5, -2)) == "-1.5-2.j");
  CHECK(to_str(Device{Device::Kind::cuda, 1}) == "cuda:1");
  CHECK(to_str(make_ref<EnumObject>(TypeRef(make_ref<EnumType>("__torch__.a.Color", types::integer())), "RED", 1)) == "Enum<Color.RED>");
}

TEST_CASE("a list that holds itself is refused") {
  auto list = make_ref<ListObject>();
  list->elements.push_back(Value(list));
  CHECK_THROWS_AS(to_str(list), Error);
  list->elements.clear();
}

TEST_CASE("format fills braces and refuses too few values") {
  Value one = 1, word = "x";
  const Value* values[] = {&one, &word};
  CHECK(format_text("{} and {}", values) == "1 and x");
  CHECK(format_text("{:.2f}{{}}", values) == "{:.2f}{1}");
  CHECK_THROWS_AS(format_text("{}{}{}", values), Error);
}

TEST_CASE("percent formats") {
  Value pair = make_tuple({2.75, 65}), number = 1234567.891, word = "ab";
  const Value *of_pair[] = {&pair}, *of_number[] = {&number}, *of_word[] = {&word};
  CHECK(percent_format_text("%d%%%c", of_pair) == "2%A");
  CHECK(percent_format_text("%f", of_number) == "1234567.875000");
  CHECK(percent_format_text("%E", of_number) == "1.234568E+06");
  CHECK(percent_format_text("<%s>", of_word) == "<ab>");
  CHECK_THROWS_AS(percent_format_text("%d", of_word), Error);
  CHECK_THROWS_AS(percent_format_text("%d", of_pair), Error);
  CHECK_THROWS_AS(percent_format_text("%5d", of_number), Error);
  CHECK_THROWS_AS(percent_format_text("%", of_number), Error);
}

static std::string shown(std::vector<float> values, Dims sizes) { return tensor_text(Tensor::from_blob(values.data(), sizes)); }

TEST_CASE("tensors of few dimensions") {
  CHECK(shown({1.5f}, {}) == "1.5\n[ CPUFloatType{} ]");
  CHECK(shown({1e10f}, {}) == "10000000000\n[ CPUFloatType{} ]");
  CHECK(shown({0.1f}, {}) == "0.10000000149011612\n[ CPUFloatType{} ]");
  CHECK(shown({}, {2, 0, 3}) == "[ CPUFloatType{2,0,3} ]");
  CHECK(shown({1, 2}, {2}) == " 1\n 2\n[ CPUFloatType{2} ]");
  CHECK(shown({1.5f, 2, 1000}, {3}) == "    1.5000\n    2.0000\n 1000.0000\n[ CPUFloatType{3} ]");
  CHECK(shown({1e-3f, 1e-4f}, {2}) == "0.001 *\n 1.0000\n 0.1000\n[ CPUFloatType{2} ]");
  CHECK(shown({1e5f, 1.5f}, {2}) == " 1.0000e+05\n 1.5000e+00\n[ CPUFloatType{2} ]");
  CHECK(shown({std::numeric_limits<float>::quiet_NaN(), 1}, {2}) == "nan\n 1\n[ CPUFloatType{2} ]");
  CHECK(shown({1, 2, 3, 4}, {2, 2}) == " 1  2\n 3  4\n[ CPUFloatType{2,2} ]");
}

TEST_CASE("the first of the outer dimensions runs fastest") {
  std::vector<int64_t> values(8);
  for (int64_t i = 0; i < 8; ++i) values[static_cast<size_t>(i)] = i;
  CHECK(tensor_text(Tensor::from_blob(values.data(), Dims{2, 2, 1, 2}, DType::i64)) ==
        "(1,1,.,.) = \n 0  1\n\n(2,1,.,.) = \n 4  5\n\n(1,2,.,.) = \n 2  3\n\n(2,2,.,.) = \n 6  7\n[ CPULongType{2,2,1,2} ]");
}

TEST_CASE("wide matrices are cut into groups of columns") {
  std::vector<float> values(60);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  std::string text = shown(values, {2, 30});
  CHECK(text.starts_with("Columns 1 to 20  0   1   2"));
  CHECK(text.find("\n\nColumns 21 to 30 20  21") != text.npos);
}
