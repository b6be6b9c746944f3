#include "cpu/engine/float/convolution.h"

#include <algorithm>
#include <memory>

#include "base/thread_pool.h"
#include "cpu/engine/float/padded_planes.h"
#include "cpu/engine/float/product_kernel.h"
#include "cpu/engine/vector_clones.h"
#include "cpu/engine/window_lines.h"

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

struct Operands {
  const float* x;
  const float* w;
  const float* bias;  // or nullptr
  float* y;
  const std::optional<Activation>& after;
};

// One input plane a group: taps are added line by line.
void depthwise(const ConvolutionTerms& terms, const Operands& operands) {
  const WindowLines lines(terms.taps.windows());
  ThreadPool::process().parallel_for(terms.batch * terms.channels, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      const int64_t channel = plane % terms.channels;
      const float* const input =
          operands.x + (plane / terms.channels * terms.groups + channel / terms.group_channels) * lines.plane_size();
      for (int64_t line = 0; line < lines.line_count(); ++line) {
        float* const output = operands.y + (plane * lines.line_count() + line) * lines.line_length();
        std::fill_n(output, lines.line_length(), operands.bias == nullptr ? 0.0F : operands.bias[channel]);
        for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
          const WindowLines::Source source = lines.source(line, tap);
          if (source.begin == source.end) continue;
          add_scaled_line(input + source.element + source.begin * lines.step(), lines.step(),
                          operands.w[channel * lines.tap_count() + tap], source.end - source.begin,
                          output + source.begin);
        }
        if (operands.after) activate_line(*operands.after, output, lines.line_length(), output);
      }
    }
  });
}

// Memory of a thread that outlives the layers, so that its pages are mapped once.
class Scratch {
 public:
  float* floats(int64_t count) {
    constexpr int64_t kAlignment = 16;
    if (count + kAlignment > capacity_) {
      capacity_ = count + kAlignment;
      memory_.reset();
      memory_.reset(new float[static_cast<size_t>(capacity_)]);
    }
    const auto address = reinterpret_cast<uintptr_t>(memory_.get()) / sizeof(float);
    return memory_.get() + (kAlignment - static_cast<int64_t>(address % kAlignment)) % kAlignment;
  }

 private:
  std::unique_ptr<float[]> memory_;
  int64_t capacity_ = 0;
};

// One group of one image: weights [channels, depth], depth = input planes · taps.
struct Group {
  int64_t channels;
  int64_t planes;
  int64_t plane_size;
  int64_t positions;  // outputs of a plane
  int64_t depth;
  const float* x;
  const float* w;
  const float* bias;  // or nullptr
  float* y;
  const std::optional<Activation>& after;
};

// Rows of kProductRows channels from `channel` on; those beyond the last channel repeat it.
ProductTask make_task(const Group& group, int64_t channel, int64_t last_channel, const std::vector<int64_t>& offsets) {
  ProductTask task;
  task.offsets = offsets.data();
  task.depth = group.depth;
  for (int64_t r = 0; r < kProductRows; ++r) {
    const int64_t row = std::min(channel + r, last_channel - 1);
    task.weights[r] = group.w + row * group.depth;
    task.bias[r] = group.bias == nullptr ? 0.0F : group.bias[row];
    task.out[r] = group.y + row * group.positions;
  }
  return task;
}

// Positions [begin, end) of `input`. A last call that would pass the end begins earlier where there is room, and may
// pass it where there is none.
void multiply(const ProductTask& task, const float* input, int64_t begin, int64_t end) {
  const ProductKernel& kernel = product_kernels().front();
  for (int64_t first = begin; first < end;) {
    const int64_t vectors = std::min<int64_t>(kMaxProductVectors, (end - first + kernel.vector - 1) / kernel.vector);
    const int64_t width = vectors * kernel.vector;
    if (first + width > end && end - width >= begin) first = end - width;
    kernel.run(task, input, first, static_cast<int>(vectors));
    first += width;
  }
}

// How many positions a pass over all channels takes at a time: their results and inputs stay in the second-level cache.
constexpr int64_t kPassPositions = 2048;
constexpr int64_t kPassInputFloats = 128 * 1024;

// The input planes are the terms already: results are written in place. REQUIRES: end - begin is at least
// kMaxProductVectors vectors.
void pointwise_positions(const Group& group, int64_t begin, int64_t end, int64_t first_channel, int64_t last_channel) {
  std::vector<int64_t> offsets(static_cast<size_t>(group.depth));
  for (int64_t k = 0; k < group.depth; ++k) offsets[static_cast<size_t>(k)] = k * group.plane_size;
  const int64_t wanted = std::clamp(kPassInputFloats / group.depth, int64_t{192}, kPassPositions);
  const int64_t passes = std::max<int64_t>(1, (end - begin) / wanted);
  for (int64_t pass = 0; pass < passes; ++pass) {
    const int64_t first = begin + (end - begin) * pass / passes;
    const int64_t last = begin + (end - begin) * (pass + 1) / passes;
    for (int64_t channel = first_channel; channel < last_channel; channel += kProductRows) {
      const ProductTask task = make_task(group, channel, last_channel, offsets);
      multiply(task, group.x, first, last);
      if (!group.after) continue;
      for (int64_t row = channel; row < std::min(channel + kProductRows, last_channel); ++row) {
        float* const line = group.y + row * group.positions;
        activate_line(*group.after, line + first, last - first, line + first);
      }
    }
  }
}

