// What streams did, as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "video/pipeline.h"

namespace sixtops::app {

// "door  live  25.0 fps  3 objects  dropped 12  latency 31 ms (p99 58)"
std::string status_text(const video::StreamStatistics& stream);

// The end of a run: a table of stages a stream, and how busy the networks were.
std::string summary_text(const video::Pipeline& pipeline, double wall_seconds);

// "CPU time 21.42 s, of which 14.90 s in the network"
std::string cpu_text(double process_seconds, double network_seconds);

}  // namespace sixtops::app
