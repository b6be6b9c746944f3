// RKNN_LOG_LEVEL: what the library says on stderr.
#pragma once

namespace sixtops::capi {

// 0 or unset: errors. 1, 2: warnings. 3: what was loaded and chosen. 4: the table of layers after each run. 5: all.
int log_level();

inline constexpr int kLayerTableLevel = 4;

// Directs the log of the whole library to stderr; the first call counts.
void start_logging();

}  // namespace sixtops::capi
