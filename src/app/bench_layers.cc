#include "app/bench_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "app/median.h"
#include "graph/window.h"

namespace sixtops::app {
namespace {

using runtime::LayerTime;
using runtime::Session;

std::string shape_of(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  return value.shape ? shape_text(*value.shape) : "?";
}

// "3x3", or one number where all axes agree and `short_form` is wanted.
std::string extents_text(const Ints& extents, bool short_form) {
  const bool equal = std::adjacent_find(extents.begin(), extents.end(), std::not_equal_to<>()) == extents.end();
  if (short_form && equal && !extents.empty()) return std::to_string(extents[0]);
  return fmt::format("{}", fmt::join(extents, "x"));
}

// Kernel and stride of a node with windows, nothing for others.
std::string window_text(const Graph& graph, const Node& node) {
  const auto has_field = [&](std::string_view name) { return node.attributes.has(name); };
  Ints kernel;
  if (node.op == Op::kConv || node.op == Op::kConvTranspose) {
    const Shape weights = graph.value(node.inputs[1]).shape.value_or(Shape{});
    if (weights.size() > 2) kernel.assign(weights.begin() + 2, weights.end());
  } else if (has_field("kernel_shape")) {
    kernel = node.get_ints("kernel_shape");
  }
  if (kernel.empty()) return "";
  std::string text = " " + extents_text(kernel, false);
  if (has_field("strides") && !node.get_ints("strides").empty()) {
    text += "/" + extents_text(node.get_ints("strides"), true);
  }
  if (has_field("group") && node.get_int("group") > 1) text += fmt::format(" g{}", node.get_int("group"));
  return text;
}

int64_t value_bytes(const Value& value) {
  if (value.constant) return static_cast<int64_t>(value.constant->byte_size());
  const Result<int64_t> count = element_count(value.shape.value_or(Shape{0}));
  return count.ok() ? *count * static_cast<int64_t>(dtype_size(value.dtype)) : 0;
}

// What the group reads and writes. A result that only the group itself reads never leaves it.
int64_t moved_bytes(const Graph& graph, const Uses& uses, const std::vector<const Node*>& group) {
  std::set<ValueId> outside;
  std::set<const Node*> members(group.begin(), group.end());
  for (const Node* node : group) {
    for (const ValueId id : node->inputs) {
      if (id == kNoValue) continue;
      const int producer = uses.producer[static_cast<size_t>(id)];
      if (producer == Uses::kNobody || !members.contains(&graph.nodes[static_cast<size_t>(producer)])) {
        outside.insert(id);
      }
    }
    for (const ValueId id : node->outputs) {
      if (id == kNoValue) continue;
      const std::vector<int>& readers = uses.readers[static_cast<size_t>(id)];
      const bool leaves =
          uses.is_output[static_cast<size_t>(id)] || std::any_of(readers.begin(), readers.end(), [&](int reader) {
            return !members.contains(&graph.nodes[static_cast<size_t>(reader)]);
          });
      if (leaves) outside.insert(id);
    }
  }
  int64_t bytes = 0;
  for (const ValueId id : outside) bytes += value_bytes(graph.value(id));
  return bytes;
}

LayerFigures describe(const Graph& graph, const Uses& uses, const LayerTime& time) {
  LayerFigures figures;
  std::vector<std::string_view> names;
  std::vector<std::string_view> ops;
  for (const Node* node : time.nodes) {
    names.push_back(node->name);
    ops.push_back(op_info(node->op).name);
  }
  figures.nodes = fmt::format("{}", fmt::join(names, "+"));
  figures.ops = fmt::format("{}", fmt::join(ops, "+"));
  const Node& first = *time.nodes.front();
  const Node& last = *time.nodes.back();
  figures.shapes = (first.has_input(0) ? shape_of(graph, first.inputs[0]) : "") + " > " +
                   (last.has_output(0) ? shape_of(graph, last.outputs[0]) : "") + window_text(graph, first);
  figures.kernel = time.kernel;
  figures.macs = time.macs;
  figures.bytes = moved_bytes(graph, uses, time.nodes);
  return figures;
}

}  // namespace

Result<std::vector<LayerFigures>> time_layers(Session& session, const std::vector<Tensor>& inputs, int runs,
                                              const cpu::engine::PeakRate& peak) {
  session.enable_timing(true);
  std::vector<LayerTime> layers;
  std::vector<std::vector<double>> microseconds;
  for (int run = 0; run < runs; ++run) {
    TRY(session.run(inputs));
    layers = session.layer_times();
    microseconds.resize(layers.size());
    for (size_t i = 0; i < layers.size(); ++i) microseconds[i].push_back(layers[i].microseconds);
  }
  session.enable_timing(false);

  const Graph& graph = session.graph();
  const Uses uses = find_uses(graph);
  std::vector<LayerFigures> result;
  for (size_t i = 0; i < layers.size(); ++i) {
    LayerFigures figures = describe(graph, uses, layers[i]);
    figures.microseconds = median(microseconds[i]);
    if (figures.microseconds > 0) {
      figures.gmac_per_s = static_cast<double>(figures.macs) * 1e-3 / figures.microseconds;
    }
    const bool is_integer = layers[i].nodes.front()->precision == Precision::kInt8;
    const double rate = is_integer ? peak.int8_gmac_per_s : peak.float_gmac_per_s;
    figures.share_of_peak = figures.gmac_per_s / rate;
    result.push_back(std::move(figures));
  }
  return result;
}

void print_layers(const std::vector<LayerFigures>& layers) {
  size_t shapes_width = 6, kernel_width = 6, ops_width = 2;
  LayerFigures total;
  for (const LayerFigures& layer : layers) {
    shapes_width = std::max(shapes_width, layer.shapes.size());
    kernel_width = std::max(kernel_width, layer.kernel.size());
    ops_width = std::max(ops_width, layer.ops.size());
    total.microseconds += layer.microseconds;
    total.macs += layer.macs;
    total.bytes += layer.bytes;
  }
  fmt::print("{:>10} {:>6} {:>9} {:>8} {:>7} {:>9}  {:<{}}  {:<{}}  {:<{}}  {}\n", "us", "% time", "MMAC", "GMAC/s",
             "% peak", "KB moved", "kernel", kernel_width, "op", ops_width, "shapes", shapes_width, "nodes");
  for (const LayerFigures& layer : layers) {
    fmt::print("{:10.1f} {:6.1f} {:9.3f} {:8.1f} {:7.1f} {:9.1f}  {:<{}}  {:<{}}  {:<{}}  {}\n", layer.microseconds,
               100 * layer.microseconds / total.microseconds, static_cast<double>(layer.macs) * 1e-6, layer.gmac_per_s,
               100 * layer.share_of_peak, static_cast<double>(layer.bytes) * 1e-3, layer.kernel, kernel_width,
               layer.ops, ops_width, layer.shapes, shapes_width, layer.nodes);
  }
  fmt::print("{:10.1f} {:6} {:9.3f} {:8.1f} {:7} {:9.1f}  of {} layers\n", total.microseconds, "",
             static_cast<double>(total.macs) * 1e-6,
             total.microseconds > 0 ? static_cast<double>(total.macs) * 1e-3 / total.microseconds : 0, "",
             static_cast<double>(total.bytes) * 1e-3, layers.size());
}

nlohmann::ordered_json layers_json(const std::vector<LayerFigures>& layers) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LayerFigures& layer : layers) {
    list.push_back({{"nodes", layer.nodes},
                    {"ops", layer.ops},
                    {"shapes", layer.shapes},
                    {"kernel", layer.kernel},
                    {"us", layer.microseconds},
                    {"macs", layer.macs},
                    {"gmac_per_s", layer.gmac_per_s},
                    {"share_of_peak", layer.share_of_peak},
                    {"bytes", layer.bytes}});
  }
  return list;
}

}  // namespace sixtops::app
