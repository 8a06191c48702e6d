// What every fuzz target defines, for libFuzzer and for replay_main.cpp.
#pragma once
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
