#include "bindings/custom_operator.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstring>

#include "base/error.h"
#include "bindings/arrays.h"
#include "bindings/failure.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;

py::object attribute_value(const Attribute& attribute) {
  return std::visit(
      [](const auto& value) -> py::object {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Tensor>) {
          return array_of(value);
        } else {
          return py::cast(value);
        }
      },
      attribute);
}

py::dict attributes_of(const Node& node) {
  py::dict attributes;
  attributes["name"] = node.name;
  for (const auto& [name, value] : node.attributes) attributes[py::str(name)] = attribute_value(value);
  return attributes;
}

Result<std::vector<Tensor>> compute(const py::object& function, const Node& node, std::span<const Tensor> inputs) {
  const py::gil_scoped_acquire lock;
  try {
    py::list arrays;
    for (const Tensor& input : inputs) arrays.append(array_of(input));
    std::vector<Tensor> outputs;
    for (const py::handle answer : function(attributes_of(node), arrays)) {
      const auto array = py::array::ensure(answer);
      if (!array) return usage_error("node '{}': compute returned something that is no array", node.name);
      outputs.push_back(tensor_of(array));
    }
    if (outputs.size() == node.outputs.size()) return outputs;
    return usage_error("node '{}': compute returned {} outputs, expected {}", node.name, outputs.size(),
                       node.outputs.size());
  } catch (const Failure& failure) {
    return Status(failure.code(), failure.what());
  } catch (const std::exception& error) {  // of the function itself
    return usage_error("node '{}': compute failed: {}", node.name, error.what());
  }
}

}  // namespace

CustomNodes::CustomNodes(const std::map<std::string, py::object>& functions) {
  for (const auto& [type, function] : functions) {
    functions_[type] = std::shared_ptr<py::object>(new py::object(function), [](py::object* object) {
      const py::gil_scoped_acquire lock;
      delete object;
    });
  }
}

Result<std::vector<Tensor>> CustomNodes::run(const Node& node, std::span<const Tensor> inputs) const {
  const auto found = functions_.find(node.get_text("type"));
  if (found == functions_.end()) {
    return unsupported("node '{}': no class is registered for custom operator '{}'; register one with reg_custom_op",
                       node.name, node.get_text("type"));
  }
  return compute(*found->second, node, inputs);
}

runtime::CustomOperator custom_operator_of(const std::string& type, const py::object& function) {
  const CustomNodes nodes({{type, function}});
  return [nodes](const Graph&, const Node& node, std::span<const Tensor> inputs, std::span<Tensor> outputs) -> Status {
    const std::vector<Tensor> answers = TRY(nodes.run(node, inputs));
    for (size_t i = 0; i < outputs.size(); ++i) {
      const Tensor answer = TRY(cast(answers[i], outputs[i].dtype()));
      if (answer.shape() != outputs[i].shape()) {
        return usage_error("output {} of compute has the shape {}, the model states {}", i, shape_text(answer.shape()),
                           shape_text(outputs[i].shape()));
      }
      if (answer.byte_size() > 0) {
        std::memcpy(const_cast<std::byte*>(outputs[i].bytes().data()), answer.bytes().data(), answer.byte_size());
      }
    }
    return {};
  };
}

}  // namespace sixtops::python
