// Video files, network streams and cameras through FFmpeg.
#pragma once

#include "media/source.h"

namespace sixtops::media {

Result<std::unique_ptr<Source>> open_libav_source(const SourceOptions& options, Clock::time_point deadline,
                                                  SourceFailure& failure);

}  // namespace sixtops::media