// Output lines [begin, end) of the flat picture.
void padded_lines(const Group& group, const PaddedPlanes& planes, int64_t begin, int64_t end, int64_t first_channel,
                  int64_t last_channel) {
  thread_local Scratch input_scratch;
  thread_local Scratch output_scratch;
  constexpr int64_t kSlack = kMaxProductVectors * kMaxVectorFloats;
  const int64_t line_floats = planes.pitch() * planes.phase_count() * group.planes;
  const int64_t wanted =
      std::clamp<int64_t>(std::min(kPassInputFloats / line_floats, kPassPositions / planes.pitch()), 1, end - begin);
  const int64_t passes = (end - begin + wanted - 1) / wanted;
  for (int64_t pass = 0; pass < passes; ++pass) {
    const int64_t first = begin + (end - begin) * pass / passes;
    const int64_t lines = begin + (end - begin) * (pass + 1) / passes - first;
    const int64_t stored_plane = planes.stored_plane_size(lines, kSlack);
    float* const input = input_scratch.floats(stored_plane * planes.phase_count() * group.planes);
    std::vector<int64_t> offsets;
    offsets.reserve(static_cast<size_t>(group.depth));
    for (int64_t plane = 0; plane < group.planes; ++plane) {
      const int64_t at = plane * planes.phase_count() * stored_plane;
      planes.append_offsets(at, stored_plane, offsets);
      planes.store(group.x + plane * group.plane_size, first, lines, stored_plane, input + at);
    }
    const int64_t positions = (lines - 1) * planes.pitch() + planes.line_length();
    float* const sums = output_scratch.floats(kProductRows * (positions + kSlack));
    for (int64_t channel = first_channel; channel < last_channel; channel += kProductRows) {
      ProductTask task = make_task(group, channel, last_channel, offsets);
      for (int64_t r = 0; r < kProductRows; ++r) task.out[r] = sums + r * (positions + kSlack);
      multiply(task, input, 0, positions);
      for (int64_t row = channel; row < std::min(channel + kProductRows, last_channel); ++row) {
        for (int64_t line = 0; line < lines; ++line) {
          const int64_t output_line = planes.output_line(first + line);
          if (output_line < 0) continue;
          const float* const from = task.out[row - channel] + line * planes.pitch();
          float* const to = group.y + row * group.positions + output_line * planes.line_length();
          if (group.after) {
            activate_line(*group.after, from, planes.line_length(), to);
          } else {
            std::copy_n(from, planes.line_length(), to);
          }
        }
      }
    }
  }
}

bool is_pointwise(const std::vector<Window>& windows) {
  return std::all_of(windows.begin(), windows.end(), [](const Window& axis) {
    return axis.kernel == 1 && axis.stride == 1 && axis.pad_begin == 0 && axis.pad_end == 0;
  });
}

void run_group(const Group& group, const PaddedPlanes& planes, bool pointwise) {
  ThreadPool& pool = ThreadPool::process();
  // Every thread's share, and so every pass, is long enough for multiply().
  constexpr int64_t kShortest = 2 * kMaxProductVectors * kMaxVectorFloats;
  const bool in_place = pointwise && group.positions >= kShortest;
  const int64_t count = in_place ? group.positions : planes.line_count();
  const auto compute = [&](int64_t begin, int64_t end, int64_t first_channel, int64_t last_channel) {
    if (in_place) {
      pointwise_positions(group, begin, end, first_channel, last_channel);
    } else {
      padded_lines(group, planes, begin, end, first_channel, last_channel);
    }
  };
  // Positions of large pictures are split, channels where little is left of the picture.
  const bool splits_positions =
      group.positions >= group.channels && (in_place ? count / pool.threads() >= kShortest : count >= pool.threads());
  if (splits_positions) {
    pool.parallel_for(count, [&](int64_t begin, int64_t end) { compute(begin, end, 0, group.channels); });
    return;
  }
  const int64_t blocks = (group.channels + kProductRows - 1) / kProductRows;
  pool.parallel_for(blocks, [&](int64_t begin, int64_t end) {
    compute(0, count, begin * kProductRows, std::min(end * kProductRows, group.channels));
  });
}

}  // namespace

bool is_float_layer(const Arguments& arguments, int64_t channels) {
  const auto is_f32 = [&](size_t i) { return arguments.input(i).dtype() == DType::kF32; };
  return is_f32(0) && is_f32(1) && (!arguments.has(2) || (is_f32(2) && arguments.input(2).element_count() == channels));
}

bool is_float_product(const Arguments& arguments, const ConvolutionTerms& terms) {
  return terms.group_inputs >= 1 && is_float_layer(arguments, terms.channels) &&
         (is_depthwise(terms) || PaddedPlanes::fit(terms.taps.windows(), terms.group_inputs));
}

Result<Outputs> float_convolution(const Arguments& arguments, const ConvolutionTerms& terms,
                                  const std::optional<Activation>& after) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, terms.output_shape()));
  if (output.empty()) return Outputs{output};
  const Operands operands{arguments.input(0).values<float>().data(), arguments.input(1).values<float>().data(),
                          arguments.has(2) ? arguments.input(2).values<float>().data() : nullptr,
                          output.mutable_values<float>().data(), after};
  if (is_depthwise(terms)) {
    depthwise(terms, operands);
    return Outputs{output};
  }
  const PaddedPlanes planes(terms.taps.windows());
  const bool pointwise = is_pointwise(terms.taps.windows());
  const int64_t depth = terms.group_inputs * terms.taps.tap_count();
  const int64_t positions = terms.taps.window_count();
  for (int64_t i = 0; i < terms.batch * terms.groups; ++i) {
    const int64_t first_channel = i % terms.groups * terms.group_channels;
    run_group({terms.group_channels, terms.group_inputs, terms.taps.plane_size(), positions, depth,
               operands.x + i * terms.group_inputs * terms.taps.plane_size(), operands.w + first_channel * depth,
               operands.bias == nullptr ? nullptr : operands.bias + first_channel,
               operands.y + i * terms.group_channels * positions, after},
              planes, pointwise);
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
