// How a Status leaves C++: as the Python exception sixtops.Error, whose `code` is the kind of failure.
#pragma once

#include <stdexcept>

#include "base/status.h"

namespace sixtops::python {

class Failure : public std::runtime_error {
 public:
  explicit Failure(const Status& status) : std::runtime_error(status.message()), code_(status.code()) {}
  StatusCode code() const { return code_; }

 private:
  StatusCode code_;
};

inline void check(const Status& status) {
  if (!status.ok()) throw Failure(status);
}

template <typename T>
T value_of(Result<T> result) {
  if (!result.ok()) throw Failure(result.status());
  return std::move(result).value();
}

}  // namespace sixtops::python
