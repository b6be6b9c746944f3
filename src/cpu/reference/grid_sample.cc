// GridSample and AffineGrid, for pictures and volumes.
//
// Formulas: ONNX operators GridSample and AffineGrid, newest opset.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_loop.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// One element that a sample reads along an axis, or, multiplied over the axes, in a channel.
struct Tap {
  int64_t offset = 0;
  double weight = 1;
};

enum class Padding { kZeros, kBorder, kReflection };

// x folded back into [low, high] at both ends.
double reflect(double x, double low, double high) {
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(x)) return low;
  const double folded = std::fmod(std::fabs(x - low), 2 * range);
  return low + (folded > range ? 2 * range - folded : folded);
}

// Reads one spatial axis at coordinates in [-1, 1].
class AxisSampler {
 public:
  AxisSampler(const Node& node, int64_t extent, int64_t stride)
      : extent_(extent), stride_(stride), align_corners_(node.get_int("align_corners") != 0) {
    const std::string& mode = node.get_text("mode");
    taps_ = mode == "nearest" ? 1 : mode == "linear" ? 2 : 4;
    const std::string& padding = node.get_text("padding_mode");
    padding_ = padding == "zeros" ? Padding::kZeros : padding == "border" ? Padding::kBorder : Padding::kReflection;
    const auto length = static_cast<double>(extent);
    low_ = align_corners_ ? 0 : -0.5;
    high_ = align_corners_ ? length - 1 : length - 0.5;
  }

  // Appends the taps; those that read zeros beyond the border are left out.
  void sample(double coordinate, std::vector<Tap>& taps) const {
    const auto length = static_cast<double>(extent_);
    double x = align_corners_ ? (coordinate + 1) / 2 * (length - 1) : ((coordinate + 1) * length - 1) / 2;
    if (taps_ == 1) x = std::nearbyint(x);
    if (!(x >= low_ && x <= high_)) x = pad(x);
    if (taps_ == 1) return add(static_cast<int64_t>(x), 1, taps);
    const double floor = std::floor(x);
    const double ratio = x - floor;
    const auto left = static_cast<int64_t>(floor);
    if (taps_ == 2) {
      add(left, 1 - ratio, taps);
      add(left + 1, ratio, taps);
      return;
    }
    for (int64_t i = -1; i <= 2; ++i) add(left + i, cubic(std::fabs(static_cast<double>(i) - ratio)), taps);
  }

 private:
  double pad(double x) const {
    if (padding_ == Padding::kReflection) return reflect(x, low_, high_);
    const auto length = static_cast<double>(extent_);
    if (padding_ == Padding::kBorder) return x > 0 ? std::min(x, length - 1) : 0;
    // Far outside nothing is read, however far; a coordinate that is no number reads nothing either.
    return x > 0 ? std::min(x, length + 4) : x < 0 ? std::max(x, -4.0) : -4.0;
  }

  void add(int64_t index, double weight, std::vector<Tap>& taps) const {
    if (index < 0 || index >= extent_) {
      if (padding_ == Padding::kZeros) return;
      if (padding_ == Padding::kReflection)
        index = static_cast<int64_t>(reflect(static_cast<double>(index), low_, high_));
      index = std::clamp<int64_t>(index, 0, extent_ - 1);
    }
    taps.push_back({index * stride_, weight});
  }

  // Keys' cubic convolution with the coefficient -0.75.
  static double cubic(double d) {
    constexpr double kA = -0.75;
    return d <= 1 ? ((kA + 2) * d - (kA + 3)) * d * d + 1 : ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA;
  }

  int64_t extent_;
  int64_t stride_;
  bool align_corners_;
  int taps_ = 2;
  Padding padding_ = Padding::kZeros;
  double low_ = 0;
  double high_ = 0;
};

// The taps of a point: one axis's taps for each of the taps so far.
void multiply(const std::vector<Tap>& axis, std::vector<Tap>& point) {
  std::vector<Tap> product;
  for (const Tap& a : point) {
    for (const Tap& b : axis) product.push_back({a.offset + b.offset, a.weight * b.weight});
  }
  point = std::move(product);
}

// Coordinates of `count` output points in [-1, 1]; a single point that ends in the corners lies in the middle.
std::vector<double> even_coordinates(int64_t count, bool align_corners) {
  std::vector<double> result;
  for (int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<double>(i);
    const auto n = static_cast<double>(count);
    const double corners = count == 1 ? 0 : 2 * at / (n - 1) - 1;
    result.push_back(align_corners ? corners : (2 * at + 1) / n - 1);
  }
  return result;
}

}  // namespace

