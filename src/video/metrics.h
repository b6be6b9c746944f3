// Statistics as Prometheus reads them (text format 0.0.4).
#pragma once

#include <string>
#include <vector>

#include "video/statistics.h"

namespace sixtops::video {

std::string prometheus_text(const std::vector<StreamStatistics>& streams, double busy_share, int64_t runs);

}  // namespace sixtops::video
