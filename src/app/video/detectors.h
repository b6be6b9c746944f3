// The sessions of one network as the pool of a video pipeline.
#pragma once

#include <vector>

#include "app/picture_network.h"
#include "video/detector_pool.h"

namespace sixtops::app {

// count sessions that share the model; 0: one a core, at most 6 (two a core of the NPU). The detectors own them.
Result<std::vector<video::Detect>> make_detectors(PictureNetwork& network, const DetectionThresholds& thresholds,
                                                  int count);

}  // namespace sixtops::app
