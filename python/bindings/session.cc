// sixtops._core.Session: opens .six bytes, takes and gives NumPy arrays.
//
// Two ways to run, as in C++. run(): tensors in the network's own form, all at once. set_input(), run_set(),
// output(): values before mean and std, NCHW or NHWC, copied as programs of the C API have them copied.
#include "bindings/session.h"

#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "base/error.h"
#include "base/file.h"
#include "bindings/arrays.h"
#include "bindings/custom_operator.h"
#include "bindings/failure.h"
#include "bindings/module.h"
#include "runtime/memory.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;
using runtime::AxisOrder;
using runtime::BorderTensor;
using runtime::Inference;
using runtime::MemoryLayout;

std::unique_ptr<PythonSession> open_session(const SharedBytes& six, const std::string& source, int threads) {
  auto session = std::make_unique<PythonSession>();
  session->source = source;
  runtime::InferenceOptions options;
  options.load.threads = threads;
  options.time_layers = true;
  Result<std::unique_ptr<Inference>> inference = Inference::open(six, options);
  if (!inference.ok()) throw Failure(inference.status().with_prefix(source + ": "));
  session->inference = std::move(inference).value();
  return session;
}

std::unique_ptr<PythonSession> open_file(const std::string& path, int threads) {
  return open_session(value_of(read_file(path)), path, threads);
}

std::unique_ptr<PythonSession> open_bytes(const py::bytes& bytes, const std::string& name, int threads) {
  const auto view = static_cast<std::string_view>(bytes);
  const auto* begin = reinterpret_cast<const std::byte*>(view.data());
  return open_session(SharedBytes::own({begin, begin + view.size()}), name, threads);
}

// Calls f with the session's lock instead of the interpreter's.
template <typename F>
auto locked(PythonSession& session, F f) {
  const py::gil_scoped_release unlock;
  const std::lock_guard lock(session.mutex);
  return f(*session.inference);
}

const BorderTensor& border(const std::vector<BorderTensor>& tensors, size_t index, const char* side) {
  if (index >= tensors.size()) throw Failure(usage_error("{} {}: the network has {}", side, index, tensors.size()));
  return tensors[index];
}

py::dict describe(const BorderTensor& tensor) {
  py::dict result;
  result["name"] = tensor.name;
  result["dtype"] = numpy_name(tensor.network_dtype);
  result["shape"] = tensor.network_shape;
  result["layout"] = tensor.network_order == AxisOrder::kNchw   ? "nchw"
                     : tensor.network_order == AxisOrder::kNhwc ? "nhwc"
                                                                : "";
  result["scale"] = tensor.quant ? tensor.quant->scale : std::vector<float>{};
  result["zero_point"] = tensor.quant ? tensor.quant->zero_point : std::vector<int32_t>{};
  result["mean"] = tensor.description.mean;
  result["std"] = tensor.description.std;
  return result;
}

std::vector<py::dict> describe_all(const std::vector<BorderTensor>& tensors) {
  std::vector<py::dict> list;
  for (const BorderTensor& tensor : tensors) list.push_back(describe(tensor));
  return list;
}

std::vector<py::array> run_tensors(PythonSession& session, const std::vector<py::array>& arrays, bool as_codes) {
  std::vector<Tensor> inputs;
  for (const py::array& array : arrays) inputs.push_back(tensor_of(array));
  std::vector<Tensor> outputs = value_of(locked(session, [&](Inference& inference) {
    return as_codes ? inference.session().run(inputs) : inference.session().run_float(inputs);
  }));
  std::vector<py::array> result;
  for (const Tensor& output : outputs) result.push_back(array_of(output));
  return result;
}

AxisOrder order_of(const std::string& layout, const BorderTensor& tensor) {
  if (!tensor.has_four_axes()) return AxisOrder::kAsIs;
  if (layout == "nchw") return AxisOrder::kNchw;
  if (layout == "nhwc") return AxisOrder::kNhwc;
  throw Failure(usage_error("layout '{}' of input '{}' is not known, expected nchw or nhwc", layout, tensor.name));
}

void set_input(PythonSession& session, size_t index, const py::array& array, const std::string& layout, bool raw) {
  const BorderTensor& tensor = border(session.inference->inputs(), index, "input");
  const Tensor values = tensor_of(array);
  MemoryLayout form{values.dtype(), order_of(layout, tensor)};
  const Shape expected = runtime::layout_extents(tensor, form);
  if (tensor.is_static() && values.element_count() != tensor.count()) {
    throw Failure(
        usage_error("input '{}' is {}, expected {}", tensor.name, shape_text(values.shape()), shape_text(expected)));
  }
  check(locked(session, [&](Inference& inference) {
    return inference.set_input(index, form, raw ? runtime::Coding::kNetwork : runtime::Coding::kReal,
                               values.bytes().span());
  }));
}

