// What the libraries log goes to a Python function: handler(level, message), level "E", "W", "I" or "D".
#include <pybind11/functional.h>

#include <mutex>

#include "base/log.h"
#include "bindings/module.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;

const char* letter(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return "E";
    case LogLevel::kWarning:
      return "W";
    case LogLevel::kInfo:
      return "I";
    default:
      return "D";
  }
}

// Threads of the pool may log at any time: the sink itself never changes, only what it calls.
class Handler {
 public:
  // REQUIRES, as call(): holds the interpreter's lock.
  void set(py::object handler) { handler_ = std::move(handler); }
  void call(LogLevel level, const std::string& message) const {
    if (!handler_ || handler_.is_none()) return;
    try {
      handler_(letter(level), message);
    } catch (py::error_already_set& error) {
      error.discard_as_unraisable("the log handler of sixtops");
    }
  }

 private:
  py::object handler_;
};

Handler& handler() {
  static auto* one = new Handler();  // never destroyed: the interpreter may be gone by then
  return *one;
}

}  // namespace

void add_logging(py::module_& module) {
  set_log_sink([](LogLevel level, const std::string& message) {
    if (Py_IsInitialized() == 0) return;
    const py::gil_scoped_acquire lock;
    handler().call(level, message);
  });
  module.def("set_log_handler", [](py::object function) { handler().set(std::move(function)); });
}

}  // namespace sixtops::python
