// The times of a network's layers over several runs, as a table for people and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "cpu/engine/peak_rate.h"
#include "runtime/session.h"

namespace sixtops::app {

// One node, or a group that one kernel computes.
struct LayerFigures {
  std::string nodes;  // names, "+" between them
  std::string ops;    // likewise
  std::string
      shapes;  // "1x3x640x640 > 1x32x320x320 6x6/2": data, result, kernel / stride (one number where all axes agree)
  std::string kernel;
  double microseconds = 0;  // median over the runs
  int64_t macs = 0;
  int64_t bytes = 0;  // operands and results of the group, each once; what passes inside it stays out
  double gmac_per_s = 0;
  double share_of_peak = 0;  // of the peak for the layer's precision
};

Result<std::vector<LayerFigures>> time_layers(runtime::Session& session, const std::vector<Tensor>& inputs, int runs,
                                              const cpu::engine::PeakRate& peak);

void print_layers(const std::vector<LayerFigures>& layers);
nlohmann::ordered_json layers_json(const std::vector<LayerFigures>& layers);

}  // namespace sixtops::app
