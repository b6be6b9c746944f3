// sixtops._core.measure_layers: golden against simulated, a layer at a time.
#include "convert/layer_errors.h"

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include "bindings/arrays.h"
#include "bindings/custom_operator.h"
#include "bindings/failure.h"
#include "bindings/module.h"
#include "bindings/session.h"
#include "convert/sample_list.h"
#include "cpu/engine/run_node.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;

void measure(const PythonSession& golden, const PythonSession& network, const std::vector<std::string>& files,
             const std::map<std::string, py::object>& custom_operators, const py::function& on_layer) {
  const Graph& golden_graph = golden.inference->session().graph();
  const Graph& graph = network.inference->session().graph();
  const CustomNodes custom(custom_operators);
  std::unique_ptr<py::error_already_set> raised;
  const Status status = [&]() -> Status {
    const py::gil_scoped_release unlock;
    const std::vector<Tensor> sample = TRY(convert::load_sample(files, golden_graph));
    const auto run_node = [&](const Node& node, std::span<const Tensor> inputs) {
      return node.op == Op::kCustom ? custom.run(node, inputs) : cpu::engine::run_node(node, inputs);
    };
    return convert::measure_layers(
        golden_graph, graph, sample, run_node,
        [&](const convert::LayerError& error, const Tensor& expected, const Tensor& actual) -> Status {
          const py::gil_scoped_acquire lock;
          try {
            on_layer(error.op, error.tensor, error.entire.cosine, error.entire.euclidean, error.single.cosine,
                     error.single.euclidean, array_of(expected), array_of(actual));
          } catch (py::error_already_set& failure) {
            raised = std::make_unique<py::error_already_set>(std::move(failure));
            return Status(StatusCode::kUsage, "the layer could not be reported");
          }
          return {};
        });
  }();
  if (raised) throw py::error_already_set(*raised);
  check(status);
}

}  // namespace

void add_layer_errors(py::module_& module) {
  module.def("measure_layers", measure, py::arg("golden"), py::arg("network"), py::arg("files"),
             py::arg("custom_operators"), py::arg("on_layer"));
}

}  // namespace sixtops::python
