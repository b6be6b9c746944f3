// The text form of a graph: what --dump-after prints, what pass tests are written in.
//
//   graph "tiny"
//   head "yolov5-raw"                                          (task hints: head, labels, anchors, strides,
//   strides [8 16 32]                                           grid_scales, normalized_boxes; each only when set)
//   input %images: f32[1x3x4x4] {picture=1 std=[255.0]}        (the input description; {} when all of it is default,
//                                                               nothing when the graph has none)
//   const %w: f32[2x3x1x1] = {0.5 1 -2 0.25 1 1}
//   const %big: f32[64x64x3x3] = base64 "AAAAAA..."            (or `elided`, which reads back as an error)
//   %y: f32[1x2x4x4] = Conv(%images, %w, _) {group=1 kernel_shape=[1 1]} "model.0.conv"
//   %q: i8[1x2x4x4] q(0.0039, -128) = QuantizeLinear(%y) {...} : int8
//   output %q
//
// - `_` is an operand or output left out; unknown extents print as ?, an unknown shape as [..], a scalar as [].
// - q(scale, zero point) for one entry, q([..], [..], axis) for an entry an index of the axis.
// - The precision of a node is printed when it is not float32.
// - Names of letters, digits and _ . / : - stand bare, others in quotes: %"a b". Strings escape " \ and control
//   characters (\n, \x1f).
// - Attributes: 1, 1.0, "text", [1 2], [1.0 2.0], ["a" "b"], and of Custom nodes f32[2] {1 2}; an empty list is read as
//   the type that the op's row says, in Custom nodes ints, or floats[] and texts[].
// - Numbers print in the shortest form that reads back to the same bits, so format → parse → format is the identity.
//   Constants that hold a NaN print as base64.
// - Line ends are blanks; # begins a comment.
#pragma once

#include <string>
#include <string_view>

#include "graph/graph.h"

namespace sixtops {

struct TextOptions {
  // Constants with more elements print as base64, or `elided`.
  int64_t max_inline_elements = 16;
  bool elide_large_constants = false;
};

std::string format_graph(const Graph& graph, const TextOptions& options = {});
std::string format_node(const Graph& graph, const Node& node);

// kInvalidData names line and column. The result is verified at the imported level.
Result<Graph> parse_graph(std::string_view text);

}  // namespace sixtops
