// sixtops._core: what the packages `sixtops`, `rknn` and `rknnlite` are made of. It only hands on; every decision is
// made in C++ below or in Python above.
#include "bindings/module.h"

#include "base/version.h"
#include "bindings/failure.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;

const char* code_name(StatusCode code) {
  switch (code) {
    case StatusCode::kUsage:
      return "usage";
    case StatusCode::kInvalidData:
      return "invalid data";
    case StatusCode::kUnsupported:
      return "unsupported";
    case StatusCode::kNotFound:
      return "not found";
    case StatusCode::kIo:
      return "input or output";
    case StatusCode::kResource:
      return "resource";
    default:
      return "internal";
  }
}

void add_error(py::module_& module) {
  static py::handle type = py::exception<Failure>(module, "Error", PyExc_RuntimeError).release();
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const Failure& failure) {
      py::object error = py::reinterpret_borrow<py::object>(type)(failure.what());
      error.attr("code") = code_name(failure.code());
      PyErr_SetObject(type.ptr(), error.ptr());
    }
  });
}

}  // namespace
}  // namespace sixtops::python

PYBIND11_MODULE(_core, module) {
  module.attr("__version__") = sixtops::kVersion;
  sixtops::python::add_error(module);
  sixtops::python::add_logging(module);
  sixtops::python::add_conversion(module);
  sixtops::python::add_session(module);
  sixtops::python::add_detection(module);
  sixtops::python::add_layer_errors(module);
}
