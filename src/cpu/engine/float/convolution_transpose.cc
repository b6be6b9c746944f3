#include "cpu/engine/float/convolution_transpose.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/thread_pool.h"
#include "cpu/engine/float/sgemm.h"
#include "cpu/engine/window_lines.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// A transposed convolution's input elements lie under its output elements as a convolution's outputs lie over its
// inputs: the same lines with the two sides exchanged.
WindowLines output_lines(std::vector<Window> windows) {
  for (Window& axis : windows) std::swap(axis.input, axis.output);
  return WindowLines(std::move(windows));
}

// Adds the products of one output channel, [tap, input element], to its plane.
void add_taps(const WindowLines& lines, const float* products, float* plane) {
  for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
    for (int64_t line = 0; line < lines.line_count(); ++line) {
      const WindowLines::Source source = lines.source(line, tap);
      const float* const from = products + (tap * lines.line_count() + line) * lines.line_length();
      for (int64_t i = source.begin; i < source.end; ++i) plane[source.element + i * lines.step()] += from[i];
    }
  }
}

}  // namespace

Result<Outputs> float_convolution_transpose(const Arguments& arguments, const ConvolutionTerms& terms) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, terms.output_shape()));
  if (output.empty()) return Outputs{output};
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
    ThreadPool::process().parallel_for(terms.group_channels, [&](int64_t first, int64_t last) {
      const std::unique_ptr<float[]> products(new float[static_cast<size_t>(taps * elements)]);
      for (int64_t channel = first; channel < last; ++channel) {
        sgemm(taps, elements, terms.group_inputs, {w + channel * taps, weight_row, true}, {x, elements}, 0.0F,
              products.get(), elements);
        float* const plane = y + channel * plane_size;
        std::fill_n(plane, plane_size, bias == nullptr ? 0.0F : bias[group * terms.group_channels + channel]);
        add_taps(lines, products.get(), plane);
      }
    });
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
