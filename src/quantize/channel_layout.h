// Where the channels of a layer's output lie in memory.
#pragma once

#include <cstdint>
#include <vector>

#include "quantize/accumulate.h"

namespace sixtops::quantize {

// The channel of flat index i is i / inner % channels. One channel: all elements are alike.
struct ChannelLayout {
  int64_t inner = 1;
  int64_t channels = 1;
};

ChannelLayout channel_layout(const Accumulators& accumulators, const Shape& shape);

// Calls f(channel, begin, end) for every run of elements of one channel.
template <typename F>
void for_each_channel_run(int64_t element_count, const ChannelLayout& layout, F&& f) {
  int64_t channel = 0;
  for (int64_t begin = 0; begin < element_count; begin += layout.inner) {
    f(static_cast<size_t>(channel), begin, begin + layout.inner);
    if (++channel == layout.channels) channel = 0;
  }
}

std::vector<double> sums_of_channels(const Tensor& tensor, const ChannelLayout& layout);

}  // namespace sixtops::quantize
