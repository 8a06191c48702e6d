// Runs a fuzz target without libFuzzer: on files, and on mutations of them.
//
//   zip_fuzz [--mutations N] FILE|FOLDER...
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
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

}  // namespace

int main(int argc, char** argv) {
  std::vector<Input> corpus;
  long mutations = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mutations") == 0 && i + 1 < argc) {
      mutations = std::atol(argv[++i]);
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
    const Input x = mutated(corpus[random() % corpus.size()], random);
    LLVMFuzzerTestOneInput(x.data(), x.size());
  }
  std::cout << corpus.size() << " inputs, " << mutations << " mutations\n";
  return 0;
}
