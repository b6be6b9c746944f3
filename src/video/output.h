// Pictures of a stream on their way to its sinks: one encoder a codec, any number of sinks.
//
// A sink that fails is dropped, with a word in the log; the others go on. Network sinks run on a thread of their own
// and are tried again (retrying_sink.h), so that a slow server holds nobody up.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "media/encoder.h"
#include "media/sink.h"

namespace sixtops::video {

// A sink of packets that can do without, like a page that nobody looks at. What it answers may change at any time.
class OptionalSink : public media::PacketSink {
 public:
  virtual bool wants_packets() const = 0;
  virtual bool wants_key() = 0;  // true once after somebody came
};

struct OutputOptions {
  std::vector<std::string> sinks;  // URLs of media/sink.h
  media::EncoderOptions encoder;   // fps and codec are set by the stream and the sinks
  bool keep_existing = false;
  std::chrono::milliseconds retry_limit{4000};
  std::stop_token stop;
};

// One thread at a time.
class Output {
 public:
  // on_failure: told the sink's name and the reason, once a sink.
  using OnFailure = std::function<void(const std::string& sink, const Status& why)>;
  static Result<std::unique_ptr<Output>> open(const OutputOptions& options, OnFailure on_failure);

  void add(std::unique_ptr<OptionalSink> sink);
  void add(std::unique_ptr<media::PictureSink> sink);
  bool empty() const { return pictures_.empty() && encodings_.empty(); }

  // The picture's pixels must be their own (copy_pixels), and are not changed later.
  void write(const media::YuvPicture& picture, int64_t pts_us, int64_t number, double fps);
  void finish();

  // Sinks that failed for good, with the reasons.
  const std::vector<Status>& failures() const { return failures_; }
  std::string encoder_name() const;

 private:
  struct Encoding {
    std::string codec;
    std::unique_ptr<media::Encoder> encoder;
    std::vector<std::unique_ptr<media::PacketSink>> sinks;
    std::vector<std::unique_ptr<OptionalSink>> optional_sinks;
    bool resting = false;  // nobody wanted packets, so the encoder missed pictures
  };

  Output(const OutputOptions& options, OnFailure on_failure) : options_(options), on_failure_(std::move(on_failure)) {}
  Encoding& encoding_of(const std::string& codec);
  void encode(Encoding& encoding, const media::YuvPicture& picture, int64_t pts_us, double fps);
  Status renew_encoder(Encoding& encoding, const media::YuvPicture& picture, double fps);
  void deliver(Encoding& encoding, const std::vector<media::Packet>& packets);
  void failed(const std::string& sink, const Status& why);

  OutputOptions options_;
  OnFailure on_failure_;
  std::vector<Encoding> encodings_;
  std::vector<std::unique_ptr<media::PictureSink>> pictures_;
  std::vector<Status> failures_;
};

}  // namespace sixtops::video
