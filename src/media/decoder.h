// Encoded packets → pictures, by the first decoder of a list that opens: hardware by name, then software.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/libav.h"

namespace sixtops::media {

struct DecoderOptions {
  std::string name;   // "": the list. "sw": software only. Else FFmpeg's name of a decoder
  bool live = false;  // no frame threads, which would keep pictures back
};

// One thread at a time.
class Decoder {
 public:
  // kUnsupported when no decoder knows the codec, or the one that was named is not there or does not open.
  static Result<std::unique_ptr<Decoder>> open(const AVCodecParameters& parameters, const DecoderOptions& options);

  const std::string& name() const { return name_; }

  // packet null: no more will come. Packets that the decoder refuses are counted, no error.
  void send(AVPacket* packet, int64_t arrival_us);

  // False when the decoder wants another packet, or is at its end after send(nullptr). The frame's reordered_opaque is
  // the arrival of its packet. Damaged pictures are dropped and counted.
  bool receive(AVFrame& frame);

  int64_t damaged() const { return damaged_; }

 private:
  explicit Decoder(LibavPtr<AVCodecContext> context, std::string name)
      : context_(std::move(context)), name_(std::move(name)) {}

  LibavPtr<AVCodecContext> context_;
  std::string name_;
  int64_t damaged_ = 0;
};

}  // namespace sixtops::media
