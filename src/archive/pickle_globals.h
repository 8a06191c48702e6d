// The names a pickle may mention, and what calling them makes.
#pragma once
#include <span>
#include <string>

#include "archive/pickle.h"
#include "archive/pickle_atoms.h"

namespace tsrun::pickle {

/// `module.name` as a value: an integer for dtypes, layouts, memory formats and quantization schemes, else a GlobalAtom.
Value find_global(std::string_view module, std::string_view name);

/// Calls a constructor. Faults are reported as plain Errors without a place; the caller adds it.
Value call(const GlobalAtom& global, std::span<const Value> args, ObjectBuilder& builder);

/// Why a global of this name cannot be used, and what to do about it.
std::string unknown_global_text(const std::string& name);

}  // namespace tsrun::pickle
