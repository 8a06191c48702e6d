// Reading the command line. The only source that knows CLI11 is command_line.cpp.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace tsrun::tool {

/// The verb that the arguments (without the program's name) ask for, ready to run; it returns the exit code.
/// Help and version are printed here. Throws Error (usage) for arguments that make no sense.
std::function<int()> read_command_line(std::vector<std::string> arguments);

}  // namespace tsrun::tool
