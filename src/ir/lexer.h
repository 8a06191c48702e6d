// Serialized TorchScript text to tokens, with Python's layout rules.
#pragma once
#include <complex>
#include <vector>

#include "ir/source.h"

namespace tsrun {

enum class TokenKind : uint8_t { name, keyword, integer, floating, imaginary, string, symbol, newline, indent, dedent, type_comment, end };

struct Token {
  TokenKind kind;
  Span span;
  std::string text;  ///< name, keyword, symbol; the decoded bytes of a string; the digits of a number; the text of a type comment
};

/// Throws Error (malformed) with the place. Numbers keep their digits: `-` folds into an integer later.
std::vector<Token> tokenize(const Source& source);

}  // namespace tsrun
