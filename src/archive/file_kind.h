// What a file is, told by its first bytes.
#pragma once
#include <string>

#include "archive/byte_reader.h"

namespace tsrun {

enum class FileKind : uint8_t { zip, legacy_tensors, pickle, other };

FileKind file_kind(Bytes bytes);
/// For a file that is none of the kinds tsrun loads: what it is, and how to get one that loads. "is empty", "is an ONNX model; ...".
std::string refusal(Bytes bytes);

}  // namespace tsrun
