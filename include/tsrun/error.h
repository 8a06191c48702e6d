// What tsrun throws. Every failure is an Error; no call aborts the process.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace tsrun {

/// The value of a kind is the exit code of the tsrun command.
enum class ErrorKind {
  usage = 2,        ///< wrong call: argument count, type, unknown method or option
  malformed = 3,    ///< file unreadable, damaged, or not TorchScript
  unsupported = 4,  ///< an operator or feature that tsrun lacks
  model = 5,        ///< the model raised, or an operator rejected its arguments
  limit = 6,        ///< memory, depth or step limit exceeded
  internal = 7,     ///< a defect of tsrun
};

/// One line in what(); trace() holds the Python lines that led there, innermost last, empty when there are none.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  Error(ErrorKind kind, const std::string& message, std::string trace)
      : std::runtime_error(message), kind_(kind), trace_(std::move(trace)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& trace() const { return trace_; }

 private:
  ErrorKind kind_;
  std::string trace_;
};

}  // namespace tsrun
