// Pictures → packets of H.264 or H.265, by the first encoder of a list that opens: hardware by name, then software.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "media/packet.h"
#include "media/yuv_picture.h"

namespace sixtops::media {

struct EncoderOptions {
  std::string codec = "h264";  // or "hevc"
  std::string name = {};       // FFmpeg's name of an encoder; "": the list
  double fps = 25;             // nominal; time stamps decide
  double key_seconds = 2;      // a key picture at least that often
  int64_t bit_rate = 0;        // 0: constant quality (x264's CRF 23, x265's 28)
};

// Without B-frames and without delay: a packet a picture. One thread at a time.
class Encoder {
 public:
  // For pictures of the size, matrix and range of `like`; odd sizes become even by repeating the last column and line.
  // kUnsupported when none of the list opens.
  static Result<std::unique_ptr<Encoder>> open(const EncoderOptions& options, const YuvPicture& like);
  ~Encoder();

  const std::string& name() const;
  const StreamFormat& format() const;
  bool fits(const YuvPicture& picture) const;  // else a new encoder is needed

  // pts_us must grow. Pixels beyond an odd size must be there, as copy_pixels makes them.
  Result<std::vector<Packet>> encode(const YuvPicture& picture, int64_t pts_us, bool force_key = false);
  Result<std::vector<Packet>> finish();

 private:
  struct State;
  explicit Encoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sixtops::media
