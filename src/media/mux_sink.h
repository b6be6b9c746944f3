// Packets in a container of FFmpeg's: fragmented MP4, Matroska, MPEG-TS, RTSP push.
#pragma once

#include "media/sink.h"

namespace sixtops::media {

std::unique_ptr<PacketSink> make_mux_sink(const SinkOptions& options, const std::string& format);

}  // namespace sixtops::media
