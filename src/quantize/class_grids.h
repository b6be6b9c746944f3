// Grids of the scale classes that several nodes write into: found on the float network, before any of them is fitted.
#pragma once

#include "quantize/job.h"

namespace sixtops::quantize {

// Runs the float network over the samples once, unless no class needs it.
Status decide_shared_grids(Job& job, const std::vector<Sample>& samples);

}  // namespace sixtops::quantize
