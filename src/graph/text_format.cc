#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/base64.h"
#include "graph/text.h"
#include "graph/text_tokens.h"

namespace sixtops {
namespace {

template <typename T>
std::string number(T value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return number(static_cast<float>(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "1" : "0";
  } else {
    return fmt::format("{}", value);
  }
}

// With a point or an exponent, so that it cannot be taken for an integer.
std::string float_number(float value) {
  std::string text = number(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

template <typename List, typename F>
std::string list_text(const List& list, F&& text_of) {
  std::string text = "[";
  for (const auto& entry : list) {
    if (text.size() > 1) text += ' ';
    text += text_of(entry);
  }
  return text + ']';
}

std::string floats_text(const Floats& list) { return list_text(list, float_number); }
std::string texts_text(const Texts& list) { return list_text(list, quote); }
template <typename Integers>
std::string ints_text(const Integers& list) {
  return list_text(list, [](auto value) { return number(value); });
}

std::string type_text(DType dtype, const std::optional<Shape>& shape) {
  const std::string extents = !shape ? ".." : (shape->empty() ? "" : shape_text(*shape));
  return fmt::format("{}[{}]", dtype_name(dtype), extents);
}

bool holds_nan(const Tensor& tensor) {
  return visit_dtype(tensor.dtype(), [&]<typename T>(T) {
    if constexpr (std::is_integral_v<T>) {
      return false;
    } else {
      const std::span<const T> values = tensor.values<T>();
      return std::any_of(values.begin(), values.end(),
                         [](T value) { return std::isnan(static_cast<double>(static_cast<float>(value))); });
    }
  });
}

std::string elements_text(const Tensor& tensor, const TextOptions& options) {
  if (tensor.element_count() > options.max_inline_elements || holds_nan(tensor)) {
    if (options.elide_large_constants) return "elided";
    return "base64 " + quote(encode_base64(tensor.bytes().span()));
  }
  return visit_dtype(tensor.dtype(), [&]<typename T>(T) {
    std::string text = "{";
    for (const T value : tensor.values<T>()) {
      if (text.size() > 1) text += ' ';
      text += number(value);
    }
    return text + '}';
  });
}

std::string quant_text(const QuantParams& quant) {
  if (quant.per_tensor() && quant.scale.size() == 1 && quant.zero_point.size() == 1) {
    return fmt::format(" q({}, {})", number(quant.scale[0]), quant.zero_point[0]);
  }
  return fmt::format(" q({}, {}, {})", list_text(quant.scale, number<float>), ints_text(quant.zero_point), quant.axis);
}

std::string value_text(const Value& value) {
  return fmt::format("%{}: {}{}", name_text(value.name), type_text(value.dtype, value.shape),
                     value.quant ? quant_text(*value.quant) : "");
}

std::string attribute_text(const Node& node, const Attribute& attribute) {
  // The op's row tells the type of an empty list, but for a Custom node there is no row.
  const bool typed = op_info(node.op).find_field("type") == nullptr;
  if (const auto* value = std::get_if<int64_t>(&attribute)) return number(*value);
  if (const auto* value = std::get_if<float>(&attribute)) return float_number(*value);
  if (const auto* value = std::get_if<std::string>(&attribute)) return quote(*value);
  if (const auto* value = std::get_if<Ints>(&attribute)) return ints_text(*value);
  if (const auto* value = std::get_if<Floats>(&attribute)) {
    return (value->empty() && !typed ? "floats" : "") + floats_text(*value);
  }
  if (const auto* value = std::get_if<Texts>(&attribute)) return (value->empty() ? "texts" : "") + texts_text(*value);
  const auto& tensor = std::get<Tensor>(attribute);
  return type_text(tensor.dtype(), tensor.shape()) + ' ' + elements_text(tensor, {});
}

std::string description_text(const InputDescription& description) {
  const InputDescription standard;
  std::vector<std::string> fields;
  if (description.is_picture) fields.emplace_back("picture=1");
  if (!description.mean.empty()) fields.push_back("mean=" + floats_text(description.mean));
  if (!description.std.empty()) fields.push_back("std=" + floats_text(description.std));
  if (description.color != standard.color) fields.push_back("color=" + quote(color_name(description.color)));
  if (description.resize != standard.resize) fields.push_back("resize=" + quote(resize_name(description.resize)));
  if (description.pad_color != standard.pad_color) fields.push_back(fmt::format("pad_color={}", description.pad_color));
  return fmt::format(" {{{}}}", fmt::join(fields, " "));
}

std::string hints_text(const TaskHints& hints) {
  std::string text;
  if (hints.head != HeadKind::kNone) text += fmt::format("head {}\n", quote(head_name(hints.head)));
  if (!hints.labels.empty()) text += fmt::format("labels {}\n", texts_text(hints.labels));
  if (!hints.anchors.empty()) text += fmt::format("anchors {}\n", floats_text(hints.anchors));
  if (!hints.strides.empty()) text += fmt::format("strides {}\n", ints_text(hints.strides));
  if (!hints.grid_scales.empty()) text += fmt::format("grid_scales {}\n", floats_text(hints.grid_scales));
  if (hints.normalized_boxes) text += "normalized_boxes\n";
  return text;
}

}  // namespace

std::string format_node(const Graph& graph, const Node& node) {
  std::vector<std::string> outputs;
  for (const ValueId id : node.outputs) outputs.push_back(id == kNoValue ? "_" : value_text(graph.value(id)));
  std::vector<std::string> inputs;
  for (const ValueId id : node.inputs) {
    inputs.push_back(id == kNoValue ? "_" : "%" + name_text(graph.value(id).name));
  }
  std::string text =
      fmt::format("{} = {}({})", fmt::join(outputs, ", "), op_info(node.op).name, fmt::join(inputs, ", "));
  if (node.attributes.size() > 0) {
    std::vector<std::string> attributes;
    for (const auto& [name, attribute] : node.attributes) {
      attributes.push_back(word_text(name) + '=' + attribute_text(node, attribute));
    }
    text += fmt::format(" {{{}}}", fmt::join(attributes, " "));
  }
  if (!node.name.empty()) text += ' ' + quote(node.name);
  if (node.precision != Precision::kFloat32) text += fmt::format(" : {}", precision_name(node.precision));
  return text;
}

std::string format_graph(const Graph& graph, const TextOptions& options) {
  std::string text = fmt::format("graph {}\n", quote(graph.name)) + hints_text(graph.hints);
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    text += "input " + value_text(graph.value(graph.inputs[i]));
    if (!graph.input_descriptions.empty()) text += description_text(graph.input_descriptions[i]);
    text += '\n';
  }
  for (const Value& value : graph.values) {
    if (!value.constant) continue;
    text += fmt::format("const {} = {}\n", value_text(value), elements_text(*value.constant, options));
  }
  for (const Node& node : graph.nodes) text += format_node(graph, node) + '\n';
  for (const ValueId id : graph.outputs) text += fmt::format("output %{}\n", name_text(graph.value(id).name));
  return text;
}

}  // namespace sixtops
