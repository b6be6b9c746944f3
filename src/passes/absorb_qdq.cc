// The normal form of a network that its exporter quantized (QuantizeLinear and DequantizeLinear around every operator).
//
// This pass rewrites no arithmetic: behind it a layer is still
//   Conv(DequantizeLinear(x codes), DequantizeLinear(w codes), DequantizeLinear(b codes)) → QuantizeLinear
// and quantize/ turns such patterns into integer nodes, because multipliers, shifts and biases are made there alone.
// What it settles:
//   - codes are signed: uint8 codes, zero points and constants shift by -128, through the operators that move codes;
//   - weights that the exporter left as QuantizeLinear(float constant) are codes;
//   - QuantizeLinear of DequantizeLinear with the same parameters is gone;
//   - every tensor of codes says in Value::quant what they mean;
//   - inputs and outputs are real numbers: an input of codes becomes their real value, followed by a QuantizeLinear,
//     and an output of codes is followed by a DequantizeLinear. A picture input gets the mean and std that its scale
//     and zero point stand for.
//
// Left alone: nodes whose parameters are not bound as attributes, and unsigned codes that other operators read.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "cpu/reference/kernel.h"
#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

constexpr int kSignShift = 128;

DType code_type(const Graph& graph, const Node& node) {
  return graph.value(node.op == Op::kQuantizeLinear ? node.outputs[0] : node.inputs[0]).dtype;
}

// A QuantizeLinear or DequantizeLinear whose parameters are attributes that fit the type of its codes.
bool is_bound(const Graph& graph, const Node& node, Op op) {
  if (node.op != op || node.inputs.size() != 1 || !node.has("scale") || !node.has("zero_point")) return false;
  if (!node.has_output(0)) return false;  // made a constant
  const Floats& scale = node.get_floats("scale");
  const Ints& zero_point = node.get_ints("zero_point");
  return std::all_of(scale.begin(), scale.end(), [](float s) { return std::isfinite(s); }) &&
         visit_dtype(code_type(graph, node), [&]<typename T>(T) {
           if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
             return std::all_of(zero_point.begin(), zero_point.end(), [](int64_t z) { return std::in_range<T>(z); });
           }
           return false;
         });
}

// Operators that hand codes on as they are, from all their operands or the first.
bool moves_codes(const Node& node) {
  switch (node.op) {
    case Op::kIdentity:
    case Op::kReshape:
    case Op::kTranspose:
    case Op::kFlatten:
    case Op::kSqueeze:
    case Op::kUnsqueeze:
    case Op::kConcat:
    case Op::kSplit:
    case Op::kSlice:
    case Op::kExpand:
    case Op::kTile:
    case Op::kDepthToSpace:
    case Op::kSpaceToDepth:
      return true;
    case Op::kMaxPool:
      return node.outputs.size() == 1;
    default:
      return false;
  }
}

bool same_parameters(const Node& a, const Node& b) {
  return a.get_floats("scale") == b.get_floats("scale") && a.get_ints("zero_point") == b.get_ints("zero_point") &&
         (a.get_floats("scale").size() == 1 || a.get_int("axis") == b.get_int("axis"));
}

// ---- constants and pairs

Status quantize_constants(GraphEditor& editor) {
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    const Tensor* real =
        is_bound(editor.graph(), node, Op::kQuantizeLinear) ? editor.graph().constant(node.inputs[0]) : nullptr;
    if (real == nullptr || editor.is_output(node.outputs[0])) continue;
    std::vector<Tensor> codes = TRY(cpu::reference::run_node(node, std::span(real, 1)));
    editor.make_constant(node.outputs[0], std::move(codes[0]));
  }
  return {};
}

void cancel_pairs(GraphEditor& editor) {
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    if (!is_bound(editor.graph(), node, Op::kQuantizeLinear)) continue;
    const Node* inner = editor.producer(node.inputs[0], Op::kDequantizeLinear);
    if (inner == nullptr || !is_bound(editor.graph(), *inner, Op::kDequantizeLinear) || !same_parameters(node, *inner))
      continue;
    const Graph& graph = editor.graph();
    if (graph.value(inner->inputs[0]).dtype == graph.value(node.outputs[0]).dtype) {
      editor.replace(node.outputs[0], inner->inputs[0]);
    }
  }
}

// ---- inputs and outputs

