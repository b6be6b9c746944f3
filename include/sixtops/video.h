// One video stream for programs in C++17: read, decoded, detected by a function of the program's, drawn, encoded.
//
//   api::VideoOptions options;
//   options.source = "rtsp://camera/stream";
//   options.outputs = {"out.h264"};
//   std::string error;
//   api::run_video(options, detect, error);      // returns at the end of a file, or after stop_video()
//
// A live source that dies is opened again and again; meanwhile the outputs get a picture that says so. No message holds
// the user name or password of a URL. Library: libsixtops_video, which links FFmpeg: with Debian's build of FFmpeg the
// program as a whole is under the GPL.
#pragma once

#include <sixtops/vision.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

namespace sixtops::api {

// Called by one thread at a time, with a picture in the video's size. False and `error`: this picture has no objects.
using DetectObjects = std::function<bool(const Picture& picture, std::vector<Object>& objects, std::string& error)>;

// What a program may want to print; valid during the call, which holds the stream up.
struct VideoFrame {
  int64_t number = 0;
  double seconds = 0;  // time stamp
  int width = 0;
  int height = 0;
  double detect_milliseconds = 0;
  const std::vector<Object>* objects = nullptr;
};

struct VideoOptions {
  std::string source;                // file, rtsp://, http://, /dev/video0, usb:0, test:640x480@30
  std::string transport = "tcp";     // of rtsp: tcp or udp
  std::vector<std::string> outputs;  // .h264 .h265 .mp4 .mkv .ts, rtsp://, folder/ of JPEG files; overwritten
  std::vector<std::string> labels;
  int retry_max_milliseconds = 30000;
  std::function<void(const VideoFrame&)> on_frame;                                    // may be empty
  std::function<void(const std::string& state, const std::string& reason)> on_state;  // the same
};

struct VideoSummary {
  int64_t frames = 0;
  int64_t dropped = 0;  // of a live source, when the detector was busy
  int64_t reconnects = 0;
  double seconds = 0;  // of wall time
};

// False, and `error` in one sentence, when the source of a file or an output failed.
bool run_video(const VideoOptions& options, const DetectObjects& detect, VideoSummary& summary, std::string& error);

// Lets run_video return within a second. May be called from a signal handler.
void stop_video();

// Overwrites user, password and query of a URL with stars, in place. For argv, before the first thread starts.
void hide_password(char* url);

}  // namespace sixtops::api

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
