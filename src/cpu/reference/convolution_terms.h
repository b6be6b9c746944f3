// The terms of a convolution's sums: which input element meets which weight.
//
// Conv has weights [out, in / group, kernel...], ConvTranspose [in, out / group, kernel...]; both are the same double
// loop over the group's input channels and the taps, with other strides through the weights.
#pragma once

#include <cstdint>
#include <vector>

#include "cpu/reference/kernel.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::reference {

struct ConvolutionTerms {
  WindowTaps taps;
  int64_t batch = 0;
  int64_t channels = 0;        // output channels
  int64_t group_channels = 0;  // output channels of one group
  int64_t group_inputs = 0;    // input channels of one group
  int64_t groups = 1;
  int64_t weight_group_stride = 0;
  int64_t weight_channel_stride = 0;  // between output channels of one group
  int64_t weight_input_stride = 0;

  // Shapes and attributes checked against each other; kInvalidData says what does not fit.
  static Result<ConvolutionTerms> make(const Node& node, const Shape& input, const Shape& weights);
  static Result<ConvolutionTerms> make_transposed(const Node& node, const Shape& input, const Shape& weights);

  Shape output_shape() const { return taps.output_shape(batch, channels); }

  static constexpr int64_t kOutside = -1;

  // Calls begin(), then term(input index or kOutside, weight index) for every term, then end(channel, output index),
  // for every output element.
  template <typename Begin, typename Term, typename End>
  void for_each_output(const Begin& begin, const Term& term, const End& end) const;
};

template <typename Begin, typename Term, typename End>
void ConvolutionTerms::for_each_output(const Begin& begin, const Term& term, const End& end) const {
  const int64_t plane = taps.plane_size();
  std::vector<WindowTap> inside;
  std::vector<int64_t> elements(static_cast<size_t>(taps.tap_count()));
  for (int64_t window = 0; window < taps.window_count(); ++window) {
    taps.inside(window, inside);
    std::fill(elements.begin(), elements.end(), kOutside);
    for (const WindowTap& tap : inside) elements[static_cast<size_t>(tap.tap)] = tap.element;

    for (int64_t image_channel = 0; image_channel < batch * channels; ++image_channel) {
      const int64_t image = image_channel / channels;
      const int64_t channel = image_channel % channels;
      const int64_t group = channel / group_channels;
      begin();
      for (int64_t input = 0; input < group_inputs; ++input) {
        const int64_t x = ((image * groups + group) * group_inputs + input) * plane;
        const int64_t w = group * weight_group_stride + channel % group_channels * weight_channel_stride +
                          input * weight_input_stride;
        for (size_t tap = 0; tap < elements.size(); ++tap) {
          term(elements[tap] == kOutside ? kOutside : x + elements[tap], w + static_cast<int64_t>(tap));
        }
      }
      end(channel, image_channel * taps.window_count() + window);
    }
  }
}

}  // namespace sixtops::cpu::reference
