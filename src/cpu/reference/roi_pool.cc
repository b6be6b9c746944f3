// Pools of regions of interest: MaxRoiPool (whole elements) and RoiAlign (bilinear samples).
#include <algorithm>
#include <cmath>

#include "cpu/reference/bilinear.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// Feature coordinates beyond this are nonsense, and would not fit the integer arithmetic.
constexpr double kMaxCoordinate = 1e9;
// Samples of one bin; an adaptive grid takes one an element, so this is a bin of 2048 x 2048 elements.
constexpr int64_t kMaxSamples = int64_t{1} << 22;

Status check_picture(const Tensor& x, const Tensor& rois, int64_t columns) {
  if (x.rank() == 4 && !x.empty() && rois.rank() == 2 && rois.shape()[1] == columns) return {};
  return invalid_data("input of shape {} and regions of shape {}, expected 4 axes and Nx{}", shape_text(x.shape()),
                      shape_text(rois.shape()), columns);
}

// The regions in elements of the input: their last four columns times the scale. Columns before them stay.
Result<std::vector<double>> scaled_regions(const Tensor& rois, double scale) {
  std::vector<double> values = values_as<double>(rois);
  const auto columns = static_cast<size_t>(rois.shape()[1]);
  for (size_t i = 0; i < values.size(); ++i) {
    if (i % columns >= columns - 4) values[i] *= scale;
    if (!(std::abs(values[i]) < kMaxCoordinate)) return invalid_data("a region has coordinate {}", values[i]);
  }
  return values;
}

Status check_batch_index(int64_t index, int64_t batch) {
  if (index >= 0 && index < batch) return {};
  return invalid_data("a region names picture {} of a batch of {}", index, batch);
}

// Where RoiAlign samples a region along one axis.
struct SampleGrid {
  double start;
  double bin;
  int64_t samples;  // a bin

  SampleGrid(double begin, double end, int64_t bins, int64_t sampling_ratio, bool half_pixel) {
    const double shift = half_pixel ? 0.5 : 0.0;
    start = begin - shift;
    double length = end - shift - start;
    if (!half_pixel) length = std::max(length, 1.0);
    bin = length / static_cast<double>(bins);
    samples = sampling_ratio > 0 ? sampling_ratio : std::max<int64_t>(0, static_cast<int64_t>(std::ceil(bin)));
  }
  double at(int64_t b, int64_t sample) const {
    return start + static_cast<double>(b) * bin +
           (static_cast<double>(sample) + 0.5) * bin / static_cast<double>(samples);
  }
};

// Samples up to one element outside read the border; further out they count as nothing.
bool clamp_to_plane(double& coordinate, int64_t extent) {
  if (coordinate < -1.0 || coordinate > static_cast<double>(extent)) return false;
  coordinate = std::clamp(coordinate, 0.0, static_cast<double>(extent - 1));
  return true;
}

// The mean of a bin's samples, or the largest: in mode max that is the largest weighted corner of any sample, not the
// largest sample, as the operator's definition says.
template <typename T>
double align_bin(std::span<const T> plane, int64_t height, int64_t width, const SampleGrid& rows, int64_t bin_row,
                 const SampleGrid& columns, int64_t bin_column, bool average) {
  const int64_t samples = rows.samples * columns.samples;
  if (samples == 0) return 0;
  double sum = 0;
  double largest = -std::numeric_limits<double>::infinity();
  for (int64_t s = 0; s < samples; ++s) {
    double row = rows.at(bin_row, s / columns.samples);
    double column = columns.at(bin_column, s % columns.samples);
    if (!clamp_to_plane(row, height) || !clamp_to_plane(column, width)) {
      largest = std::max(largest, 0.0);
      continue;
    }
    const BilinearSample point = bilinear_sample(row, column, height, width);
    for (size_t i = 0; i < 4; ++i) {
      // Behind the last row or column there is nothing, and the weight is 0.
      const int64_t element = std::max<int64_t>(point.element[i], 0);
      const double part = point.weight[i] * plane[static_cast<size_t>(element)];
      sum += part;
      largest = std::max(largest, part);
    }
  }
  return average ? sum / static_cast<double>(samples) : largest;
}

}  // namespace

