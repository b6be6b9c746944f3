// Conv and ConvTranspose in integer form. A transposed convolution with strides is one convolution for each phase of
// the output: its pixels y = phase + i · stride see the taps that fall on elements, and the other taps see the padding
// code.
#include <algorithm>

#include "cpu/engine/plan/build_products.h"
#include "cpu/reference/convolution_terms.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// Both windows of a picture; the first of a one-dimensional one is trivial. Nothing for three axes.
std::optional<std::array<Window, 2>> picture_windows(const std::vector<Window>& windows) {
  Window trivial;
  trivial.input = trivial.output = 1;
  if (windows.size() == 1) return std::array{trivial, windows[0]};
  if (windows.size() == 2) return std::array{windows[0], windows[1]};
  return std::nullopt;
}

// Weights [channels][group inputs][taps] of the given taps of the kernel.
std::vector<int16_t> gather_weights(const ConvolutionTerms& terms, std::span<const int8_t> weights,
                                    const std::vector<int64_t>& taps) {
  std::vector<int16_t> gathered(static_cast<size_t>(terms.channels * terms.group_inputs) * taps.size());
  int16_t* to = gathered.data();
  for (int64_t channel = 0; channel < terms.channels; ++channel) {
    const int64_t first = channel / terms.group_channels * terms.weight_group_stride +
                          channel % terms.group_channels * terms.weight_channel_stride;
    for (int64_t input = 0; input < terms.group_inputs; ++input) {
      const int8_t* const from = weights.data() + first + input * terms.weight_input_stride;
      for (const int64_t tap : taps) *to++ = from[tap];
    }
  }
  return gathered;
}

// Everything but taps, weights and places.
Products layer_of(const ConvolutionTerms& terms) {
  Products products;
  products.channels = terms.channels;
  products.group_inputs = terms.group_inputs;
  products.groups = terms.groups;
  return products;
}

Products convolution_products(const ConvolutionTerms& terms, const std::array<Window, 2>& windows,
                              std::span<const int8_t> weights, const Extent& extent) {
  Products products = layer_of(terms);
  std::vector<int64_t> taps;
  for (int64_t ky = 0; ky < windows[0].kernel; ++ky) {
    for (int64_t kx = 0; kx < windows[1].kernel; ++kx) {
      products.taps.push_back({windows[0].tap(0, ky), windows[1].tap(0, kx)});
      taps.push_back(static_cast<int64_t>(taps.size()));
    }
  }
  products.weights = gather_weights(terms, weights, taps);
  products.stride_y = windows[0].stride;
  products.stride_x = windows[1].stride;
  products.extent = extent;
  return products;
}

// The taps of one axis that fall on elements for outputs phase, phase + stride, ...
struct PhaseTap {
  int64_t tap = 0;
  int64_t input = 0;  // relative to the output's index in its phase
};
std::vector<PhaseTap> phase_taps(const Window& window, int64_t phase) {
  std::vector<PhaseTap> taps;
  for (int64_t k = 0; k < window.kernel; ++k) {
    const int64_t place = phase + window.pad_begin - k * window.dilation;
    if (place % window.stride == 0) taps.push_back({k, place / window.stride});
  }
  return taps;
}

std::vector<Products> transposed_products(const ConvolutionTerms& terms, const std::array<Window, 2>& windows,
                                          std::span<const int8_t> weights, const Extent& extent) {
  std::vector<Products> phases;
  for (int64_t phase_y = 0; phase_y < std::min(windows[0].stride, extent.height); ++phase_y) {
    for (int64_t phase_x = 0; phase_x < std::min(windows[1].stride, extent.width); ++phase_x) {
      Products products = layer_of(terms);
      std::vector<int64_t> taps;
      for (const PhaseTap& y : phase_taps(windows[0], phase_y)) {
        for (const PhaseTap& x : phase_taps(windows[1], phase_x)) {
          products.taps.push_back({y.input, x.input});
          taps.push_back(y.tap * windows[1].kernel + x.tap);
        }
      }
      products.weights = gather_weights(terms, weights, taps);
      products.first_y = phase_y;
      products.first_x = phase_x;
      products.step_y = windows[0].stride;
      products.step_x = windows[1].stride;
      products.extent = {extent.images, (extent.height - phase_y + windows[0].stride - 1) / windows[0].stride,
                         (extent.width - phase_x + windows[1].stride - 1) / windows[1].stride};
      phases.push_back(std::move(products));
    }
  }
  return phases;
}

