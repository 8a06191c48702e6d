// The future of a fork that failed.
#pragma once
#include "tsrun/error.h"
#include "tsrun/value.h"

namespace tsrun {

/// What a fork whose body raised leaves behind; waiting for it raises the error.
struct FailedFuture : FutureObject {
  FailedFuture(Error e, TypeRef t) : FutureObject(Value(), std::move(t)), error(std::move(e)) {}
  Error error;
};

}  // namespace tsrun
