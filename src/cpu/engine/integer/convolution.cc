#include "cpu/engine/integer/convolution.h"

#include <algorithm>
#include <memory>

#include "base/thread_pool.h"
#include "cpu/engine/columns.h"
#include "cpu/engine/float/sgemm.h"
#include "cpu/engine/integer/requantize_line.h"
#include "cpu/engine/vector_clones.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// accumulators[i] += w · x[i · step]
SIXTOPS_VECTOR_CLONES
void add_scaled_line(const int8_t* x, int64_t step, int32_t w, int64_t count, int32_t* accumulators) {
  if (step == 1) {
    for (int64_t i = 0; i < count; ++i) accumulators[i] += w * x[i];
  } else {
    for (int64_t i = 0; i < count; ++i) accumulators[i] += w * x[i * step];
  }
}

// The end of a line of one channel: codes, or the sums themselves.
void finish_line(const IntegerLayer& layer, int64_t channel, const int32_t* accumulators, int64_t count, int8_t* y) {
  requantize_line(accumulators, count, layer.scale[static_cast<size_t>(channel)], layer.zero_point, y);
}
void finish_line(const IntegerLayer&, int64_t, const int32_t* accumulators, int64_t count, int32_t* y) {
  std::copy_n(accumulators, count, y);
}

template <typename T>
void depthwise(const ConvolutionTerms& terms, const IntegerLayer& layer, const WindowLines& lines, const int8_t* x,
               int32_t pad_code, T* y) {
  ThreadPool::process().parallel_for(terms.batch * terms.channels, [&](int64_t first, int64_t last) {
    std::vector<int32_t> accumulators(static_cast<size_t>(lines.line_length()));
    for (int64_t plane = first; plane < last; ++plane) {
      const int64_t channel = plane % terms.channels;
      const int8_t* const input =
          x + (plane / terms.channels * terms.groups + channel / terms.group_channels) * lines.plane_size();
      for (int64_t line = 0; line < lines.line_count(); ++line) {
        std::fill(accumulators.begin(), accumulators.end(), layer.bias[static_cast<size_t>(channel)]);
        for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
          const auto w = static_cast<int32_t>(layer.weights[static_cast<size_t>(channel * lines.tap_count() + tap)]);
          const WindowLines::Source source = lines.source(line, tap);
          for (int64_t i = 0; i < source.begin; ++i) accumulators[static_cast<size_t>(i)] += w * pad_code;
          if (source.begin < source.end) {
            add_scaled_line(input + source.element + source.begin * lines.step(), lines.step(), w,
                            source.end - source.begin, accumulators.data() + source.begin);
          }
          for (int64_t i = source.end; i < lines.line_length(); ++i)
            accumulators[static_cast<size_t>(i)] += w * pad_code;
        }
        finish_line(layer, channel, accumulators.data(), lines.line_length(),
                    y + (plane * lines.line_count() + line) * lines.line_length());
      }
    }
  });
}

// Output channels [first_channel, last_channel) of the layer, all of one group, at positions [first, last).
// x: the group's input planes; y: the image's output planes.
template <typename T>
void product(const ConvolutionTerms& terms, const IntegerLayer& layer, const WindowLines& lines, const int8_t* x,
             float pad_code, int64_t first_channel, int64_t last_channel, int64_t first, int64_t last, T* y) {
  const int64_t positions = terms.taps.window_count();
  const int64_t channels = last_channel - first_channel;
  const int64_t tile = std::min(tile_columns(layer.depth + 2 * channels), last - first);
  const auto size = [&](int64_t rows) { return static_cast<size_t>(rows * tile); };
  const std::unique_ptr<float[]> columns(new float[size(layer.depth)]);
  const std::unique_ptr<float[]> products(new float[size(channels)]);
  const std::unique_ptr<int32_t[]> accumulators(new int32_t[size(channels)]);
  for (int64_t begin = first; begin < last; begin += tile) {
    const int64_t width = std::min(tile, last - begin);
    gather_columns(lines, x, terms.group_inputs, pad_code, begin, begin + width, columns.get());
    for (int64_t c = 0; c < channels; ++c) {
      std::fill_n(accumulators.get() + c * width, width, layer.bias[static_cast<size_t>(first_channel + c)]);
    }
    for (int64_t k = 0; k < layer.depth; k += layer.chunk) {
      sgemm(channels, width, std::min(layer.chunk, layer.depth - k),
            {layer.weights.data() + first_channel * layer.depth + k, layer.depth}, {columns.get() + k * width, width},
            0.0F, products.get(), width);
      add_products(products.get(), channels * width, accumulators.get());
    }
    for (int64_t c = 0; c < channels; ++c) {
      finish_line(layer, first_channel + c, accumulators.get() + c * width, width,
                  y + (first_channel + c) * positions + begin);
    }
  }
}

template <typename T>
Result<Outputs> convolve(const Arguments& arguments, const ConvolutionTerms& terms, const IntegerLayer& layer) {
  Tensor output = TRY(arguments.allocate_for_overwrite(dtype_of<T>, terms.output_shape()));
  if (output.empty()) return Outputs{output};
  const int8_t* const x = arguments.input(0).values<int8_t>().data();
  T* const y = output.mutable_values<T>().data();
  const auto pad_code = static_cast<int32_t>(arguments.node.get_int("pad_code"));
  const WindowLines lines(terms.taps.windows());
  if (terms.group_inputs == 1 && terms.groups > 1) {
    depthwise(terms, layer, lines, x, pad_code, y);
    return Outputs{output};
  }
  const int64_t positions = terms.taps.window_count();
  for (int64_t i = 0; i < terms.batch * terms.groups; ++i) {
    const int8_t* const planes = x + i * terms.group_inputs * lines.plane_size();
    T* const image = y + i / terms.groups * terms.channels * positions;
    const int64_t channel = i % terms.groups * terms.group_channels;
    const auto pad = static_cast<float>(pad_code);
    // The longer side is split: positions of large pictures, channels where little is left of the picture.
    if (positions >= terms.group_channels) {
      ThreadPool::process().parallel_for(positions, [&](int64_t begin, int64_t end) {
        product(terms, layer, lines, planes, pad, channel, channel + terms.group_channels, begin, end, image);
      });
    } else {
      ThreadPool::process().parallel_for(terms.group_channels, [&](int64_t begin, int64_t end) {
        product(terms, layer, lines, planes, pad, channel + begin, channel + end, 0, positions, image);
      });
    }
  }
  return Outputs{output};
}

}  // namespace

Result<Outputs> integer_convolution(const Arguments& arguments, const ConvolutionTerms& terms,
                                    const IntegerLayer& layer) {
  return reference::gives_accumulators(arguments.node) ? convolve<int32_t>(arguments, terms, layer)
                                                       : convolve<int8_t>(arguments, terms, layer);
}

}  // namespace sixtops::cpu::engine
