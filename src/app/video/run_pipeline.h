// Runs a pipeline until its streams have ended, a signal comes, or time is up, with a status on the terminal.
#pragma once

#include <atomic>
#include <memory>

#include "video/pipeline.h"

namespace sixtops::app {

struct RunOptions {
  double seconds = 0;  // 0: no limit
  // Told in the summary beside the CPU time of the process; may be null.
  std::shared_ptr<const std::atomic<int64_t>> network_cpu_ns = nullptr;
};

// SIGINT and SIGTERM stop it within a second; a second signal ends the process at once, with exit code 130 or 143.
// Prints the summary on stderr.
void run_pipeline(video::Pipeline& pipeline, const RunOptions& options);

}  // namespace sixtops::app
