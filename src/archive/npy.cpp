#include "archive/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "archive/zip_writer.h"

namespace tsrun {
namespace {

constexpr std::string_view magic = "\x93NUMPY", npy_suffix = ".npy";
constexpr size_t header_alignment = 64, max_header = 1 << 16, max_rank = 64;

struct Descriptor {
  char kind;
  uint8_t item;
  DType dtype;
};
constexpr Descriptor descriptors[] = {
    {'b', 1, DType::boolean}, {'i', 1, DType::i8},  {'u', 1, DType::u8},  {'i', 2, DType::i16},   {'i', 4, DType::i32},
    {'i', 8, DType::i64},     {'u', 2, DType::u16}, {'u', 4, DType::u32}, {'u', 8, DType::u64},   {'f', 2, DType::f16},
    {'f', 4, DType::f32},     {'f', 8, DType::f64}, {'c', 8, DType::c64}, {'c', 16, DType::c128},
};

/// The header: a Python dict with the keys descr, fortran_order and shape.
class Header {
 public:
  Header(std::string_view text, const std::string& file) : rest_(text), file_(file) {
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") read_descriptor();
      else if (key == "fortran_order") read_order();
      else if (key == "shape") read_shape();
      else fail("its header has an unknown key " + key);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!has_descriptor_ || !has_order_ || !has_shape_) fail("its header is incomplete");
  }

  DType dtype = DType::f32;
  bool swapped = false, fortran = false;
  Dims sizes;

 private:
  [[noreturn]] void fail(const std::string& why) const { throw Error(ErrorKind::malformed, file_ + ": " + why); }
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }
  bool accept(char c) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail("its header is damaged");
  }
  std::string string() {
    skip_blanks();
    const char quote = rest_.empty() ? 0 : rest_.front();
    if (quote != '\'' && quote != '"') fail("its header is damaged");
    const size_t end = rest_.find(quote, 1);
    if (end == rest_.npos) fail("its header is damaged");
    std::string s(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return s;
  }
  void read_descriptor() {
    skip_blanks();
    if (!rest_.empty() && rest_.front() == '[') fail("holds records, not numbers");
    const std::string text = string();
    const char order = text.empty() ? 0 : text[0];
    if (text.size() < 2 || (order != '<' && order != '>' && order != '|' && order != '=')) fail("its dtype " + text + " is not known");
    if (text[1] == 'O') fail("holds Python objects, not numbers");
    if (text[1] == 'U' || text[1] == 'S') fail("holds text, not numbers");
    for (const Descriptor& d : descriptors)
      if (d.kind == text[1] && text.substr(2) == std::to_string(d.item)) {
        dtype = d.dtype;
        swapped = order == '>' && d.item > 1;
        has_descriptor_ = true;
        return;
      }
    fail("its dtype " + text + " is not supported");
  }
  void read_order() {
    skip_blanks();
    for (bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      fortran = value;
      has_order_ = true;
      return;
    }
    fail("its header is damaged");
  }
  void read_shape() {
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      int64_t size = -1;
      auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc() || size < 0 || sizes.size() == max_rank) fail("its shape is damaged");
      rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
      sizes.push_back(size);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    has_shape_ = true;
  }

  std::string_view rest_;
  const std::string& file_;
  bool has_descriptor_ = false, has_order_ = false, has_shape_ = false;
};

void swap_bytes(const Tensor& x) {
  const size_t item = item_size(x.dtype()), part = is_complex(x.dtype()) ? item / 2 : item;
  auto* p = x.data<std::byte>();
  for (size_t i = 0; i < static_cast<size_t>(x.numel()) * item; i += part) std::reverse(p + i, p + i + part);
}

/// What is left of numel * item: -1 when the product passes `most`.
int64_t bytes_of(const Header& h, uint64_t most) {
  int64_t bytes = static_cast<int64_t>(item_size(h.dtype));
  if (std::find(h.sizes.begin(), h.sizes.end(), 0) != h.sizes.end()) return 0;
  for (int64_t s : h.sizes)
    if (__builtin_mul_overflow(bytes, s, &bytes) || static_cast<uint64_t>(bytes) > most) return -1;
  return bytes;
}

std::string descriptor_of(DType dtype) {
  for (const Descriptor& d : descriptors)
    if (d.dtype == dtype) return std::string(d.item == 1 ? "|" : "<") + d.kind + std::to_string(d.item);
  throw Error(ErrorKind::unsupported, std::string("NumPy has no dtype ") + dtype_name(dtype) + "; write a .pt file");
}

