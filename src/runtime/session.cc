#include "runtime/session.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "graph/quantize_tensor.h"

namespace sixtops::runtime {
namespace {

std::vector<TensorDescription> describe(const Graph& graph, const std::vector<ValueId>& ids) {
  std::vector<TensorDescription> descriptions;
  for (const ValueId id : ids) {
    const Value& value = graph.value(id);
    descriptions.push_back({value.name, value.dtype, value.shape.value_or(Shape{}), value.quant});
  }
  return descriptions;
}

// A vendor's compiled file is the most likely wrong file; its constants are laid out for the chip alone.
Status check_kind(const SharedBytes& bytes) {
  if (model::recognize(bytes.span())) return {};
  if (bytes.text().starts_with("RKNN")) {
    return unsupported(
        "a vendor-compiled .rknn file, which runs only on the board; convert the network's source with "
        "'sixtops convert' instead");
  }
  return invalid_data("not a .six file; make one with 'sixtops convert'");
}

}  // namespace

struct Session::State {
  std::shared_ptr<const model::Model> model;
  LoadOptions options;
  std::vector<TensorDescription> inputs;
  std::vector<TensorDescription> outputs;
  std::unique_ptr<LoadedNetwork> network;

  const Graph& graph() const { return model->variants.front(); }

  static Result<std::unique_ptr<State>> make(std::shared_ptr<const model::Model> model, const LoadOptions& options) {
    auto state = std::make_unique<State>();
    state->model = std::move(model);
    state->options = options;
    const Graph& graph = state->graph();
    Device& device = cpu_device();
    for (const Node& node : graph.nodes) {
      if (!device.supports(graph, node)) {
        return unsupported("node '{}': operator {} does not run on device {}", node.name, op_info(node.op).name,
                           device.name());
      }
    }
    state->inputs = describe(graph, graph.inputs);
    state->outputs = describe(graph, graph.outputs);
    state->network = TRY(device.load(graph, options));
    return state;
  }
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const SharedBytes& six, const LoadOptions& options) {
  TRY(check_kind(six));
  auto model = std::make_shared<const model::Model>(TRY(model::read_model(six)));
  // TRY may leave the function, which must not happen between `new` and its owner.
  std::unique_ptr<State> state = TRY(State::make(std::move(model), options));
  return std::unique_ptr<Session>(new Session(std::move(state)));
}

Result<std::unique_ptr<Session>> Session::open_file(const std::string& path, const LoadOptions& options) {
  Result<std::unique_ptr<Session>> session = open(TRY(read_file(path)), options);
  if (!session.ok()) return session.status().with_prefix(path + ": ");
  return session;
}

Result<std::unique_ptr<Session>> Session::duplicate() const {
  std::unique_ptr<State> state = TRY(State::make(state_->model, state_->options));
  return std::unique_ptr<Session>(new Session(std::move(state)));
}

const Graph& Session::graph() const { return state_->graph(); }
const std::vector<TensorDescription>& Session::inputs() const { return state_->inputs; }
const std::vector<TensorDescription>& Session::outputs() const { return state_->outputs; }

Result<std::vector<Tensor>> Session::run(std::span<const Tensor> inputs) {
  const std::vector<TensorDescription>& expected = state_->inputs;
  if (inputs.size() != expected.size()) {
    return usage_error("{} input tensors, the network has {} inputs", inputs.size(), expected.size());
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].dtype() != expected[i].dtype || inputs[i].shape() != expected[i].shape) {
      return usage_error("input '{}' is {}[{}], expected {}[{}]", expected[i].name, dtype_name(inputs[i].dtype()),
                         shape_text(inputs[i].shape()), dtype_name(expected[i].dtype), shape_text(expected[i].shape));
    }
  }
  return state_->network->run(inputs);
}

Result<std::vector<Tensor>> Session::run_float(std::span<const Tensor> inputs) {
  std::vector<Tensor> codes;
  for (size_t i = 0; i < std::min(inputs.size(), state_->inputs.size()); ++i) {
    const TensorDescription& input = state_->inputs[i];
    const bool is_ready = inputs[i].dtype() == input.dtype;
    Result<Tensor> tensor = is_ready ? inputs[i] : quantize_tensor(inputs[i], input.dtype, input.quant);
    if (!tensor.ok()) return tensor.status().with_prefix("input '" + input.name + "': ");
    codes.push_back(std::move(tensor).value());
  }
  std::vector<Tensor> outputs = TRY(run(codes));
  for (size_t i = 0; i < outputs.size(); ++i) {
    outputs[i] = TRY(dequantize_tensor(outputs[i], state_->outputs[i].quant));
  }
  return outputs;
}

void Session::enable_timing(bool on) { state_->network->enable_timing(on); }
std::vector<LayerTime> Session::layer_times() const { return state_->network->layer_times(); }

}  // namespace sixtops::runtime
