// Takes y[c] = scale[c] · layer(x)[c] + shift[c] into the constants of a layer that is a sum of products.
#pragma once

#include <span>
#include <vector>

#include "passes/graph_editor.h"

namespace sixtops::passes {

// Whether a node can take it: a float32 Conv, ConvTranspose, Gemm or MatMul with constant weights (and bias, if any)
// of one value a channel.
bool is_scalable(const Graph& graph, const Node& node);

// Axis of the layer's output that counts channels, and how many. REQUIRES: is_scalable.
size_t channel_axis(const Graph& graph, const Node& node);
int64_t channel_count(const Graph& graph, const Node& node);

// The constant as one number a channel, when adding it to `shape` broadcasts it over everything but `axis` and leaves
// the shape as it is.
std::optional<std::vector<double>> per_channel(const Graph& graph, ValueId constant, const Shape& shape, size_t axis);

// Replaces the layer's weights and bias; alpha and beta of a Gemm become 1. Computes in double.
// REQUIRES: is_scalable; as many entries as channels.
Status scale_layer(GraphEditor& editor, int layer, std::span<const double> scale, std::span<const double> shift);

}  // namespace sixtops::passes
