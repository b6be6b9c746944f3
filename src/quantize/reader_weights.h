// How much each channel of a tensor matters to who reads it: the share of the readers' squared weights on that channel.
#pragma once

#include <vector>

#include "quantize/job.h"

namespace sixtops::quantize {

// One weight a channel (axis 1), mean 1. Empty where the readers tell nothing.
std::vector<double> reader_weights(const Job& job, ValueId id);

}  // namespace sixtops::quantize
