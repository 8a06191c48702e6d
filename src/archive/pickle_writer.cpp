#include "archive/pickle_writer.h"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "archive/pickle_opcodes.h"
#include "archive/zip_writer.h"
#include "tsrun/error.h"

namespace tsrun {
namespace {

using pickle::Op;
constexpr int max_depth = 1000;

/// The class of a storage in `torch`, or null for dtypes that are written as untyped bytes.
const char* storage_class(DType dtype) {
  switch (dtype) {
    case DType::u8: return "ByteStorage";
    case DType::i8: return "CharStorage";
    case DType::i16: return "ShortStorage";
    case DType::i32: return "IntStorage";
    case DType::i64: return "LongStorage";
    case DType::f16: return "HalfStorage";
    case DType::f32: return "FloatStorage";
    case DType::f64: return "DoubleStorage";
    case DType::c64: return "ComplexFloatStorage";
    case DType::c128: return "ComplexDoubleStorage";
    case DType::boolean: return "BoolStorage";
    case DType::bf16: return "BFloat16Storage";
    default: return nullptr;
  }
}

/// The bytes of one storage that tensors of one dtype span. Two dtypes in one storage cannot share it in the file.
struct Piece {
  size_t key = 0;
  int64_t begin = 0, end = 0;  // in elements
};
using PieceId = std::pair<const Storage*, DType>;  // a null storage stands for all empty tensors

PieceId id_of(const Tensor& x) { return {x.numel() ? x.storage().get() : nullptr, x.dtype()}; }

class Writer {
 public:
  std::string write(const Value& v) {
    collect(v, 0);
    put(Op::proto);
    out_.push_back(2);
    put(v);
    put(Op::stop);

    ZipWriter zip("archive");
    zip.add("data.pkl", out_);
    zip.add(".format_version", "1");
    zip.add(".storage_alignment", "64");
    zip.add("byteorder", "little");
    std::vector<std::pair<size_t, Bytes>> contents;
    for (const auto& [id, piece] : pieces_) {
      const size_t item = item_size(id.second);
      Bytes bytes;
      if (id.first)
        bytes = Bytes(id.first->data(), id.first->bytes())
                    .subspan(static_cast<size_t>(piece.begin) * item, static_cast<size_t>(piece.end - piece.begin) * item);
      contents.emplace_back(piece.key, bytes);
    }
    std::sort(contents.begin(), contents.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [key, bytes] : contents) zip.add("data/" + std::to_string(key), bytes);
    zip.add("version", "3\n");
    return zip.finish();
  }

 private:
  /// Finds all tensors, so that each piece is known before the first is written.
  void collect(const Value& v, int depth) {
    if (depth > max_depth) throw Error(ErrorKind::limit, "containers nest too deep to be saved, or hold themselves");
    if (v.is_tensor()) return collect(v.to_tensor());
    if (!(v.is_tuple() || v.is_list() || v.is_dict()) || !seen_.insert(v.shared_object()).second) return;
    if (v.is_tuple())
      for (const Value& e : v.to_tuple().elements) collect(e, depth + 1);
    else if (v.is_list())
      for (const Value& e : v.to_list().elements) collect(e, depth + 1);
    else
      v.to_dict().for_each([&](const DictObject::Entry& e) {
        collect(e.key, depth + 1);
        collect(e.value, depth + 1);
      });
  }
  void collect(const Tensor& x) {
    if (is_quantized(x.dtype()) || !x.storage())
      throw Error(ErrorKind::unsupported, x.describe() + " cannot be saved: only plain tensors can");
    if (x.numel() == 0) {
      pieces_.try_emplace(id_of(x), Piece{pieces_.size(), 0, 0});
      return;
    }
    int64_t last = x.offset();
    for (int64_t d = 0; d < x.dim(); ++d) last += (x.size(d) - 1) * x.stride(d);
    auto [it, is_new] = pieces_.try_emplace(id_of(x), Piece{pieces_.size(), x.offset(), last + 1});
    it->second.begin = std::min(it->second.begin, x.offset());
    it->second.end = std::max(it->second.end, last + 1);
  }

