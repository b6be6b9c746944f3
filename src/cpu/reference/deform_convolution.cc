#include <algorithm>

#include "cpu/reference/bilinear.h"
#include "cpu/reference/convolution_terms.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// One value a tap and output element, for each of the offset groups: offsets (two a tap) and masks.
Status check_tap_tensor(const Arguments& arguments, size_t index, const ConvolutionTerms& terms, int64_t values_a_tap) {
  const int64_t groups = arguments.node.get_int("offset_group");
  sixtops::Shape expected = terms.output_shape();
  expected[1] = groups * terms.taps.tap_count() * values_a_tap;
  if (arguments.input(index).shape() != expected) {
    return invalid_data("operand {} has shape {}, expected {}", index, shape_text(arguments.input(index).shape()),
                        shape_text(expected));
  }
  if (terms.groups * terms.group_inputs % groups != 0) {
    return invalid_data("{} input channels do not divide into {} offset groups", terms.groups * terms.group_inputs,
                        groups);
  }
  return {};
}

}  // namespace

// x, w, offsets (for each tap a row and a column offset), bias, mask. Sampling is bilinear, zero outside.
Result<Outputs> kernels::DeformConv(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.rank() != 4) return unsupported("input of shape {}; two spatial axes are supported", shape_text(x.shape()));
  const ConvolutionTerms terms = TRY(ConvolutionTerms::make(arguments.node, x.shape(), arguments.input(1).shape()));
  TRY(check_tap_tensor(arguments, 2, terms, 2));
  if (arguments.has(4)) TRY(check_tap_tensor(arguments, 4, terms, 1));
  TRY(expect_dtype(arguments, 1, x.dtype()));

  const std::vector<double> offsets = values_as<double>(arguments.input(2));
  std::vector<double> bias(static_cast<size_t>(terms.channels), 0.0);
  if (arguments.has(3)) bias = values_as<double>(arguments.input(3));
  if (static_cast<int64_t>(bias.size()) != terms.channels) {
    return invalid_data("{} biases for {} output channels", bias.size(), terms.channels);
  }
  const std::vector<double> mask = arguments.has(4) ? values_as<double>(arguments.input(4)) : std::vector<double>();
  const std::vector<Window>& windows = terms.taps.windows();
  const int64_t height = windows[0].input;
  const int64_t width = windows[1].input;
  const int64_t taps = terms.taps.tap_count();
  const int64_t positions = terms.taps.window_count();
  const int64_t offset_groups = arguments.node.get_int("offset_group");
  const int64_t offset_group_inputs = terms.groups * terms.group_inputs / offset_groups;

  // The sampled input of one tap at one output position.
  const auto sample = [&](auto plane, int64_t image, int64_t offset_group, int64_t tap, int64_t position) {
    const int64_t tap_index = (image * offset_groups + offset_group) * taps + tap;
    const auto offset_at = [&](int64_t which) {
      return offsets[static_cast<size_t>((tap_index * 2 + which) * positions + position)];
    };
    const auto on_axis = [&](const Window& axis, int64_t window, int64_t k, int64_t which) {
      // Far outside is outside: the clamp keeps hostile offsets inside int64.
      return std::clamp(static_cast<double>(axis.tap(window, k)) + offset_at(which), -2.0,
                        static_cast<double>(axis.input) + 1.0);
    };
    const double row = on_axis(windows[0], position / windows[1].output, tap / windows[1].kernel, 0);
    const double column = on_axis(windows[1], position % windows[1].output, tap % windows[1].kernel, 1);
    if (std::isnan(row) || std::isnan(column)) return std::numeric_limits<double>::quiet_NaN();
    const BilinearSample point = bilinear_sample(row, column, height, width);
    double value = 0;
    for (size_t i = 0; i < 4; ++i) {
      if (point.element[i] != BilinearSample::kNone) {
        value += point.weight[i] * plane[static_cast<size_t>(point.element[i])];
      }
    }
    return mask.empty() ? value : value * mask[static_cast<size_t>(tap_index * positions + position)];
  };

  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), terms.output_shape()));
    const auto w = arguments.input(1).values<T>();
    for (int64_t index = 0; index < output.element_count(); ++index) {
      const int64_t position = index % positions;
      const int64_t channel = index / positions % terms.channels;
      const int64_t image = index / positions / terms.channels;
      double sum = bias[static_cast<size_t>(channel)];
      for (int64_t i = 0; i < terms.group_inputs; ++i) {
        const int64_t input = channel / terms.group_channels * terms.group_inputs + i;
        const auto plane = x.values<T>().subspan(
            static_cast<size_t>((image * terms.groups * terms.group_inputs + input) * height * width),
            static_cast<size_t>(height * width));
        for (int64_t tap = 0; tap < taps; ++tap) {
          sum += sample(plane, image, input / offset_group_inputs, tap, position) *
                 w[static_cast<size_t>((channel * terms.group_inputs + i) * taps + tap)];
        }
      }
      output.mutable_values<T>()[static_cast<size_t>(index)] = static_cast<T>(sum);
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
