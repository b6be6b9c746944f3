// Where pictures come from: files, network streams, cameras, folders of pictures, a test pattern.
//
// SOURCE is one of
//   rtsp://…, rtsps://…        over TCP unless SourceOptions::transport says udp
//   http://…, https://…        a file or stream of FFmpeg's containers
//   /dev/video0, usb:0, usb:0:1280x720@30     a camera (V4L2)
//   test:1280x720@30, test:640x480@30:100     a moving pattern; its last number is how many frames there are
//   a folder or glob of pictures              one frame each, sorted by name
//   any other name             a video file: MP4, MKV, TS, raw .h264 and .h265, and what else FFmpeg reads
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "media/frame.h"

namespace sixtops::media {

struct SourceOptions {
  std::string url = {};
  std::string transport = "tcp";  // of rtsp: tcp or udp
  std::string decoder = {};       // DecoderOptions::name
  std::stop_token stop = {};      // ends every wait at once
};

struct SourceInfo {
  std::string name;   // the URL without secrets
  bool live = false;  // goes on whether one reads or not, and its end is a failure
  int width = 0;      // of the first picture, as far as the container says; 0 when not
  int height = 0;
  double fps = 0;      // nominal
  int64_t frames = 0;  // how many there will be, 0 when unknown
  std::string codec;   // "h264"; "" for sources without
  std::string decoder;
};

// Why a source could not be opened or read, for those who try again.
enum class SourceFailure : uint8_t { kNone, kAccessDenied, kOther };

// One thread at a time.
class Source {
 public:
  virtual ~Source() = default;
  const SourceInfo& info() const { return info_; }

  // The next picture; nothing at the end. Live sources: an end is an error. kIo when the deadline passed or the
  // connection broke, kInvalidData when a file is damaged beyond reading.
  virtual Result<std::optional<Frame>> read(Clock::time_point deadline) = 0;

  // Pictures and packets that were dropped because they were damaged.
  virtual int64_t damaged() const { return 0; }

 protected:
  SourceInfo info_;
};

// Messages never hold secrets of the URL. kNotFound when there is no such file, kIo when nothing answers in time.
Result<std::unique_ptr<Source>> open_source(const SourceOptions& options, Clock::time_point deadline,
                                            SourceFailure* failure = nullptr);

// Whether open_source would take it as a video rather than as a picture; decides by the name, opens nothing.
bool is_video_source(const std::string& url);

// True for sources that are read at their own pace and come back after a failure: cameras and network streams.
bool is_live_source(const std::string& url);

}  // namespace sixtops::media
