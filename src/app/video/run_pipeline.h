// Runs a pipeline until its streams have ended, a signal comes, or time is up, with a status on the terminal.
#pragma once

#include "video/pipeline.h"

namespace sixtops::app {

struct RunLimits {
  double seconds = 0;  // 0: none
};

// SIGINT and SIGTERM stop it within a second; a second signal ends the process at once, with exit code 130 or 143.
// Prints the summary on stderr.
void run_pipeline(video::Pipeline& pipeline, const RunLimits& limits);

}  // namespace sixtops::app
