#include "cpu/reference/convolution_terms.h"

#include <utility>

#include "base/error.h"

namespace sixtops::cpu::reference {
namespace {

Status check_ranks(const Shape& input, const Shape& weights) {
  if (input.size() >= 3 && weights.size() == input.size()) return {};
  return invalid_data("input of shape {} and weights of shape {}, expected equal ranks of at least 3",
                      shape_text(input), shape_text(weights));
}

Status check_channels(int64_t inputs, int64_t outputs, int64_t groups, int64_t expected_inputs) {
  if (inputs == expected_inputs && groups > 0 && inputs % groups == 0 && outputs % groups == 0 && outputs > 0)
    return {};
  return invalid_data("{} input channels, {} output channels and {} groups do not fit weights for {} input channels",
                      inputs, outputs, groups, expected_inputs);
}

std::span<const int64_t> kernel_extents(const Shape& weights) { return std::span(weights).subspan(2); }

}  // namespace

Result<ConvolutionTerms> ConvolutionTerms::make(const Node& node, const Shape& input, const Shape& weights) {
  TRY(check_ranks(input, weights));
  ConvolutionTerms terms;
  terms.taps = TRY(WindowTaps::make(TRY(resolve_windows(node, input, kernel_extents(weights)))));
  terms.groups = node.get_int("group");
  TRY(check_channels(input[1], weights[0], terms.groups, weights[1] * terms.groups));
  terms.batch = input[0];
  terms.channels = weights[0];
  terms.group_channels = terms.channels / terms.groups;
  terms.group_inputs = weights[1];
  terms.weight_input_stride = terms.taps.tap_count();
  terms.weight_channel_stride = terms.group_inputs * terms.weight_input_stride;
  terms.weight_group_stride = terms.group_channels * terms.weight_channel_stride;
  return terms;
}

Result<ConvolutionTerms> ConvolutionTerms::make_transposed(const Node& node, const Shape& input, const Shape& weights) {
  TRY(check_ranks(input, weights));
  ConvolutionTerms terms;
  terms.taps = TRY(WindowTaps::make_transposed(TRY(resolve_transposed_windows(node, input, kernel_extents(weights)))));
  terms.groups = node.get_int("group");
  TRY(check_channels(input[1], weights[1] * terms.groups, terms.groups, weights[0]));
  terms.batch = input[0];
  terms.group_channels = weights[1];
  terms.channels = terms.group_channels * terms.groups;
  terms.group_inputs = input[1] / terms.groups;
  terms.weight_channel_stride = terms.taps.tap_count();
  terms.weight_input_stride = terms.group_channels * terms.weight_channel_stride;
  terms.weight_group_stride = terms.group_inputs * terms.weight_input_stride;
  return terms;
}

}  // namespace sixtops::cpu::reference
