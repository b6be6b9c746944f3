#include <flatbuffers/flatbuffers.h>
#include <six_generated.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "graph/verify.h"
#include "model/container.h"
#include "model/model.h"

namespace sixtops::model {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

// FlatBuffers addresses 2 GiB; a graph description near that is no network.
constexpr size_t kMaxGraphBytes = size_t{1} << 30;

// The `constants` section: each content stands in it once, whoever and how many use it.
class ConstantStore {
 public:
  uint64_t add(const Tensor& tensor) {
    const auto [it, is_new] = offsets_.try_emplace(tensor.bytes().text(), bytes_.size());
    if (is_new) {
      kept_.push_back(tensor.bytes());
      const ByteSpan bytes = tensor.bytes().span();
      bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
      bytes_.resize((bytes_.size() + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment);
    }
    return it->second;
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
  std::vector<SharedBytes> kept_;  // owns what the keys look at
  std::unordered_map<std::string_view, uint64_t> offsets_;
};

class GraphWriter {
 public:
  GraphWriter(FlatBufferBuilder& builder, ConstantStore& constants) : builder_(builder), constants_(constants) {}

  Offset<wire::Graph> graph(const Graph& graph) {
    const auto values = each<wire::Value>(graph.values, [&](const Value& v) { return value(v); });
    const auto nodes = each<wire::Node>(graph.nodes, [&](const Node& n) { return node(n); });
    const auto inputs = builder_.CreateVector(graph.inputs);
    const auto outputs = builder_.CreateVector(graph.outputs);
    const auto descriptions = each<wire::InputDescription>(
        graph.input_descriptions, [&](const InputDescription& d) { return input_description(d); });
    const auto hints = task_hints(graph.hints);
    return wire::CreateGraph(builder_, builder_.CreateString(graph.name), values, nodes, inputs, outputs, descriptions,
                             hints);
  }

 private:
  template <typename Wire, typename Items, typename Make>
  Offset<flatbuffers::Vector<Offset<Wire>>> each(const Items& items, const Make& make) {
    std::vector<Offset<Wire>> offsets;
    offsets.reserve(items.size());
    for (const auto& item : items) offsets.push_back(make(item));
    return builder_.CreateVector(offsets);
  }

  Offset<wire::Value> value(const Value& v) {
    const auto name = builder_.CreateString(v.name);
    const auto shape = v.shape ? builder_.CreateVector(*v.shape) : 0;
    const auto quant = v.quant ? quant_params(*v.quant) : 0;
    const bool is_constant = v.constant.has_value();
    return wire::CreateValue(builder_, name, static_cast<uint8_t>(v.dtype), v.shape.has_value(), shape, quant,
                             is_constant, is_constant ? constants_.add(*v.constant) : 0,
                             is_constant ? v.constant->byte_size() : 0);
  }

  Offset<wire::QuantParams> quant_params(const QuantParams& quant) {
    const auto scale = builder_.CreateVector(quant.scale);
    const auto zero_point = builder_.CreateVector(quant.zero_point);
    return wire::CreateQuantParams(builder_, scale, zero_point, quant.axis);
  }

  Offset<wire::Attribute> attribute(const std::string& name, const Attribute& value_of) {
    Offset<flatbuffers::String> text;
    Offset<flatbuffers::Vector<int64_t>> ints;
    Offset<flatbuffers::Vector<float>> floats;
    Offset<flatbuffers::Vector<Offset<flatbuffers::String>>> texts;
    Offset<wire::Value> tensor;
    if (const auto* v = std::get_if<std::string>(&value_of)) text = builder_.CreateString(*v);
    if (const auto* v = std::get_if<Ints>(&value_of)) ints = builder_.CreateVector(*v);
    if (const auto* v = std::get_if<Floats>(&value_of)) floats = builder_.CreateVector(*v);
    if (const auto* v = std::get_if<Texts>(&value_of)) texts = builder_.CreateVectorOfStrings(*v);
    if (const auto* v = std::get_if<Tensor>(&value_of)) {
      tensor = value(Value{.name = name, .dtype = v->dtype(), .shape = v->shape(), .quant = {}, .constant = *v});
    }
    const auto wire_name = builder_.CreateString(name);
    wire::AttributeBuilder result(builder_);
    result.add_name(wire_name);
    result.add_kind(static_cast<uint8_t>(value_of.index()));
    if (const auto* v = std::get_if<int64_t>(&value_of)) result.add_int_value(*v);
    if (const auto* v = std::get_if<float>(&value_of)) result.add_float_value(*v);
    result.add_text(text);
    result.add_ints(ints);
    result.add_floats(floats);
    result.add_texts(texts);
    result.add_tensor(tensor);
    return result.Finish();
  }

  Offset<wire::Node> node(const Node& n) {
    const auto attributes =
        each<wire::Attribute>(n.attributes, [&](const auto& entry) { return attribute(entry.first, entry.second); });
    const auto inputs = builder_.CreateVector(n.inputs);
    const auto outputs = builder_.CreateVector(n.outputs);
    const std::string_view op = op_info(n.op).name;
    return wire::CreateNode(builder_, builder_.CreateSharedString(op.data(), op.size()), builder_.CreateString(n.name),
                            inputs, outputs, attributes, static_cast<uint8_t>(n.precision));
  }

  Offset<wire::InputDescription> input_description(const InputDescription& d) {
    const auto mean = builder_.CreateVector(d.mean);
    const auto std = builder_.CreateVector(d.std);
    return wire::CreateInputDescription(builder_, d.is_picture, mean, std, static_cast<uint8_t>(d.color),
                                        static_cast<uint8_t>(d.resize), d.pad_color);
  }

  Offset<wire::TaskHints> task_hints(const TaskHints& hints) {
    const auto head = builder_.CreateString(std::string(head_name(hints.head)));
    const auto labels = builder_.CreateVectorOfStrings(hints.labels);
    const auto anchors = builder_.CreateVector(hints.anchors);
    const auto strides = builder_.CreateVector(hints.strides);
    const auto grid_scales = builder_.CreateVector(hints.grid_scales);
    return wire::CreateTaskHints(builder_, head, labels, anchors, strides, grid_scales, hints.normalized_boxes);
  }

  FlatBufferBuilder& builder_;
  ConstantStore& constants_;
};

// What the description takes beside fixed fields: enough to refuse, before FlatBuffers asserts, what it cannot address.
size_t variable_bytes(const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute)) return text->size();
  if (const auto* ints = std::get_if<Ints>(&attribute)) return ints->size() * sizeof(int64_t);
  if (const auto* floats = std::get_if<Floats>(&attribute)) return floats->size() * sizeof(float);
  size_t bytes = 0;
  if (const auto* texts = std::get_if<Texts>(&attribute)) {
    for (const std::string& text : *texts) bytes += text.size() + 16;
  }
  return bytes;
}

Status check_description_size(const Graph& graph) {
  size_t bytes = 0;
  for (const Value& value : graph.values) bytes += value.name.size() + 256;
  for (const Node& node : graph.nodes) {
    bytes += node.name.size() + 256 + 4 * (node.inputs.size() + node.outputs.size());
    for (const auto& [name, attribute] : node.attributes) bytes += name.size() + 128 + variable_bytes(attribute);
  }
  if (bytes > kMaxGraphBytes) {
    return resource_error("graph '{}': its description needs {} bytes, the format allows {}", graph.name, bytes,
                          kMaxGraphBytes);
  }
  return {};
}

}  // namespace

Result<std::vector<std::byte>> write_model(const Model& model) {
  if (model.variants.empty()) return internal_error("a model without a graph cannot be written");
  FlatBufferBuilder builder(size_t{1} << 16);
  ConstantStore constants;
  std::vector<Offset<wire::Graph>> variants;
  for (const Graph& graph : model.variants) {
    TRY(verify(graph, VerifyLevel::kStatic));
    TRY(check_description_size(graph));
    variants.push_back(GraphWriter(builder, constants).graph(graph));
  }
  const auto wire_variants = builder.CreateVector(variants);
  const auto producer = builder.CreateString(model.producer);
  const auto custom_text = builder.CreateString(model.custom_text);
  builder.Finish(wire::CreateModel(builder, wire_variants, producer, custom_text));

  const auto description = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  Container container{kFormatVersion, kArithmeticVersion, {}};
  container.sections.push_back({kGraphSection, SharedBytes(nullptr, description)});
  container.sections.push_back({kConstantsSection, SharedBytes::own(constants.take())});
  return write_container(container);
}

}  // namespace sixtops::model
