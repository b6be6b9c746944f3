#include "runtime/session.h"

#include <algorithm>
#include <map>
#include <utility>

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
        "a vendor-compiled .rknn file, which runs only on the board; convert the network's source (its .onnx file) "
        "with "
        "'sixtops convert' and give the .six file instead");
  }
  return invalid_data("not a .six file; make one with 'sixtops convert'");
}

// One set of input shapes.
struct Variant {
  std::vector<TensorDescription> inputs;
  std::vector<TensorDescription> outputs;
  std::unique_ptr<LoadedNetwork> network;  // null until it is chosen for the first time
};

size_t largest_variant(const model::Model& model) {
  const auto elements = [](const Graph& graph) {
    double count = 0;
    for (const ValueId id : graph.inputs) {
      double product = 1;
      for (const int64_t extent : graph.value(id).shape.value_or(Shape{})) product *= static_cast<double>(extent);
      count += product;
    }
    return count;
  };
  size_t largest = 0;
  for (size_t i = 1; i < model.variants.size(); ++i) {
    if (elements(model.variants[i]) > elements(model.variants[largest])) largest = i;
  }
  return largest;
}

}  // namespace

struct Session::State {
  std::shared_ptr<const model::Model> model;
  LoadOptions options;
  std::vector<Variant> variants;  // as model->variants
  size_t chosen = 0;
  bool timing = false;
  std::vector<Tensor> dequantized;  // of the last run_float: written again when the caller has let them go
  std::map<std::string, CustomOperator> custom_operators;

  const Graph& graph() const { return model->variants[chosen]; }
  const Variant& variant() const { return variants[chosen]; }

  static Result<std::unique_ptr<State>> make(std::shared_ptr<const model::Model> model, const LoadOptions& options) {
    auto state = std::make_unique<State>();
    state->model = std::move(model);
    state->options = options;
    state->options.run_custom = [raw = state.get()](const Node& node, std::span<const Tensor> inputs) {
      return raw->run_custom(node, inputs);
    };
    Device& device = cpu_device();
    for (const Graph& graph : state->model->variants) {
      for (const Node& node : graph.nodes) {
        if (!device.supports(graph, node)) {
          return unsupported("node '{}': operator {} does not run on device {}", node.name, op_info(node.op).name,
                             device.name());
        }
      }
      state->variants.push_back({describe(graph, graph.inputs), describe(graph, graph.outputs), nullptr});
    }
    TRY(state->choose(largest_variant(*state->model)));
    return state;
  }

  Status choose(size_t index) {
    if (index >= variants.size()) return usage_error("no variant {}, the model has {}", index, variants.size());
    Variant& variant = variants[index];
    if (variant.network == nullptr) variant.network = TRY(cpu_device().load(model->variants[index], options));
    variant.network->enable_timing(timing);
    chosen = index;
    return {};
  }

  Result<std::vector<Tensor>> run_custom(const Node& node, std::span<const Tensor> inputs) const {
    const std::string& type = node.get_text("type");
    const auto found = custom_operators.find(type);
    if (found == custom_operators.end()) {
      return unsupported("node '{}': no callback is registered for custom op '{}'; register one before the run",
                         node.name, type);
    }
    const auto is_real = [](DType dtype) { return is_float(dtype); };
    std::vector<Tensor> operands(inputs.begin(), inputs.end());
    for (Tensor& operand : operands) {
      if (is_real(operand.dtype())) operand = TRY(cast(operand, DType::kF32));
    }
    std::vector<Tensor> outputs;
    for (const ValueId id : node.outputs) {
      if (id == kNoValue) {
        outputs.emplace_back();
        continue;
      }
      const Value& value = graph().value(id);
      if (!value.shape || !is_static(*value.shape)) {
        return unsupported("node '{}': the shape of its output '{}' is not known", node.name, value.name);
      }
      outputs.push_back(TRY(Tensor::allocate(is_real(value.dtype) ? DType::kF32 : value.dtype, *value.shape)));
    }
    const Status status = found->second(graph(), node, operands, outputs);
    if (!status.ok()) return status.with_prefix("custom node '" + node.name + "': ");
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (node.has_output(i)) outputs[i] = TRY(cast(outputs[i], graph().value(node.outputs[i]).dtype));
    }
    return outputs;
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

size_t Session::variant_count() const { return state_->variants.size(); }
const Graph& Session::variant(size_t index) const { return state_->model->variants[index]; }
size_t Session::chosen_variant() const { return state_->chosen; }
Status Session::choose_variant(size_t index) { return state_->choose(index); }
const std::string& Session::custom_text() const { return state_->model->custom_text; }
void Session::set_custom_operator(const std::string& type, CustomOperator run) {
  state_->custom_operators[type] = std::move(run);
}

const Graph& Session::graph() const { return state_->graph(); }
const std::vector<TensorDescription>& Session::inputs() const { return state_->variant().inputs; }
const std::vector<TensorDescription>& Session::outputs() const { return state_->variant().outputs; }

Result<std::vector<Tensor>> Session::run(std::span<const Tensor> inputs) {
  const std::vector<TensorDescription>& expected = state_->variant().inputs;
  if (inputs.size() != expected.size()) {
    return usage_error("{} input tensors, the network has {} inputs", inputs.size(), expected.size());
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].dtype() != expected[i].dtype || inputs[i].shape() != expected[i].shape) {
      return usage_error("input '{}' is {}[{}], expected {}[{}]", expected[i].name, dtype_name(inputs[i].dtype()),
                         shape_text(inputs[i].shape()), dtype_name(expected[i].dtype), shape_text(expected[i].shape));
    }
  }
  return state_->variant().network->run(inputs);
}

Result<std::vector<Tensor>> Session::run_float(std::span<const Tensor> inputs) {
  std::vector<Tensor> codes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (i >= this->inputs().size()) {
      codes.push_back(inputs[i]);  // run() says how many are expected
      continue;
    }
    const TensorDescription& input = this->inputs()[i];
    const bool is_ready = inputs[i].dtype() == input.dtype;
    Result<Tensor> tensor = is_ready ? inputs[i] : quantize_tensor(inputs[i], input.dtype, input.quant);
    if (!tensor.ok()) return tensor.status().with_prefix("input '" + input.name + "': ");
    codes.push_back(std::move(tensor).value());
  }
  std::vector<Tensor> outputs = TRY(run(codes));
  state_->dequantized.resize(outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (is_float(outputs[i].dtype())) {
      outputs[i] = TRY(cast(outputs[i], DType::kF32));
      continue;
    }
    Tensor& kept = state_->dequantized[i];
    kept = TRY(dequantize_tensor(outputs[i], this->outputs()[i].quant, std::exchange(kept, {})));
    outputs[i] = kept;
  }
  return outputs;
}

void Session::enable_timing(bool on) {
  state_->timing = on;
  state_->variant().network->enable_timing(on);
}
std::vector<LayerTime> Session::layer_times() const { return state_->variant().network->layer_times(); }

}  // namespace sixtops::runtime