// 1 or 3 for a batch of pictures, channels first or last; 0 for other data.
int64_t picture_channels(const Value& value) {
  if (!value.shape || value.shape->size() != 4) return 0;
  for (const size_t axis : {size_t{1}, size_t{3}}) {
    const int64_t extent = (*value.shape)[axis];
    if (extent == 1 || extent == 3) return extent;
  }
  return 0;
}

// Code p stands for (p - zero point) · scale = (byte - mean) / std.
void describe_picture(Graph& graph, size_t input, const Node& dequantize) {
  const Value& value = graph.value(graph.inputs[input]);
  const int64_t channels = picture_channels(value);
  if (channels == 0 || dequantize.get_floats("scale")[0] <= 0) return;
  if (graph.input_descriptions.empty()) graph.input_descriptions.resize(graph.inputs.size());
  InputDescription& description = graph.input_descriptions[input];
  if (!description.mean.empty() || !description.std.empty()) return;
  const int64_t first_byte = value.dtype == DType::kU8 ? 0 : -kSignShift;
  description.is_picture = true;
  const auto count = static_cast<size_t>(channels);
  description.mean.assign(count, static_cast<float>(dequantize.get_ints("zero_point")[0] - first_byte));
  description.std.assign(count, 1 / dequantize.get_floats("scale")[0]);
}

void make_input_real(GraphEditor& editor, size_t input) {
  Graph& graph = editor.graph();
  const ValueId id = graph.inputs[input];
  const DType dtype = graph.value(id).dtype;
  const std::vector<int> readers = editor.readers(id);
  if ((dtype != DType::kU8 && dtype != DType::kI8) || readers.empty() || editor.is_output(id)) return;
  const Node first = editor.node(readers[0]);
  for (const int reader : readers) {
    const Node& node = editor.node(reader);
    if (!is_bound(editor.graph(), node, Op::kDequantizeLinear) || node.get_floats("scale").size() != 1) return;
    if (!same_parameters(node, first)) return;
  }
  describe_picture(graph, input, first);
  Node quantize;
  quantize.op = Op::kQuantizeLinear;
  quantize.name = first.name;
  quantize.attributes = first.attributes;
  quantize.attributes.set("to", std::string(dtype_name(dtype)));
  quantize.inputs = {id};
  quantize.outputs = {editor.add_value(graph.value(id).name + ".codes", dtype, graph.value(id).shape)};
  const ValueId codes = quantize.outputs[0];
  for (const int reader : readers) editor.set_inputs(reader, {codes});
  editor.add_node(std::move(quantize));
  graph.value(id).dtype = DType::kF32;
}

void make_output_real(GraphEditor& editor, ValueId codes) {
  Graph& graph = editor.graph();
  const Node* quantize = editor.producer(codes, Op::kQuantizeLinear);
  // The list of outputs may name a tensor twice.
  if (quantize == nullptr || !editor.is_output(codes) || !is_bound(graph, *quantize, Op::kQuantizeLinear)) return;
  Node dequantize;
  dequantize.op = Op::kDequantizeLinear;
  dequantize.name = quantize->name;
  dequantize.attributes = quantize->attributes;
  dequantize.attributes.erase("to");
  dequantize.inputs = {codes};
  dequantize.outputs = {editor.add_value(graph.value(codes).name + ".codes", DType::kF32, graph.value(codes).shape)};
  const ValueId real = dequantize.outputs[0];
  editor.add_node(std::move(dequantize));
  editor.hand_out(codes, real);
}

// ---- signed codes

// Tensors of uint8 codes that are one after the other by movement alone.
class CodeGroup {
 public:
  CodeGroup(GraphEditor& editor, ValueId first) : editor_(editor), is_closed_(collect(first)) {}

  bool is_closed() const { return is_closed_; }
  const std::set<ValueId>& values() const { return values_; }

  Status make_signed() {
    for (const int n : quantizers_) {
      shift_zero_points(editor_.node(n));
      editor_.node(n).attributes.set("to", std::string(dtype_name(DType::kI8)));
    }
    for (const int n : dequantizers_) shift_zero_points(editor_.node(n));
    for (const ValueId id : values_) {
      Value& value = editor_.graph().value(id);
      value.dtype = DType::kI8;
      if (value.constant) value.constant = TRY(shifted(*value.constant));
    }
    return {};
  }

 private:
  static void shift_zero_points(Node& node) {
    Ints zero_points = node.get_ints("zero_point");
    for (int64_t& zero_point : zero_points) zero_point -= kSignShift;
    node.attributes.set("zero_point", std::move(zero_points));
  }