Tensor widened(const Tensor& x) {
  Tensor y = Tensor::empty(x.sizes(), DType::f32);
  for (int64_t i = 0; i < x.numel(); ++i) y.data<float>()[i] = std::bit_cast<float>(uint32_t{x.data<uint16_t>()[i]} << 16);
  return y;
}

}  // namespace

bool is_npy(Bytes bytes) { return as_text(bytes).starts_with(magic); }

Tensor read_npy(Bytes bytes, const std::string& name) {
  ByteReader r(bytes, name);
  if (r.text(std::min(magic.size(), r.left())) != magic) throw Error(ErrorKind::malformed, name + ": is no .npy file");
  const uint8_t major = r.u8();
  r.u8();
  if (major < 1 || major > 3) throw Error(ErrorKind::malformed, name + ": .npy version " + std::to_string(major) + " is not known");
  const uint64_t header_bytes = major == 1 ? r.u16() : r.u32();
  if (header_bytes > max_header) throw Error(ErrorKind::malformed, name + ": its header is too long");
  const Header h(r.text(header_bytes), name);
  const int64_t size = bytes_of(h, r.left());
  if (size < 0 || static_cast<uint64_t>(size) != r.left())
    throw Error(ErrorKind::malformed, name + ": holds " + std::to_string(r.left()) + " bytes of data, which shape " + sizes_text(h.sizes) +
                                          " of " + dtype_name(h.dtype) + " does not fill");
  Dims stored = h.sizes;
  if (h.fortran) std::reverse(stored.begin(), stored.end());
  Tensor x = Tensor::empty(stored, h.dtype);
  if (size) std::memcpy(x.data(), r.take(static_cast<uint64_t>(size)).data(), static_cast<size_t>(size));
  if (h.swapped) swap_bytes(x);
  if (h.dtype == DType::boolean)
    for (int64_t i = 0; i < x.numel(); ++i) x.data<uint8_t>()[i] = x.data<uint8_t>()[i] != 0;
  if (!h.fortran) return x;
  Dims strides(x.strides());
  std::reverse(strides.begin(), strides.end());
  return Tensor::view_of(x.storage(), h.dtype, h.sizes, strides, 0).contiguous();
}

std::string write_npy(const Tensor& tensor) {
  Tensor x = tensor.contiguous();
  if (x.dtype() == DType::bf16) x = widened(x);
  std::string shape = "(";
  for (int64_t s : x.sizes()) shape += std::to_string(s) + (x.dim() == 1 ? "," : ", ");
  if (x.dim() > 1) shape.resize(shape.size() - 2);
  std::string header = "{'descr': '" + descriptor_of(x.dtype()) + "', 'fortran_order': False, 'shape': " + shape + "), }";
  const size_t fixed = magic.size() + 2 + 2;
  header.append((header_alignment - (fixed + header.size() + 1) % header_alignment) % header_alignment, ' ');
  header += '\n';
  std::string out(magic);
  out += {'\x01', '\x00', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  out += header;
  return out.append(x.data<char>(), static_cast<size_t>(x.numel()) * item_size(x.dtype()));
}

bool is_npz(const Zip& zip) {
  return !zip.entries().empty() &&
         std::all_of(zip.entries().begin(), zip.entries().end(), [](const ZipEntry& e) { return e.name.ends_with(npy_suffix); });
}

Value read_npz(const Zip& zip, const std::string& name) {
  auto arrays = make_ref<DictObject>();
  for (const ZipEntry& e : zip.entries()) {
    zip.check_crc(e);
    const std::string key = e.name.substr(0, e.name.size() - npy_suffix.size()), place = name + ": " + e.name;
    if (!e.deflated) {
      arrays->set(key, read_npy(zip.raw(e), place));
      continue;
    }
    zip.check_inflation(e);
    std::vector<std::byte> content(e.size);
    zip.extract(e, content.data());
    arrays->set(key, read_npy(content, place));
  }
  return arrays;
}

std::string write_npz(const DictObject& arrays) {
  ZipWriter zip("");
  arrays.for_each(
      [&](const DictObject::Entry& e) { zip.add(e.key.to_string() + std::string(npy_suffix), write_npy(e.value.to_tensor())); });
  return zip.finish();
}

}  // namespace tsrun
