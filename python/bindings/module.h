// The parts of the extension module, one file each.
#pragma once

#include <pybind11/pybind11.h>

namespace sixtops::python {

void add_logging(pybind11::module_& module);
void add_conversion(pybind11::module_& module);
void add_session(pybind11::module_& module);
void add_detection(pybind11::module_& module);
void add_layer_errors(pybind11::module_& module);

}  // namespace sixtops::python