namespace kernels {

// x [n, c, spatial...], grid [n, output spatial..., axes], coordinates of the last axis first → [n, c, output
// spatial...]
Result<Outputs> GridSample(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& grid = arguments.input(1);
  const int64_t spatial = x.rank() - 2;
  if (spatial < 1 || grid.rank() != x.rank() || grid.shape().back() != spatial || grid.shape()[0] != x.shape()[0]) {
    return invalid_data("input of shape {} and grid of shape {}, expected N x C x spatial and N x spatial x axes",
                        shape_text(x.shape()), shape_text(grid.shape()));
  }
  sixtops::Shape shape = {x.shape()[0], x.shape()[1]};
  shape.insert(shape.end(), grid.shape().begin() + 1, grid.shape().end() - 1);
  TRY(arguments.check_output(x.dtype(), shape));
  const Strides strides = row_major_strides(x.shape());
  std::vector<AxisSampler> samplers;
  for (size_t axis = 2; axis < x.shape().size(); ++axis) {
    samplers.emplace_back(arguments.node, x.shape()[axis], strides[axis]);
  }
  const std::vector<double> coordinates = values_as<double>(grid);
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor y = TRY(arguments.allocate(x.dtype(), shape));
    if (y.empty()) return Outputs{y};
    if (x.empty()) return invalid_data("input of shape {} has no element to sample", shape_text(x.shape()));
    const int64_t channels = shape[1];
    const int64_t points = y.element_count() / shape[0] / channels;
    const double* at = coordinates.data();
    std::vector<Tap> taps;
    std::vector<Tap> of_axis;
    for (int64_t point = 0; point < shape[0] * points; ++point) {
      taps.assign(1, Tap());
      for (size_t axis = 0; axis < samplers.size(); ++axis) {
        of_axis.clear();
        samplers[axis].sample(at[samplers.size() - 1 - axis], of_axis);
        multiply(of_axis, taps);
      }
      at += spatial;
      const int64_t batch = point / points;
      for (int64_t c = batch * channels; c < (batch + 1) * channels; ++c) {
        const T* from = x.values<T>().data() + c * strides[1];
        double sum = 0;
        for (const Tap& tap : taps) sum += tap.weight * static_cast<double>(from[tap.offset]);
        y.mutable_values<T>()[static_cast<size_t>(c * points + point % points)] = static_cast<T>(sum);
      }
    }
    return Outputs{std::move(y)};
  });
}

// theta [n, axes, axes + 1], size [n, c, spatial...] → [n, spatial..., axes]
Result<Outputs> AffineGrid(const Arguments& arguments) {
  const Tensor& theta = arguments.input(0);
  const Ints size = values_as<int64_t>(arguments.input(1));
  const auto axes = static_cast<int64_t>(size.size()) - 2;
  if ((axes != 2 && axes != 3) || theta.shape() != sixtops::Shape{size[0], axes, axes + 1}) {
    return invalid_data("theta of shape {} and {} sizes, expected N x 2 x 3 and 4, or N x 3 x 4 and 5",
                        shape_text(theta.shape()), size.size());
  }
  sixtops::Shape shape = {size[0]};
  shape.insert(shape.end(), size.begin() + 2, size.end());
  shape.push_back(axes);
  TRY(arguments.check_output(theta.dtype(), shape));
  const bool align_corners = arguments.node.get_int("align_corners") != 0;
  return visit_float(theta.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor y = TRY(arguments.allocate(theta.dtype(), shape));
    if (y.empty()) return Outputs{y};
    // Depth, row and column coordinates; a picture is a volume of depth 1.
    std::array<std::vector<double>, 3> at = {std::vector<double>{0}};
    for (int64_t i = 0; i < axes; ++i) {
      at[static_cast<size_t>(3 - axes + i)] = even_coordinates(size[static_cast<size_t>(2 + i)], align_corners);
    }
    T* to = y.mutable_values<T>().data();
    const auto columns = static_cast<size_t>(axes + 1);
    for (int64_t n = 0; n < size[0]; ++n) {
      const T* const matrix = theta.values<T>().data() + n * axes * (axes + 1);
      for (const double z : at[0]) {
        for (const double row : at[1]) {
          for (const double column : at[2]) {
            const std::array<double, 3> point = {column, row, z};
            for (size_t i = 0; i < columns - 1; ++i) {
              double sum = static_cast<double>(matrix[i * columns + columns - 1]);
              for (size_t j = 0; j < columns - 1; ++j) sum += static_cast<double>(matrix[i * columns + j]) * point[j];
              *to++ = static_cast<T>(sum);
            }
          }
        }
      }
    }
    return Outputs{std::move(y)};
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
