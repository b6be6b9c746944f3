// The sessions of one network as the pool of a video pipeline.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "app/picture_network.h"
#include "video/detector_pool.h"

namespace sixtops::app {

struct Detectors {
  std::vector<video::Detect> detect;  // they own the sessions
  // CPU time of the network's runs so far; null where runs use other threads too.
  std::shared_ptr<const std::atomic<int64_t>> network_cpu_ns;
};

// What a run of the network is to be: soon done, on all cores when they are free, or cheap, on one. Cheap is best where
// there is always another picture: then every core has a run of its own.
enum class RunStyle : uint8_t { kQuick, kCheap };

// count sessions that share the model; 0: one a core, at most 6 (two a core of the NPU).
Result<Detectors> make_detectors(PictureNetwork& network, const DetectionThresholds& thresholds, int count,
                                 RunStyle style);

}  // namespace sixtops::app
