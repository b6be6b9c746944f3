// Python functions as kernels of Custom nodes: compute(attributes, inputs) → outputs, all NumPy arrays.
#pragma once

#include <pybind11/pybind11.h>

#include <map>
#include <memory>
#include <string>

#include "runtime/session.h"

namespace sixtops::python {

// By operator type. Made and copied with the interpreter's lock, used and freed with or without it.
class CustomNodes {
 public:
  explicit CustomNodes(const std::map<std::string, pybind11::object>& functions);

  // kUnsupported names a type that has no function; what a function raises becomes kUsage with its words.
  Result<std::vector<Tensor>> run(const Node& node, std::span<const Tensor> inputs) const;

 private:
  std::map<std::string, std::shared_ptr<pybind11::object>> functions_;
};

// The same for a session, whose outputs have the types and shapes that the model states.
runtime::CustomOperator custom_operator_of(const std::string& type, const pybind11::object& function);

}  // namespace sixtops::python
