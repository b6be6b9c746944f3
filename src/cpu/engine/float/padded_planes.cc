#include "cpu/engine/float/padded_planes.h"

#include <algorithm>
#include <limits>

#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

int64_t divide_up(int64_t a, int64_t b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }

SIXTOPS_VECTOR_CLONES
void copy_every(const float* from, int64_t step, int64_t count, float* to) {
  if (step == 1) {
    std::copy_n(from, count, to);
  } else if (step == 2) {
    for (int64_t i = 0; i < count; ++i) to[i] = from[2 * i];
  } else {
    for (int64_t i = 0; i < count; ++i) to[i] = from[i * step];
  }
}

// Elements [begin, end) of a phase lie on the input.
struct Inside {
  int64_t begin = 0;
  int64_t end = 0;
};

Inside inside(const Window& window, int64_t phase, int64_t extent) {
  const int64_t first = phase - window.pad_begin;
  const int64_t begin = std::clamp<int64_t>(divide_up(-first, window.stride), 0, extent);
  return {begin, std::clamp<int64_t>(divide_up(window.input - first, window.stride), begin, extent)};
}

}  // namespace

bool PaddedPlanes::fit(const std::vector<Window>& windows, int64_t planes) {
  constexpr double kMostFloats = 64 * 1024 * 1024;
  constexpr double kMostPositions = 1e15;
  // Floating point, because nothing bounds these products yet.
  double line_stride = 1;
  double read_lines = 1;
  double phases = 1;
  double positions = 1;
  double pitch = 0;
  for (size_t i = windows.size(); i-- > 0;) {
    const Window& axis = windows[i];
    const double shift =
        static_cast<double>(axis.kernel - 1) * static_cast<double>(axis.dilation) / static_cast<double>(axis.stride);
    const double extent = static_cast<double>(axis.output) + shift + 1;
    positions *= extent;
    phases *= static_cast<double>(std::min(axis.kernel, axis.stride));
    if (i + 1 == windows.size()) {
      pitch = extent;
    } else {
      read_lines += shift * line_stride;
      line_stride *= extent;
    }
  }
  return positions < kMostPositions && read_lines * pitch * phases * static_cast<double>(planes) < kMostFloats;
}

PaddedPlanes::PaddedPlanes(const std::vector<Window>& windows) {
  for (const Window& window : windows) {
    Axis axis;
    axis.window = window;
    int64_t furthest = 0;
    for (int64_t k = 0; k < window.kernel; ++k) {
      const int64_t phase = k * window.dilation % window.stride;
      auto it = std::find(axis.phases.begin(), axis.phases.end(), phase);
      if (it == axis.phases.end()) it = axis.phases.insert(it, phase);
      axis.tap_phases.push_back(it - axis.phases.begin());
      axis.tap_shifts.push_back(k * window.dilation / window.stride);
      furthest = std::max(furthest, axis.tap_shifts.back());
    }
    axis.extent = window.output + furthest;
    phase_count_ *= static_cast<int64_t>(axis.phases.size());
    tap_count_ *= window.kernel;
    axes_.push_back(std::move(axis));
  }
  const Axis& last = axes_.back();
  shared_ = std::numeric_limits<int64_t>::max();
  for (const int64_t phase : last.phases) {
    const Inside line = inside(last.window, phase, last.extent);
    shared_ = std::min({shared_, line.begin, last.extent - line.end});
  }
  pitch_ = last.extent - shared_;
  int64_t line_stride = 1;
  for (size_t i = axes_.size() - 1; i-- > 0;) {
    Axis& axis = axes_[i];
    axis.line_stride = line_stride;
    line_count_ += (axis.window.output - 1) * line_stride;
    shift_lines_ += (axis.extent - axis.window.output) * line_stride;
    line_stride *= axis.extent;
  }
}

int64_t PaddedPlanes::output_line(int64_t line) const {
  int64_t result = 0;
  for (size_t i = 0; i + 1 < axes_.size(); ++i) {
    const Axis& axis = axes_[i];
    const int64_t coordinate = line / axis.line_stride;
    line %= axis.line_stride;
    if (coordinate >= axis.window.output) return -1;
    result = result * axis.window.output + coordinate;
  }
  return result;
}

int64_t PaddedPlanes::stored_plane_size(int64_t lines, int64_t slack) const {
  // An odd number of cache lines, so that the same place in different planes falls into different sets of a cache.
  constexpr int64_t kLine = 16;
  const int64_t size = (lines + shift_lines_) * pitch_ + shared_ + slack;
  return (size + kLine - 1) / kLine / 2 * 2 * kLine + kLine;
}

void PaddedPlanes::append_offsets(int64_t plane_begin, int64_t stored_plane, std::vector<int64_t>& offsets) const {
  for (int64_t tap = 0; tap < tap_count_; ++tap) {
    int64_t rest = tap;
    int64_t phase = 0;
    int64_t phase_stride = 1;
    int64_t offset = plane_begin;
    for (size_t i = axes_.size(); i-- > 0;) {
      const Axis& axis = axes_[i];
      const auto k = static_cast<size_t>(rest % axis.window.kernel);
      rest /= axis.window.kernel;
      phase += axis.tap_phases[k] * phase_stride;
      phase_stride *= static_cast<int64_t>(axis.phases.size());
      offset += axis.tap_shifts[k] * (i + 1 == axes_.size() ? 1 : axis.line_stride * pitch_);
    }
    offsets.push_back(offset + phase * stored_plane);
  }
}

void PaddedPlanes::store_line(const float* line, int64_t phase, float* to) const {
  const Axis& last = axes_.back();
  if (line == nullptr) {
    std::fill_n(to, last.extent, 0.0F);
    return;
  }
  const Inside valid = inside(last.window, phase, last.extent);
  std::fill(to, to + valid.begin, 0.0F);
  copy_every(line + valid.begin * last.window.stride + phase - last.window.pad_begin, last.window.stride,
             valid.end - valid.begin, to + valid.begin);
  std::fill(to + valid.end, to + last.extent, 0.0F);
}

void PaddedPlanes::store(const float* plane, int64_t first, int64_t lines, int64_t stored_plane, float* to) const {
  const Axis& last = axes_.back();
  for (int64_t phase = 0; phase < phase_count_; ++phase) {
    for (int64_t line = first; line < first + lines + shift_lines_; ++line) {
      // The input line of this phase and place; none in the padding.
      int64_t rest_line = line;
      int64_t rest_phase = phase;
      const int64_t last_phase =
          last.phases[static_cast<size_t>(rest_phase % static_cast<int64_t>(last.phases.size()))];
      rest_phase /= static_cast<int64_t>(last.phases.size());
      int64_t input_line = 0;
      int64_t input_stride = 1;
      bool is_inside = true;
      for (size_t i = axes_.size() - 1; i-- > 0;) {
        const Axis& axis = axes_[i];
        const auto phases = static_cast<int64_t>(axis.phases.size());
        const int64_t axis_phase = axis.phases[static_cast<size_t>(rest_phase % phases)];
        rest_phase /= phases;
        const int64_t element = i == 0 ? rest_line : rest_line % axis.extent;
        rest_line /= axis.extent;
        const int64_t coordinate = element * axis.window.stride + axis_phase - axis.window.pad_begin;
        is_inside = is_inside && coordinate >= 0 && coordinate < axis.window.input;
        input_line += coordinate * input_stride;
        input_stride *= axis.window.input;
      }
      store_line(is_inside ? plane + input_line * last.window.input : nullptr, last_phase,
                 to + phase * stored_plane + (line - first) * pitch_);
    }
  }
}

}  // namespace sixtops::cpu::engine
