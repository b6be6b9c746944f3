// FFmpeg's libraries: owners of their objects, texts of their errors, their log, and an end to their waiting.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "media/frame.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace sixtops::media {

struct LibavDeleter {
  void operator()(AVFormatContext* context) const;  // of an input
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVCodecParameters* parameters) const { avcodec_parameters_free(&parameters); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVDictionary* options) const { av_dict_free(&options); }
};

template <typename T>
using LibavPtr = std::unique_ptr<T, LibavDeleter>;

std::string libav_error(int code);

// Sends what the libraries log to the log of SixTOPS, at level debug and redacted. Needed once; cheap to repeat.
void route_libav_log();

// What a blocking call looks at again and again: whether time is up, or somebody wants everything to stop.
class Interrupt {
 public:
  explicit Interrupt(std::stop_token stop) : stop_(std::move(stop)) {}

  void arm(Clock::time_point deadline) {
    deadline_ = deadline;
    fired_ = false;
  }
  bool fired() const { return fired_; }
  bool stopped() const { return stop_.stop_requested(); }
  AVIOInterruptCB callback() { return {&Interrupt::check, this}; }

 private:
  static int check(void* self);

  std::stop_token stop_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool fired_ = false;  // an error code after that means nothing: FFmpeg reports "Invalid data" too
};

}  // namespace sixtops::media
