#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/json_file.h"
#include "app/model_summary.h"
#include "graph/text.h"

namespace sixtops::app {
namespace {

using nlohmann::ordered_json;

std::string shape_of(const Value& value) { return value.shape ? shape_text(*value.shape) : "unknown"; }

ordered_json tensor_json(const Value& value) {
  ordered_json json = {{"name", value.name}, {"dtype", dtype_name(value.dtype)}};
  json["shape"] = value.shape ? ordered_json(*value.shape) : ordered_json();
  if (value.quant) json["quantization"] = {{"scale", value.quant->scale}, {"zero_point", value.quant->zero_point}};
  return json;
}

ordered_json picture_json(const InputDescription& description) {
  return {{"mean", description.mean},
          {"std", description.std},
          {"color", color_name(description.color)},
          {"resize", resize_name(description.resize)},
          {"pad_color", description.pad_color}};
}

ordered_json summary_json(const std::string& file, const ModelSummary& summary) {
  const Graph& graph = summary.graph;
  ordered_json json = {{"file", file}, {"format", summary.format}};
  if (!summary.producer.empty()) json["producer"] = summary.producer;
  json["inputs"] = ordered_json::array();
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    ordered_json input = tensor_json(graph.value(graph.inputs[i]));
    if (i < graph.input_descriptions.size() && graph.input_descriptions[i].is_picture) {
      input["picture"] = picture_json(graph.input_descriptions[i]);
    }
    json["inputs"].push_back(std::move(input));
  }
  if (!summary.further_shapes.empty()) json["further_input_shapes"] = summary.further_shapes;
  json["outputs"] = ordered_json::array();
  for (const ValueId id : graph.outputs) json["outputs"].push_back(tensor_json(graph.value(id)));
  json["head"] = head_name(graph.hints.head);
  json["labels"] = graph.hints.labels.size();
  json["nodes"] = graph.nodes.size();
  json["ops"] = summary.op_counts;
  if (!summary.incomplete.empty()) json["incomplete"] = summary.incomplete;
  json["macs"] = summary.macs;
  json["parameter_bytes"] = summary.parameter_bytes;
  json["peak_tensor_bytes"] = summary.peak_tensor_bytes ? ordered_json(*summary.peak_tensor_bytes) : ordered_json();
  for (const auto& [precision, share] : summary.precisions) {
    json["precision"][precision] = {{"nodes", share.nodes}, {"macs", share.macs}};
  }
  json["regions"] = summary.regions;
  return json;
}

std::string megabytes(int64_t bytes) { return fmt::format("{:.2f} MB", static_cast<double>(bytes) * 1e-6); }

std::string quant_text(const Value& value) {
  if (!value.quant) return "";
  if (!value.quant->per_tensor()) return "  quantized by channel";
  return fmt::format("  (code - {}) * {:.6g}", value.quant->zero_point[0], value.quant->scale[0]);
}

std::string numbers(const std::vector<float>& values, const char* when_empty) {
  return values.empty() ? when_empty : fmt::format("{}", fmt::join(values, " "));
}

std::string picture_text(const InputDescription& d) {
  return fmt::format("          picture: {}, mean {}, std {}, {}, pad {}\n", color_name(d.color), numbers(d.mean, "0"),
                     numbers(d.std, "1"), resize_name(d.resize), d.pad_color);
}

std::string summary_text(const std::string& file, const ModelSummary& summary) {
  const Graph& graph = summary.graph;
  std::string text =
      fmt::format("{}: {}{}\n", file, summary.format, summary.producer.empty() ? "" : ", made by " + summary.producer);
  const auto tensor_line = [&](const char* what, const Value& value) {
    text += fmt::format("{:9} {}  {}[{}]{}\n", what, value.name, dtype_name(value.dtype), shape_of(value),
                        quant_text(value));
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    tensor_line("input", graph.value(graph.inputs[i]));
    if (i < graph.input_descriptions.size() && graph.input_descriptions[i].is_picture) {
      text += picture_text(graph.input_descriptions[i]);
    }
  }
  for (const std::vector<Shape>& shapes : summary.further_shapes) {
    text += "          or for";
    for (const Shape& shape : shapes) text += " " + shape_text(shape);
    text += "\n";
  }
  for (const ValueId id : graph.outputs) tensor_line("output", graph.value(id));
  if (graph.hints.head != HeadKind::kNone) text += fmt::format("head      {}\n", head_name(graph.hints.head));
  if (!graph.hints.labels.empty()) text += fmt::format("labels    {}\n", graph.hints.labels.size());

  std::vector<std::pair<std::string, int64_t>> ops(summary.op_counts.begin(), summary.op_counts.end());
  std::stable_sort(ops.begin(), ops.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  text += fmt::format("nodes     {}:", graph.nodes.size());
  for (const auto& [op, count] : ops) text += fmt::format(" {} {}", op, count);
  text += "\n";
  if (!summary.incomplete.empty()) text += fmt::format("          not complete: {}\n", summary.incomplete);
  text += fmt::format("work      {:.3f} GMAC\n", static_cast<double>(summary.macs) * 1e-9);
  text += fmt::format("memory    parameters {}", megabytes(summary.parameter_bytes));
  if (summary.peak_tensor_bytes) text += fmt::format(", tensors at most {}", megabytes(*summary.peak_tensor_bytes));
  text += "\nprecision";
  const char* separator = " ";
  for (const auto& [precision, share] : summary.precisions) {
    const double part = summary.macs > 0 ? static_cast<double>(share.macs) / static_cast<double>(summary.macs) : 0;
    text += fmt::format("{}{} {} nodes ({:.1f} % of the work)", separator, precision, share.nodes, 100 * part);
    separator = ", ";
  }
  return text + fmt::format(" in {} regions\n", summary.regions);
}

}  // namespace

Status run(const InspectCommand& command) {
  const ModelSummary summary = TRY(summarize_model(command.file, command.input_shapes, command.companion));
  std::string text;
  if (command.text) {
    text = format_graph(summary.graph, {.max_inline_elements = 16, .elide_large_constants = true});
  } else if (command.json) {
    text = json_text(summary_json(command.file, summary));
  } else {
    text = summary_text(command.file, summary);
  }
  std::fputs(text.c_str(), stdout);
  return {};
}

}  // namespace sixtops::app
