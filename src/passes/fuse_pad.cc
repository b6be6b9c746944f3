// Pad goes into the Conv, MaxPool or AveragePool that reads it, where the window's own padding means the same:
//   Conv         zeros
//   AveragePool  zeros that count: the pool counts its padding too, or has none
//   MaxPool      minus infinity; or zeros below data that is never negative, when every window holds an element
// Only spatial axes, only growth, and only windows without auto_pad and ceil_mode.
#include <algorithm>
#include <limits>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

// begin and end of the spatial axes; nothing when other axes are padded, or an axis is cut.
std::optional<Ints> spatial_pads(const Graph& graph, const Node& pad) {
  const std::optional<Shape>& shape = graph.value(pad.inputs[0]).shape;
  if (!shape || shape->size() < 3 || pad.inputs.size() != 1 || !pad.has("pads") || pad.has("axes")) return std::nullopt;
  const Ints& pads = pad.get_ints("pads");
  const size_t rank = shape->size();
  if (pads.size() != 2 * rank) return std::nullopt;
  Ints spatial;
  for (size_t i = 0; i < pads.size(); ++i) {
    if (pads[i] < 0 || (i % rank < 2 && pads[i] != 0)) return std::nullopt;
    if (i % rank >= 2) spatial.push_back(pads[i]);
  }
  return spatial;
}

bool is_never_negative(const GraphEditor& editor, ValueId id) {
  const int index = editor.producer_index(id);
  if (index == Uses::kNobody) return false;
  const Node& node = editor.node(index);
  switch (node.op) {
    case Op::kRelu:
    case Op::kSigmoid:
    case Op::kHardSigmoid:
    case Op::kSoftmax:
    case Op::kSoftplus:
    case Op::kExp:
    case Op::kAbs:
      return true;
    case Op::kClip:
      return node.inputs.size() == 1 && node.has("min") && node.get_float("min") >= 0;
    default:
      return false;
  }
}

bool fits_window(const Node& window, const Ints& added) {
  const size_t axes = added.size() / 2;
  const Ints& pads = window.get_ints("pads");
  return window.get_text("auto_pad") == "NOTSET" && (pads.empty() || pads.size() == added.size()) && axes > 0;
}

// Every window covers an element of the data, so that what lies around cannot be its maximum.
bool windows_hold_data(const Node& pool, const Ints& pads) {
  const Ints& kernel = pool.get_ints("kernel_shape");
  const Ints& dilations = pool.get_ints("dilations");
  if (!std::all_of(dilations.begin(), dilations.end(), [](int64_t d) { return d == 1; })) return false;
  for (size_t i = 0; i < pads.size(); ++i) {
    if (pads[i] >= kernel[i % kernel.size()]) return false;
  }
  return true;
}

Ints sum_of_pads(const Node& window, Ints added) {
  const Ints& own = window.get_ints("pads");
  for (size_t i = 0; i < own.size(); ++i) added[i] += own[i];
  return added;
}

bool is_equal(const GraphEditor& editor, const Node& pad, const Node& window, const Ints& total) {
  const float value = pad.has("value") ? pad.get_float("value") : 0;
  switch (window.op) {
    case Op::kConv:
      return value == 0;
    case Op::kAveragePool: {
      const Ints& own = window.get_ints("pads");
      const bool has_own = std::any_of(own.begin(), own.end(), [](int64_t p) { return p != 0; });
      return value == 0 && window.get_int("ceil_mode") == 0 && (window.get_int("count_include_pad") != 0 || !has_own);
    }
    case Op::kMaxPool:
      if (window.get_int("ceil_mode") != 0 || window.outputs.size() != 1) return false;
      if (value == -std::numeric_limits<float>::infinity()) return true;
      return value == 0 && is_never_negative(editor, pad.inputs[0]) && windows_hold_data(window, total);
    default:
      return false;
  }
}

void fuse(GraphEditor& editor, int index) {
  const Node& window = editor.node(index);
  if (window.op != Op::kConv && window.op != Op::kAveragePool && window.op != Op::kMaxPool) return;
  const Node* pad = editor.producer(window.inputs[0], Op::kPad);
  if (pad == nullptr || pad->get_text("mode") != "constant" || window.precision == Precision::kInt8) return;
  const std::optional<Ints> added = spatial_pads(editor.graph(), *pad);
  if (!added || !fits_window(window, *added)) return;
  const Ints total = sum_of_pads(window, *added);
  if (!is_equal(editor, *pad, window, total)) return;
  std::vector<ValueId> inputs = window.inputs;
  inputs[0] = pad->inputs[0];
  Attributes attributes = window.attributes;
  attributes.set("pads", total);
  if (window.op == Op::kAveragePool) attributes.set("count_include_pad", int64_t{1});
  editor.rewrite(index, window.op, std::move(inputs), std::move(attributes));
}

}  // namespace

Status fuse_pad(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) fuse(editor, n);
  return editor.finish();
}

}  // namespace sixtops::passes