  void put(Op op) { out_.push_back(static_cast<char>(op)); }
  void put_number(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void put_global(std::string_view module, std::string_view name) {
    put(Op::global);
    ((out_ += module) += '\n') += name;
    out_ += '\n';
  }
  void put_text(std::string_view text) {
    if (text.size() > UINT32_MAX) throw Error(ErrorKind::limit, "a string of " + std::to_string(text.size()) + " bytes cannot be saved");
    put(Op::binunicode);
    put_number(text.size(), 4);
    out_ += text;
  }
  void put_int(int64_t i) {
    if (i >= 0 && i < 256) {
      put(Op::binint1);
      put_number(static_cast<uint64_t>(i), 1);
    } else if (i >= INT32_MIN && i <= INT32_MAX) {
      put(Op::binint);
      put_number(static_cast<uint32_t>(i), 4);
    } else {
      put(Op::long1);
      put_number(8, 1);
      put_number(static_cast<uint64_t>(i), 8);
    }
  }
  void put_double(double d) {
    put(Op::binfloat);
    const auto bits = std::bit_cast<uint64_t>(d);
    for (int i = 56; i >= 0; i -= 8) out_.push_back(static_cast<char>(bits >> i));
  }
  void put_dims(IntSpan dims) {
    put(Op::mark);
    for (int64_t d : dims) put_int(d);
    put(Op::tuple);
  }

  /// True when the container was written before and is now recalled.
  bool recall(const Value& v) {
    auto it = memo_.find(v.shared_object());
    if (it == memo_.end()) return false;
    put(Op::long_binget);
    put_number(it->second, 4);
    return true;
  }
  void remember(const Value& v) {
    put(Op::long_binput);
    put_number(memo_.size(), 4);
    memo_.emplace(v.shared_object(), memo_.size());
  }

  void put(const Value& v) {
    switch (v.tag()) {
      case Tag::none: return put(Op::none);
      case Tag::boolean: return put(v.to_bool() ? Op::newtrue : Op::newfalse);
      case Tag::integer: return put_int(v.to_int());
      case Tag::floating: return put_double(v.to_double());
      case Tag::string: return put_text(v.to_string());
      case Tag::complex:
        put_global("builtins", "complex");
        put_double(v.to_complex().real());
        put_double(v.to_complex().imag());
        put(Op::tuple2);
        return put(Op::reduce);
      case Tag::device:
        put_global("torch", "device");
        put_text(to_string(v.to_device()));
        put(Op::tuple1);
        return put(Op::reduce);
      case Tag::tensor:
        if (recall(v)) return;
        put(v.to_tensor());
        return remember(v);
      case Tag::tuple:
        if (recall(v)) return;
        put(Op::mark);
        for (const Value& e : v.to_tuple().elements) put(e);
        put(Op::tuple);
        return remember(v);
      case Tag::list:
        if (recall(v)) return;
        put(Op::empty_list);
        remember(v);
        put(Op::mark);
        for (const Value& e : v.to_list().elements) put(e);
        return put(Op::appends);
      case Tag::dict:
        if (recall(v)) return;
        put(Op::empty_dict);
        remember(v);
        put(Op::mark);
        v.to_dict().for_each([&](const DictObject::Entry& e) {
          put(e.key);
          put(e.value);
        });
        return put(Op::setitems);
      default: throw Error(ErrorKind::unsupported, std::string("a value of kind ") + tag_name(v.tag()) + " cannot be saved");
    }
  }

  void put(const Tensor& x) {
    const char* cls = storage_class(x.dtype());
    const Piece& piece = pieces_.at(id_of(x));
    const int64_t count = piece.end - piece.begin;

    put_global("torch._utils", cls ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
    put(Op::mark);
    put(Op::mark);
    put_text("storage");
    put_global(cls ? "torch" : "torch.storage", cls ? cls : "UntypedStorage");
    put_text(std::to_string(piece.key));
    put_text("cpu");
    put_int(cls ? count : count * static_cast<int64_t>(item_size(x.dtype())));
    put(Op::tuple);
    put(Op::binpersid);
    put_int(x.numel() ? x.offset() - piece.begin : 0);
    put_dims(x.sizes());
    put_dims(x.strides());
    put(x.requires_grad() ? Op::newtrue : Op::newfalse);
    put_global("collections", "OrderedDict");
    put(Op::empty_tuple);
    put(Op::reduce);
    if (!cls) put_global("torch", dtype_name(x.dtype()));
    put(Op::tuple);
    put(Op::reduce);
  }

  std::string out_;
  std::map<PieceId, Piece> pieces_;
  std::unordered_set<const RefCounted*> seen_;
  std::unordered_map<const RefCounted*, size_t> memo_;
};

}  // namespace

std::string write_tensors_file(const Value& v) { return Writer().write(v); }

}  // namespace tsrun
