// Transposed convolutions, float and integer form: a matrix product gives what every input element adds at every tap,
// then the taps are added up where they meet.
#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "base/thread_pool.h"
#include "cpu/engine/float/convolution.h"
#include "cpu/engine/float/sgemm.h"
#include "cpu/engine/integer/layer.h"
#include "cpu/engine/integer/requantize_line.h"
#include "cpu/engine/window_lines.h"
#include "cpu/reference/convolution_terms.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// A matrix product of fewer rows spends its time on packing the other operand.
constexpr int64_t kMinRows = 64;
// Products of one channel; larger ones belong to no network, and the reference needs no memory for them.
constexpr int64_t kMaxProducts = int64_t{1} << 28;

// A transposed convolution's input elements lie under its output elements as a convolution's outputs lie over its
// inputs: the same lines with the two sides exchanged.
WindowLines output_lines(std::vector<Window> windows) {
  for (Window& axis : windows) std::swap(axis.input, axis.output);
  return WindowLines(std::move(windows));
}

// Adds the products of one output channel, [tap, input element], to its plane.
template <typename T>
void add_taps(const WindowLines& lines, const float* products, T* plane) {
  for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
    for (int64_t line = 0; line < lines.line_count(); ++line) {
      const WindowLines::Source source = lines.source(line, tap);
      const float* const from = products + (tap * lines.line_count() + line) * lines.line_length();
      for (int64_t i = source.begin; i < source.end; ++i) {
        plane[source.element + i * lines.step()] += static_cast<T>(from[i]);
      }
    }
  }
}

// Calls body(first channel, count, room for count · taps · elements products) for blocks of a group's channels.
template <typename F>
void for_each_block(const ConvolutionTerms& terms, const F& body) {
  const int64_t channel_rows = terms.taps.tap_count();
  const int64_t block = (kMinRows + channel_rows - 1) / channel_rows;
  ThreadPool::process().parallel_for(terms.group_channels, [&](int64_t first, int64_t last) {
    const auto room = static_cast<size_t>(std::min(block, last - first) * channel_rows * terms.taps.plane_size());
    const std::unique_ptr<float[]> products(new float[room]);
    for (int64_t channel = first; channel < last; channel += block) {
      body(channel, std::min(block, last - channel), products.get());
    }
  });
}

Result<Outputs> float_form(const Arguments& arguments, const ConvolutionTerms& terms) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, terms.output_shape()));
  const float* const bias = arguments.has(2) ? arguments.input(2).values<float>().data() : nullptr;
  const WindowLines lines = output_lines(terms.taps.windows());
  const int64_t taps = terms.taps.tap_count();
  const int64_t elements = terms.taps.plane_size();
  const int64_t plane_size = terms.taps.window_count();
  const int64_t weight_row = terms.group_channels * taps;
  for (int64_t i = 0; i < terms.batch * terms.groups; ++i) {
    const int64_t group = i % terms.groups;
    const float* const x = arguments.input(0).values<float>().data() + i * terms.group_inputs * elements;
    const float* const w = arguments.input(1).values<float>().data() + group * terms.group_inputs * weight_row;
    float* const y = output.mutable_values<float>().data() + i * terms.group_channels * plane_size;
    for_each_block(terms, [&](int64_t first, int64_t count, float* products) {
      sgemm(count * taps, elements, terms.group_inputs, {w + first * taps, weight_row, true}, {x, elements}, 0.0F,
            products, elements);
      for (int64_t c = 0; c < count; ++c) {
        float* const plane = y + (first + c) * plane_size;
        std::fill_n(plane, plane_size, bias == nullptr ? 0.0F : bias[group * terms.group_channels + first + c]);
        add_taps(lines, products + c * taps * elements, plane);
      }
    });
  }
  return Outputs{output};
}

// The weights as [output channel, tap, input channel]: rows of the matrix product.
std::vector<int8_t> rows_of_weights(const ConvolutionTerms& terms, std::span<const int8_t> weights) {
  std::vector<int8_t> rows;
  rows.reserve(weights.size());
  for (int64_t channel = 0; channel < terms.channels; ++channel) {
    const int64_t begin = channel / terms.group_channels * terms.weight_group_stride +
                          channel % terms.group_channels * terms.weight_channel_stride;
    for (int64_t tap = 0; tap < terms.taps.tap_count(); ++tap) {
      for (int64_t input = 0; input < terms.group_inputs; ++input) {
        rows.push_back(weights[static_cast<size_t>(begin + input * terms.weight_input_stride + tap)]);
      }
    }
  }
  return rows;
}

