// Runs a fuzz target without libFuzzer: on files, and on mutations of them.
//
//   zip_fuzz [--mutations N] [--text] FILE|FOLDER...
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fuzz_target.h"

namespace {

using Input = std::vector<uint8_t>;

Input read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One to eight small changes: a byte, a bit, a number at its limits, a piece cut out, a piece repeated.
Input mutated(Input x, std::mt19937_64& random) {
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t changes = 1 + below(8); changes > 0 && !x.empty(); --changes) {
    const size_t at = below(x.size()), length = 1 + below(std::min<size_t>(x.size() - at, 32));
    const auto from = x.begin() + static_cast<ptrdiff_t>(at), to = from + static_cast<ptrdiff_t>(length);
    switch (below(5)) {
      case 0: x[at] = static_cast<uint8_t>(random()); break;
      case 1: x[at] ^= static_cast<uint8_t>(1u << below(8)); break;
      case 2: std::fill_n(from, std::min<size_t>({length, 8}), below(2) ? 0xff : 0); break;
      case 3: x.erase(from, to); break;
      default: {
        const Input piece(from, to);
        x.insert(x.begin() + static_cast<ptrdiff_t>(below(x.size())), piece.begin(), piece.end());
      }
    }
  }
  return x;
}

/// Words and single characters, in order.
std::vector<Input> tokens_of(const Input& text) {
  std::vector<Input> tokens;
  auto word = [](uint8_t c) { return std::isalnum(c) || c == '_'; };
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (word(text[i]) && end < text.size() && word(text[end])) ++end;
    tokens.emplace_back(text.begin() + static_cast<ptrdiff_t>(i), text.begin() + static_cast<ptrdiff_t>(end));
    i = end;
  }
  return tokens;
}

/// One to three changes that leave most of a program's form: a token becomes another of its tokens, or goes; a line moves or comes twice.
Input mutated_text(const Input& x, std::mt19937_64& random) {
  auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  std::vector<Input> tokens = tokens_of(x);
  auto line_around = [&](size_t at) {
    size_t begin = at, end = at;
    while (begin > 0 && tokens[begin - 1] != Input{'\n'}) --begin;
    while (end < tokens.size() && tokens[end] != Input{'\n'}) ++end;
    return std::pair(begin, std::min(end + 1, tokens.size()));
  };
  for (size_t changes = 1 + below(3); changes > 0 && tokens.size() > 1; --changes) {
    const size_t at = below(tokens.size());
    auto [begin, end] = line_around(at);
    const std::vector<Input> line(tokens.begin() + static_cast<ptrdiff_t>(begin), tokens.begin() + static_cast<ptrdiff_t>(end));
    switch (below(4)) {
      case 0: tokens.erase(tokens.begin() + static_cast<ptrdiff_t>(at)); break;
      case 1:
        tokens.erase(tokens.begin() + static_cast<ptrdiff_t>(begin), tokens.begin() + static_cast<ptrdiff_t>(end));
        if (tokens.empty()) break;
        [[fallthrough]];
      case 2: {
        const size_t there = line_around(below(tokens.size())).first;
        tokens.insert(tokens.begin() + static_cast<ptrdiff_t>(there), line.begin(), line.end());
        break;
      }
      default: {
        size_t other = below(tokens.size());
        for (int i = 0; i < 20 && (std::isalnum(tokens[other][0]) != 0) != (std::isalnum(tokens[at][0]) != 0); ++i)
          other = below(tokens.size());
        tokens[at] = tokens[other];
      }
    }
  }
  Input text;
  for (const Input& t : tokens) text.insert(text.end(), t.begin(), t.end());
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Input> corpus;
  long mutations = 0;
  bool text = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mutations") == 0 && i + 1 < argc) {
      mutations = std::atol(argv[++i]);
    } else if (std::strcmp(argv[i], "--text") == 0) {
      text = true;
    } else if (std::filesystem::is_directory(argv[i])) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i]))
        if (entry.is_regular_file()) corpus.push_back(read(entry.path()));
    } else {
      corpus.push_back(read(argv[i]));
    }
  }
  if (corpus.empty()) {
    std::cerr << "no inputs\n";
    return 2;
  }
  for (const Input& x : corpus) LLVMFuzzerTestOneInput(x.data(), x.size());
  std::mt19937_64 random(1);
  for (long i = 0; i < mutations; ++i) {
    const Input& from = corpus[random() % corpus.size()];
    const Input x = text ? mutated_text(from, random) : mutated(from, random);
    LLVMFuzzerTestOneInput(x.data(), x.size());
  }
  std::cout << corpus.size() << " inputs, " << mutations << " mutations\n";
  return 0;
}