void run_set(PythonSession& session) {
  check(locked(session, [](Inference& inference) { return inference.run().status(); }));
}

py::array get_output(PythonSession& session, size_t index, bool as_float) {
  const BorderTensor& tensor = border(session.inference->outputs(), index, "output");
  MemoryLayout form = runtime::logical_layout(tensor);
  if (as_float) form.dtype = DType::kF32;
  const Tensor values = value_of(locked(session, [&](Inference& inference) -> Result<Tensor> {
    const int64_t elements = TRY(inference.output_elements(index));
    const bool keeps_shape = tensor.is_static() && elements == tensor.count();
    const Shape shape = keeps_shape && tensor.has_four_axes() ? runtime::layout_extents(tensor, form)
                        : keeps_shape                         ? tensor.network_shape
                                                              : Shape{elements};
    const Tensor result = TRY(Tensor::allocate(form.dtype, shape));
    const std::span<std::byte> bytes(const_cast<std::byte*>(result.bytes().data()), result.byte_size());
    TRY(inference.get_output(index, form, bytes));
    return result;
  }));
  return array_of(values);
}

py::dict describe_value(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  py::dict row;
  row["name"] = value.name;
  row["dtype"] = numpy_name(value.dtype);
  row["shape"] = value.shape.value_or(Shape{});
  row["scale"] = value.quant ? value.quant->scale : std::vector<float>{};
  row["zero_point"] = value.quant ? value.quant->zero_point : std::vector<int32_t>{};
  row["constant"] = value.constant.has_value();
  return row;
}

// The network's nodes in order: name, op, precision, and the values that they read and write.
std::vector<py::dict> describe_nodes(const Graph& graph) {
  std::vector<py::dict> rows;
  for (const Node& node : graph.nodes) {
    py::dict row;
    row["name"] = node.name;
    row["op"] = std::string(op_info(node.op).name);
    row["precision"] = std::string(precision_name(node.precision));
    const auto values = [&](const std::vector<ValueId>& ids) {
      std::vector<py::dict> list;
      for (const ValueId id : ids) {
        if (id != kNoValue) list.push_back(describe_value(graph, id));
      }
      return list;
    };
    row["inputs"] = values(node.inputs);
    row["outputs"] = values(node.outputs);
    rows.push_back(std::move(row));
  }
  return rows;
}

py::dict describe_memory(const PythonSession& session) {
  const runtime::MemoryNeed need = session.inference->memory_need();
  py::dict result;
  result["constants"] = need.constants;
  result["tensors"] = need.tensors;
  return result;
}

std::vector<std::vector<Shape>> shape_sets(const Inference& inference) {
  std::vector<std::vector<Shape>> sets;
  for (size_t set = 0; set < inference.shape_set_count(); ++set) {
    std::vector<Shape>& shapes = sets.emplace_back();
    for (const BorderTensor& tensor : inference.inputs_of_set(set)) shapes.push_back(tensor.network_shape);
  }
  return sets;
}

}  // namespace

void add_session(py::module_& module) {
  py::class_<PythonSession>(module, "Session")
      .def_static("open_file", open_file, py::arg("path"), py::arg("threads") = 0)
      .def_static("open_bytes", open_bytes, py::arg("six"), py::arg("name"), py::arg("threads") = 0)
      .def_property_readonly("inputs", [](const PythonSession& s) { return describe_all(s.inference->inputs()); })
      .def_property_readonly("outputs", [](const PythonSession& s) { return describe_all(s.inference->outputs()); })
      .def_property_readonly("custom_text", [](const PythonSession& s) { return s.inference->session().custom_text(); })
      .def_property_readonly("nodes",
                             [](const PythonSession& s) { return describe_nodes(s.inference->session().graph()); })
      .def_property_readonly("memory", describe_memory)
      .def_property_readonly("shape_sets", [](const PythonSession& s) { return shape_sets(*s.inference); })
      .def(
          "choose_shape_set",
          [](PythonSession& s, size_t set) {
            check(locked(s, [&](Inference& inference) { return inference.choose_shape_set(set); }));
          },
          py::arg("index"))
      .def("run", run_tensors, py::arg("inputs"), py::arg("as_codes") = false)
      .def("set_input", set_input, py::arg("index"), py::arg("array"), py::arg("layout"), py::arg("raw") = false)
      .def("run_set", run_set)
      .def("output", get_output, py::arg("index"), py::arg("as_float") = true)
      .def(
          "set_custom_operator",
          [](PythonSession& s, const std::string& type, const py::object& compute) {
            s.inference->session().set_custom_operator(type, custom_operator_of(type, compute));
          },
          py::arg("type"), py::arg("compute"));
}

}  // namespace sixtops::python