  static Result<Tensor> shifted(const Tensor& codes) {
    Tensor result = TRY(Tensor::allocate(DType::kI8, codes.shape()));
    const std::span<const uint8_t> from = codes.values<uint8_t>();
    std::transform(from.begin(), from.end(), result.mutable_values<int8_t>().begin(),
                   [](uint8_t code) { return static_cast<int8_t>(code - kSignShift); });
    return result;
  }

  bool collect(ValueId first) {
    std::vector<ValueId> open = {first};
    bool closed = true;
    while (!open.empty()) {
      const ValueId id = open.back();
      open.pop_back();
      if (!values_.insert(id).second) continue;
      const int producer = editor_.producer_index(id);
      if (editor_.is_output(id) || (producer == Uses::kNobody && !editor_.graph().value(id).constant)) closed = false;
      if (producer != Uses::kNobody) closed = visit_producer(producer, open) && closed;
      for (const int reader : editor_.readers(id)) closed = visit_reader(reader, open) && closed;
    }
    return closed;
  }

  bool visit_producer(int index, std::vector<ValueId>& open) {
    const Node& node = editor_.node(index);
    if (is_bound(editor_.graph(), node, Op::kQuantizeLinear)) {
      quantizers_.insert(index);
      return true;
    }
    return moves_codes(node) && follow(node, open);
  }

  bool visit_reader(int index, std::vector<ValueId>& open) {
    const Node& node = editor_.node(index);
    if (is_bound(editor_.graph(), node, Op::kDequantizeLinear)) {
      dequantizers_.insert(index);
      return true;
    }
    return moves_codes(node) && follow(node, open);
  }

  // All codes that a moving node reads and writes belong together.
  bool follow(const Node& node, std::vector<ValueId>& open) {
    for (const auto* ids : {&node.inputs, &node.outputs}) {
      for (const ValueId id : *ids) {
        if (id != kNoValue && editor_.graph().value(id).dtype == DType::kU8) open.push_back(id);
      }
    }
    return true;
  }

  GraphEditor& editor_;
  std::set<ValueId> values_;
  std::set<int> quantizers_;
  std::set<int> dequantizers_;
  bool is_closed_;
};

Status make_codes_signed(GraphEditor& editor) {
  std::set<ValueId> seen;
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    ValueId codes = kNoValue;
    if (is_bound(editor.graph(), node, Op::kQuantizeLinear)) codes = node.outputs[0];
    if (is_bound(editor.graph(), node, Op::kDequantizeLinear)) codes = node.inputs[0];
    if (codes == kNoValue || editor.graph().value(codes).dtype != DType::kU8 || seen.count(codes) > 0) continue;
    CodeGroup group(editor, codes);
    seen.insert(group.values().begin(), group.values().end());
    if (group.is_closed()) TRY(group.make_signed());
  }
  return {};
}

// ---- meaning of codes

std::optional<QuantParams> parameters(const Node& node, const Value& codes) {
  QuantParams quant;
  quant.scale = node.get_floats("scale");
  for (const int64_t zero_point : node.get_ints("zero_point")) {
    quant.zero_point.push_back(static_cast<int32_t>(zero_point));
  }
  if (quant.scale.size() == 1) return quant;
  if (!codes.shape) return std::nullopt;
  const Result<int> axis = normalize_axis(node.get_int("axis"), static_cast<int>(codes.shape->size()));
  if (!axis.ok()) return std::nullopt;
  quant.axis = *axis;
  return quant;
}

void write_meanings(Graph& graph) {
  for (const Node& node : graph.nodes) {
    ValueId codes = kNoValue;
    if (is_bound(graph, node, Op::kQuantizeLinear)) codes = node.outputs[0];
    if (is_bound(graph, node, Op::kDequantizeLinear)) codes = node.inputs[0];
    if (codes != kNoValue && !graph.value(codes).quant) graph.value(codes).quant = parameters(node, graph.value(codes));
  }
}

}  // namespace

Status absorb_qdq(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  TRY(quantize_constants(editor));
  cancel_pairs(editor);
  for (size_t i = 0; i < graph.inputs.size(); ++i) make_input_real(editor, i);
  for (const ValueId id : std::vector<ValueId>(graph.outputs)) make_output_real(editor, id);
  TRY(make_codes_signed(editor));
  TRY(editor.finish());
  write_meanings(graph);
  return {};
}

}  // namespace sixtops::passes
