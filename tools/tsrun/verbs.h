// The verbs. Each adds its options to a subcommand and returns the function that does the work and gives the exit code.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>

#include "command.h"

namespace tsrun::tool {

using Work = std::function<int()>;

/// Options that choose how a model runs; those of its inputs, too.
void add_call_options(CLI::App& app, Call& call);

Work add_run(CLI::App& app);
Work add_inspect(CLI::App& app);
Work add_ops(CLI::App& app);
Work add_bench(CLI::App& app);
Work add_profile(CLI::App& app);
Work add_compare(CLI::App& app);
Work add_verify(CLI::App& app);

}  // namespace tsrun::tool