// rois [n, 5]: picture, left, top, right, bottom in input pixels.
Result<Outputs> kernels::MaxRoiPool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  TRY(check_picture(x, arguments.input(1), 5));
  const std::vector<double> rois = TRY(scaled_regions(arguments.input(1), arguments.node.get_float("spatial_scale")));
  const Ints& pooled = arguments.node.get_ints("pooled_shape");
  if (pooled.size() != 2) return invalid_data("pooled_shape has {} entries, expected 2", pooled.size());
  const int64_t channels = x.shape()[1];
  const int64_t height = x.shape()[2];
  const int64_t width = x.shape()[3];
  const int64_t count = arguments.input(1).shape()[0];
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), {count, channels, pooled[0], pooled[1]}));
    size_t index = 0;
    for (int64_t r = 0; r < count; ++r) {
      const double* roi = &rois[static_cast<size_t>(r * 5)];
      const auto image = static_cast<int64_t>(roi[0]);
      TRY(check_batch_index(image, x.shape()[0]));
      const auto pixel = [&](int i) { return std::round(roi[i]); };
      // Rows [first, last) of bin `b` of `bins` along an axis.
      const auto range = [](double begin, double end, int64_t b, int64_t bins, int64_t extent) {
        const double bin = std::max(end - begin + 1, 1.0) / static_cast<double>(bins);
        const double first = std::floor(static_cast<double>(b) * bin) + begin;
        const double last = std::ceil(static_cast<double>(b + 1) * bin) + begin;
        const auto limit = static_cast<double>(extent);
        return std::pair(static_cast<int64_t>(std::clamp(first, 0.0, limit)),
                         static_cast<int64_t>(std::clamp(last, 0.0, limit)));
      };
      for (int64_t c = 0; c < channels; ++c) {
        const auto plane = x.values<T>().subspan(static_cast<size_t>((image * channels + c) * height * width),
                                                 static_cast<size_t>(height * width));
        for (int64_t bin = 0; bin < pooled[0] * pooled[1]; ++bin) {
          const auto [top, bottom] = range(pixel(2), pixel(4), bin / pooled[1], pooled[0], height);
          const auto [left, right] = range(pixel(1), pixel(3), bin % pooled[1], pooled[1], width);
          T best = top < bottom && left < right ? plane[static_cast<size_t>(top * width + left)] : T{0};
          for (int64_t row = top; row < bottom; ++row) {
            for (int64_t column = left; column < right; ++column) {
              best = std::max(best, plane[static_cast<size_t>(row * width + column)]);
            }
          }
          output.mutable_values<T>()[index++] = best;
        }
      }
    }
    return Outputs{output};
  });
}

// rois [n, 4]: left, top, right, bottom; batch_indices [n].
Result<Outputs> kernels::RoiAlign(const Arguments& arguments) {
  const Node& node = arguments.node;
  const Tensor& x = arguments.input(0);
  TRY(check_picture(x, arguments.input(1), 4));
  const std::vector<double> rois = TRY(scaled_regions(arguments.input(1), arguments.node.get_float("spatial_scale")));
  const Ints images = values_as<int64_t>(arguments.input(2));
  const int64_t count = arguments.input(1).shape()[0];
  if (static_cast<int64_t>(images.size()) != count) {
    return invalid_data("{} batch indices for {} regions", images.size(), count);
  }
  const bool half_pixel = node.get_text("coordinate_transformation_mode") == "half_pixel";
  const bool average = node.get_text("mode") == "avg";
  const int64_t bins_y = node.get_int("output_height");
  const int64_t bins_x = node.get_int("output_width");
  const int64_t channels = x.shape()[1];
  const int64_t height = x.shape()[2];
  const int64_t width = x.shape()[3];
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), {count, channels, bins_y, bins_x}));
    size_t index = 0;
    for (int64_t r = 0; r < count; ++r) {
      const int64_t image = images[static_cast<size_t>(r)];
      TRY(check_batch_index(image, x.shape()[0]));
      const double* roi = &rois[static_cast<size_t>(r * 4)];
      const int64_t ratio = node.get_int("sampling_ratio");
      const SampleGrid rows(roi[1], roi[3], bins_y, ratio, half_pixel);
      const SampleGrid columns(roi[0], roi[2], bins_x, ratio, half_pixel);
      const int64_t samples = rows.samples * columns.samples;
      if (samples > kMaxSamples) return invalid_data("region {} takes {} samples a bin", r, samples);
      for (int64_t c = 0; c < channels; ++c) {
        const auto plane = x.values<T>().subspan(static_cast<size_t>((image * channels + c) * height * width),
                                                 static_cast<size_t>(height * width));
        for (int64_t bin = 0; bin < bins_y * bins_x; ++bin) {
          const double result = align_bin(plane, height, width, rows, bin / bins_x, columns, bin % bins_x, average);
          output.mutable_values<T>()[index++] = static_cast<T>(result);
        }
      }
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
