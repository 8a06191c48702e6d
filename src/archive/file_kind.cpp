#include "archive/file_kind.h"

#include <algorithm>

namespace tsrun {
namespace {

using namespace std::string_view_literals;

constexpr auto legacy_magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e"sv;

bool is_text(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](unsigned char c) { return c >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
}

}  // namespace

FileKind file_kind(Bytes bytes) {
  const std::string_view s = as_text(bytes);
  if (s.starts_with("PK\x03\x04") || s.starts_with("PK\x05\x06")) return FileKind::zip;
  if (s.starts_with(legacy_magic)) return FileKind::legacy_tensors;
  if (s.size() > 2 && s[0] == '\x80' && s[1] >= 2 && s[1] <= 5) return FileKind::pickle;
  return FileKind::other;
}

std::string refusal(Bytes bytes) {
  const std::string_view s = as_text(bytes);
  constexpr auto resave = "save the model with torch.jit.save(torch.jit.script(model), path)";
  if (s.empty()) return "is empty";
  if (s.size() >= 8 && s.substr(4, 4) == "PTMF")
    return "is a FlatBuffer mobile model; load it in PyTorch and save it again with torch.jit.save";
  if (s.starts_with("PYTORCH1")) return "is of a PyTorch preview release; " + std::string(resave);
  if (s.size() >= 8 && s.substr(4, 4) == "TFL3") return "is a TensorFlow Lite model, not TorchScript";
  if (s.starts_with("\x89HDF")) return "is an HDF5 file, not TorchScript";
  if (s.starts_with("\x93NUMPY")) return "is a NumPy array, not a model";
  if (s.starts_with("GGUF")) return "is a GGUF file, not TorchScript";
  if (s.size() > 9 && s[8] == '{' && s[0] != 0 && s.substr(0, 8).find_first_not_of('\0', 4) == s.npos)
    return "looks like a safetensors file: it holds weights without a program; " + std::string(resave);
  if (s.starts_with("version https://git-lfs")) return "is a Git LFS pointer, not the file itself; fetch it with git lfs pull";
  if (s.substr(0, 512).find("<html") != s.npos || s.starts_with("<!DOCTYPE")) return "is a web page, not a model; the download went wrong";
  if (s[0] == '\x08' && s.substr(0, 512).find("pytorch") != s.npos)
    return "is an ONNX model; tsrun runs TorchScript: " + std::string(resave);
  if (s[0] == '\x08' && (s.substr(0, 512).find("onnx") != s.npos || s.substr(0, 512).find("ir_version") != s.npos))
    return "is an ONNX model; tsrun runs TorchScript: " + std::string(resave);
  if (s.size() > 262 && s.substr(257, 5) == "ustar") return "is a tar archive; PyTorch models saved before 0.2 are not supported";
  if (s.starts_with("\x1f\x8b")) return "is compressed with gzip; unpack it first";
  if (is_text(s.substr(0, 512))) return "is a text file, not a model";
  return "is no file that PyTorch saved";
}

}  // namespace tsrun
