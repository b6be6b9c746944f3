#include "cpu/engine/float/convolution.h"

#include <algorithm>
#include <memory>

#include "base/thread_pool.h"
#include "cpu/engine/columns.h"
#include "cpu/engine/float/sgemm.h"
#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// y[i] += w · x[i · step]
SIXTOPS_VECTOR_CLONES
void add_scaled_line(const float* x, int64_t step, float w, int64_t count, float* y) {
  if (step == 1) {
    for (int64_t i = 0; i < count; ++i) y[i] += w * x[i];
  } else {
    for (int64_t i = 0; i < count; ++i) y[i] += w * x[i * step];
  }
}

bool is_depthwise(const ConvolutionTerms& terms) { return terms.group_inputs == 1 && terms.groups > 1; }

// One input plane a group: taps are added line by line.
void depthwise(const ConvolutionTerms& terms, const WindowLines& lines, const float* x, const float* w,
               const float* bias, float* y) {
  ThreadPool::process().parallel_for(terms.batch * terms.channels, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      const int64_t channel = plane % terms.channels;
      const float* const input =
          x + (plane / terms.channels * terms.groups + channel / terms.group_channels) * lines.plane_size();
      for (int64_t line = 0; line < lines.line_count(); ++line) {
        float* const output = y + (plane * lines.line_count() + line) * lines.line_length();
        std::fill_n(output, lines.line_length(), bias == nullptr ? 0.0F : bias[channel]);
        for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
          const WindowLines::Source source = lines.source(line, tap);
          if (source.begin == source.end) continue;
          add_scaled_line(input + source.element + source.begin * lines.step(), lines.step(),
                          w[channel * lines.tap_count() + tap], source.end - source.begin, output + source.begin);
        }
      }
    }
  });
}

// One group of one image as a matrix product: weights [channels, depth] · columns [depth, positions].
struct GroupProduct {
  int64_t channels;
  int64_t depth;
  int64_t positions;
  const float* x;  // the group's input planes
  const float* w;
  const float* bias;  // of the group's channels, or nullptr
  float* y;           // the group's output planes

  void run(const WindowLines& lines, bool pointwise, int64_t first_channel, int64_t last_channel, int64_t first,
           int64_t last) const {
    const int64_t tile = tile_columns(depth);
    const std::unique_ptr<float[]> columns(
        pointwise ? nullptr : new float[static_cast<size_t>(depth * std::min(tile, last - first))]);
    for (int64_t begin = first; begin < last; begin += tile) {
      const int64_t end = std::min(begin + tile, last);
      for (int64_t channel = first_channel; channel < last_channel; ++channel) {
        std::fill(y + channel * positions + begin, y + channel * positions + end,
                  bias == nullptr ? 0.0F : bias[channel]);
      }
      if (!pointwise) gather_columns(lines, x, depth / lines.tap_count(), 0.0F, begin, end, columns.get());
      const Matrix b = pointwise ? Matrix{x + begin, positions} : Matrix{columns.get(), end - begin};
      sgemm(last_channel - first_channel, end - begin, depth, {w + first_channel * depth, depth}, b, 1.0F,
            y + first_channel * positions + begin, positions);
    }
  }
};

// The input planes are the columns already.
bool is_pointwise(const std::vector<Window>& windows) {
  return std::all_of(windows.begin(), windows.end(), [](const Window& axis) {
    return axis.kernel == 1 && axis.stride == 1 && axis.pad_begin == 0 && axis.pad_end == 0;
  });
}

}  // namespace

bool is_float_layer(const Arguments& arguments, int64_t channels) {
  const auto is_f32 = [&](size_t i) { return arguments.input(i).dtype() == DType::kF32; };
  return is_f32(0) && is_f32(1) && (!arguments.has(2) || (is_f32(2) && arguments.input(2).element_count() == channels));
}

Result<Outputs> float_convolution(const Arguments& arguments, const ConvolutionTerms& terms) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, terms.output_shape()));
  if (output.empty()) return Outputs{output};
  const float* const x = arguments.input(0).values<float>().data();
  const float* const w = arguments.input(1).values<float>().data();
  const float* const bias = arguments.has(2) ? arguments.input(2).values<float>().data() : nullptr;
  float* const y = output.mutable_values<float>().data();
  const WindowLines lines(terms.taps.windows());
  if (is_depthwise(terms)) {
    depthwise(terms, lines, x, w, bias, y);
    return Outputs{output};
  }
  const bool pointwise = is_pointwise(terms.taps.windows());
  const int64_t depth = terms.group_inputs * terms.taps.tap_count();
  const int64_t positions = terms.taps.window_count();
  for (int64_t i = 0; i < terms.batch * terms.groups; ++i) {
    const int64_t first_channel = i % terms.groups * terms.group_channels;
    const GroupProduct product{terms.group_channels,
                               depth,
                               positions,
                               x + i * terms.group_inputs * terms.taps.plane_size(),
                               w + first_channel * depth,
                               bias == nullptr ? nullptr : bias + first_channel,
                               y + i * terms.group_channels * positions};
    // The longer side is split: positions of large pictures, channels where little is left of the picture.
    if (positions >= terms.group_channels) {
      ThreadPool::process().parallel_for(positions, [&](int64_t begin, int64_t end) {
        product.run(lines, pointwise, 0, terms.group_channels, begin, end);
      });
    } else {
      ThreadPool::process().parallel_for(terms.group_channels, [&](int64_t begin, int64_t end) {
        product.run(lines, pointwise, begin, end, 0, positions);
      });
    }
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
