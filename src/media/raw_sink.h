// The bare stream of an encoder in a file.
#pragma once

#include "media/sink.h"

namespace sixtops::media {

std::unique_ptr<PacketSink> make_raw_sink(const SinkOptions& options);

}  // namespace sixtops::media