// Sum of code · w with pad_code wherever there is no element
//   = pad_code · (sum of all w) + sum over the elements of (code - pad_code) · w.
Result<Outputs> integer_form(const Arguments& arguments, const ConvolutionTerms& terms, const IntegerLayer& layer) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, terms.output_shape()));
  const auto pad_code = static_cast<int32_t>(arguments.node.get_int("pad_code"));
  const WindowLines lines = output_lines(terms.taps.windows());
  const int64_t taps = terms.taps.tap_count();
  const int64_t elements = terms.taps.plane_size();
  const int64_t plane_size = terms.taps.window_count();
  const int64_t inputs = terms.group_inputs;
  const int64_t chunk = layer.chunk / 2;  // differences of codes have one bit more than codes
  const std::unique_ptr<float[]> x(new float[static_cast<size_t>(inputs * elements)]);
  for (int64_t i = 0; i < terms.batch * terms.groups; ++i) {
    const int8_t* const codes = arguments.input(0).values<int8_t>().data() + i * inputs * elements;
    std::transform(codes, codes + inputs * elements, x.get(),
                   [&](int8_t code) { return static_cast<float>(code - pad_code); });
    int8_t* const y = output.mutable_values<int8_t>().data() + i * terms.group_channels * plane_size;
    for_each_block(terms, [&](int64_t first, int64_t count, float* products) {
      const int64_t channel = i % terms.groups * terms.group_channels + first;
      const std::unique_ptr<int32_t[]> planes(new int32_t[static_cast<size_t>(count * plane_size)]);
      for (int64_t c = 0; c < count; ++c) {
        const float* const row = layer.weights.data() + (channel + c) * layer.depth;
        const auto sum = static_cast<int32_t>(std::accumulate(row, row + layer.depth, 0.0));
        std::fill_n(planes.get() + c * plane_size, plane_size,
                    layer.bias[static_cast<size_t>(channel + c)] + pad_code * sum);
      }
      for (int64_t k = 0; k < inputs; k += chunk) {
        sgemm(count * taps, elements, std::min(chunk, inputs - k),
              {layer.weights.data() + channel * layer.depth + k, inputs}, {x.get() + k * elements, elements}, 0.0F,
              products, elements);
        for (int64_t c = 0; c < count; ++c) {
          add_taps(lines, products + c * taps * elements, planes.get() + c * plane_size);
        }
      }
      for (int64_t c = 0; c < count; ++c) {
        requantize_line(planes.get() + c * plane_size, plane_size, layer.scale[static_cast<size_t>(channel + c)],
                        layer.zero_point, y + (first + c) * plane_size);
      }
    });
  }
  return Outputs{output};
}

// The matrix library counts in int32, and the products of a channel have to fit in memory.
bool fits(const ConvolutionTerms& terms) {
  const int64_t taps = terms.taps.tap_count();
  const int64_t elements = terms.taps.plane_size();
  return terms.group_inputs >= 1 && elements >= 1 && terms.taps.window_count() >= 1 && terms.batch >= 1 &&
         terms.group_channels * taps <= INT32_MAX && elements <= INT32_MAX && taps <= kMaxProducts / elements;
}

}  // namespace

Result<Outputs> convolution_transpose(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make_transposed(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  if (fits(terms)) {
    if (!reference::is_integer_form(arguments.node)) {
      if (is_float_layer(arguments, terms.channels)) return float_form(arguments, terms);
    } else if (arguments.input(1).dtype() == DType::kI8) {
      const std::vector<int8_t> weights = rows_of_weights(terms, arguments.input(1).values<int8_t>());
      const int64_t depth = terms.group_inputs * terms.taps.tap_count();
      const auto layer = IntegerLayer::make(arguments, weights, terms.channels, depth, depth, 1);
      if (layer) return integer_form(arguments, terms, *layer);
    }
  }
  return reference::kernels::ConvTranspose(arguments);
}

}  // namespace sixtops::cpu::engine
