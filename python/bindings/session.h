// A session as Python holds it: a model that is ready to run, one run at a time.
#pragma once

#include <memory>
#include <mutex>

#include "runtime/inference.h"

namespace sixtops::python {

struct PythonSession {
  std::string source;  // for messages
  std::unique_ptr<runtime::Inference> inference;
  // Python's threads may share a session; a call that leaves Python's own lock holds this one.
  std::mutex mutex;
};

}  // namespace sixtops::python