// Taps that a phase does not see meet the padding code: a constant a channel.
void add_unseen_taps(const Products& whole, int64_t pad_code, Products& phase) {
  const auto sum = [](const Products& products, int64_t channel) {
    int64_t total = 0;
    const int16_t* const weights = products.weights.data() + channel * products.weight_count();
    for (int64_t i = 0; i < products.weight_count(); ++i) total += weights[i];
    return total;
  };
  for (int64_t c = 0; c < whole.channels; ++c) {
    phase.bias[static_cast<size_t>(c)] += pad_code * (sum(whole, c) - sum(phase, c));
    phase.largest[static_cast<size_t>(c)] = whole.largest[static_cast<size_t>(c)];
  }
}

// A Conv or ConvTranspose in integer form as the engine computes it; nothing where it does not.
struct Layer {
  std::vector<Products> phases;
  Extent extent;
  int64_t pad_code = 0;
};
std::optional<Layer> read_layer(const Graph& graph, const Node& node) {
  if (!reference::is_integer_form(node)) return std::nullopt;
  const Tensor* const weights = graph.constant(node.inputs[1]);
  const Tensor* const bias = node.has_input(2) ? graph.constant(node.inputs[2]) : nullptr;
  if (weights == nullptr || weights->dtype() != DType::kI8 || (node.has_input(2) && bias == nullptr))
    return std::nullopt;
  const Value& output = graph.value(node.outputs[0]);
  const Value& data = graph.value(node.inputs[0]);
  if (!output.shape || !data.shape || data.dtype != DType::kI8) return std::nullopt;
  const std::optional<PictureShape> picture = picture_shape(*output.shape);
  const bool transposed = node.op == Op::kConvTranspose;
  const Result<ConvolutionTerms> terms = transposed
                                             ? ConvolutionTerms::make_transposed(node, *data.shape, weights->shape())
                                             : ConvolutionTerms::make(node, *data.shape, weights->shape());
  if (!picture || !terms.ok() || terms->output_shape() != *output.shape) return std::nullopt;
  const auto windows = picture_windows(terms->taps.windows());
  if (!windows) return std::nullopt;

  Layer layer{{}, picture->extent, node.get_int("pad_code")};
  const auto codes = weights->values<int8_t>();
  Products whole = convolution_products(*terms, *windows, codes, picture->extent);
  if (!read_parameters(node, bias, whole)) return std::nullopt;
  if (!transposed) {
    layer.phases.push_back(std::move(whole));
    return layer;
  }
  layer.phases = transposed_products(*terms, *windows, codes, picture->extent);
  for (Products& phase : layer.phases) {
    if (!read_parameters(node, bias, phase)) return std::nullopt;
    add_unseen_taps(whole, layer.pad_code, phase);
  }
  return layer;
}

// Whether a layer may be computed together with others.
bool can_join(const Compiler& compiler, const Node& node, const Layer& layer) {
  const Products& products = layer.phases.front();
  return node.op == Op::kConv && products.groups == 1 && !products.sums &&
         find_table_alone(compiler, node.outputs[0]).has_value();
}

// The layer and those behind it that read the same input with the same windows.
struct Siblings {
  std::vector<int> nodes;
  std::vector<Products> layers;
};
Siblings find_siblings(const Compiler& compiler, int index, const Layer& layer) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  Siblings siblings{{index}, {layer.phases.front()}};
  if (!can_join(compiler, node, layer)) return siblings;
  for (const int reader : compiler.uses().readers[static_cast<size_t>(node.inputs[0])]) {
    const Node& other = graph.nodes[static_cast<size_t>(reader)];
    if (reader <= index || compiler.is_done(reader) || other.op != Op::kConv || other.inputs[0] != node.inputs[0])
      continue;
    std::optional<Layer> read = read_layer(graph, other);
    if (!read || read->pad_code != layer.pad_code || !can_join(compiler, other, *read) ||
        !have_same_windows(layer.phases.front(), read->phases.front())) {
      continue;
    }
    siblings.nodes.push_back(reader);
    siblings.layers.push_back(std::move(read->phases.front()));
  }
  // Worth it where the layers alone leave parts of vectors empty; else several tables in one epilogue cost more.
  const auto vectors = [](int64_t channels) { return (channels + kVectorChannels - 1) / kVectorChannels; };
  int64_t alone = 0;
  int64_t together = 0;
  for (const Products& products : siblings.layers) {
    alone += vectors(products.channels);
    together += products.channels;
  }
  if (vectors(together) == alone) return {{index}, {}};
  return siblings;
}

}  // namespace

Result<bool> build_convolution(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  std::optional<Layer> layer = read_layer(graph, node);
  const std::optional<View> input = layer ? compiler.view(node.inputs[0]) : std::nullopt;
  if (!input) return false;
  const Siblings siblings = find_siblings(compiler, index, *layer);
  if (siblings.nodes.size() > 1) {
    add_joined_products(compiler, siblings.nodes, *input, layer->pad_code, siblings.layers);
  } else {
    add_products(compiler, index, *input, layer->pad_code, std::move(layer->phases), layer->extent);
  }
  return true;
}

}  // namespace sixtops::cpu::engine
