#include "quantize/channel_layout.h"

#include <algorithm>

#include "quantize/lines.h"

namespace sixtops::quantize {

ChannelLayout channel_layout(const Accumulators& accumulators, const Shape& shape) {
  const std::vector<int64_t> strides = row_major_strides(shape);
  if (accumulators.unit.size() == 1) {
    int64_t elements = 1;
    for (const int64_t extent : shape) elements *= extent;
    return {std::max<int64_t>(1, elements), 1};
  }
  const auto axis = static_cast<size_t>(accumulators.channel_axis);
  return {strides[axis], shape[axis]};
}

std::vector<double> sums_of_channels(const Tensor& tensor, const ChannelLayout& layout) {
  std::vector<double> sums(static_cast<size_t>(layout.channels), 0.0);
  const auto values = tensor.values<float>();
  for_each_channel_run(tensor.element_count(), layout, [&](size_t channel, int64_t begin, int64_t end) {
    sums[channel] += sum_of(values.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)));
  });
  return sums;
}

}  // namespace sixtops::quantize
