#include "cpu/reference/resize_taps.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace sixtops::cpu::reference {
namespace {

// Where output o lies among the inputs.
double source_coordinate(std::string_view mode, const ResizedAxis& axis, double o) {
  const auto input = static_cast<double>(axis.input);
  const auto output = static_cast<double>(axis.output);
  const double exact_output = axis.scale * input;  // before it was rounded to whole elements
  const double half_pixel = (o + 0.5) / axis.scale - 0.5;
  if (mode == "asymmetric") return o / axis.scale;
  if (mode == "align_corners") return exact_output == 1 ? 0 : o * (input - 1) / (exact_output - 1);
  if (mode == "pytorch_half_pixel") return axis.output > 1 ? half_pixel : 0;
  if (mode == "tf_half_pixel_for_nn") return (o + 0.5) / axis.scale;
  if (mode == "half_pixel_symmetric") return input / 2 * (1 - output / exact_output) + half_pixel;
  if (mode == "tf_crop_and_resize") {
    const double length = axis.roi_end - axis.roi_begin;
    const double inside = axis.output > 1 ? o * length / (output - 1) : length / 2;
    return (axis.roi_begin + inside) * (input - 1);
  }
  return half_pixel;
}

double round_to_nearest(std::string_view mode, double x) {
  if (mode == "floor") return std::floor(x);
  if (mode == "ceil") return std::ceil(x);
  if (mode == "round_prefer_ceil") return std::floor(x + 0.5);
  return std::ceil(x - 0.5);
}

double linear_kernel(double distance) { return std::max(0.0, 1 - std::fabs(distance)); }

// Keys' cubic convolution with coefficient a.
double cubic_kernel(double distance, double a) {
  const double d = std::fabs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}

class TapFinder {
 public:
  TapFinder(const Node& node, const ResizedAxis& axis)
      : axis_(axis),
        coordinates_(node.get_text("coordinate_transformation_mode")),
        mode_(node.get_text("mode")),
        nearest_mode_(node.get_text("nearest_mode")),
        exclude_outside_(node.get_int("exclude_outside") != 0),
        cubic_a_(node.get_float("cubic_coeff_a")) {
    if (node.get_int("antialias") != 0) stretch_ = std::min(axis.scale, 1.0);
    const double radius = mode_ == "cubic" ? 2 : 1;
    reach_ = -static_cast<int64_t>(std::floor(-radius / stretch_));
  }

  AxisTaps find() {
    for (int64_t o = 0; o < axis_.output; ++o) {
      const double x = source_coordinate(coordinates_, axis_, static_cast<double>(o));
      const bool is_inside = x >= 0 && x <= static_cast<double>(axis_.input - 1);
      if (is_inside || coordinates_ != "tf_crop_and_resize") {
        if (mode_ == "nearest") {
          result_.taps.push_back({clamp(static_cast<int64_t>(round_to_nearest(nearest_mode_, x))), 1});
        } else {
          add_window(x);
        }
      }
      result_.begin.push_back(result_.taps.size());
    }
    return std::move(result_);
  }

 private:
  int64_t clamp(int64_t index) const { return std::clamp<int64_t>(index, 0, axis_.input - 1); }

  // The reach_ elements on either side of x; an x on an element counts it to the right side.
  void add_window(double x) {
    const auto left = static_cast<int64_t>(std::ceil(x)) - 1;
    const size_t first = result_.taps.size();
    double sum = 0;
    for (int64_t i = left - reach_ + 1; i <= left + reach_; ++i) {
      if (exclude_outside_ && i != clamp(i)) continue;
      const double distance = (static_cast<double>(i) - x) * stretch_;
      const double weight = mode_ == "cubic" ? cubic_kernel(distance, cubic_a_) : linear_kernel(distance);
      if (weight == 0) continue;
      result_.taps.push_back({clamp(i), weight});
      sum += weight;
    }
    if (stretch_ == 1 && !exclude_outside_) return;  // the weights make 1 as they are
    for (size_t i = first; i < result_.taps.size(); ++i) result_.taps[i].weight /= sum;
  }

  const ResizedAxis axis_;
  const std::string_view coordinates_;
  const std::string_view mode_;
  const std::string_view nearest_mode_;
  const bool exclude_outside_;
  const double cubic_a_;
  double stretch_ = 1;  // of the distance, where antialiasing widens the kernel
  int64_t reach_ = 1;
  AxisTaps result_;
};

}  // namespace

bool AxisTaps::is_identity(int64_t input) const {
  if (static_cast<int64_t>(outputs()) != input || taps.size() != outputs()) return false;
  for (size_t o = 0; o < outputs(); ++o) {
    if (begin[o] != o || taps[o].index != static_cast<int64_t>(o) || taps[o].weight != 1) return false;
  }
  return true;
}

AxisTaps find_taps(const Node& node, const ResizedAxis& axis) { return TapFinder(node, axis).find(); }

}  // namespace sixtops::cpu::reference
