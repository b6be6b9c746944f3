#include "video/output.h"

#include <algorithm>

#include "base/log.h"
#include "video/retrying_sink.h"

namespace sixtops::video {
namespace {

// Calls act(sink); sinks for which it fails are told of and taken away.
template <typename Sinks, typename Act, typename OnFailure>
void for_each_sink(Sinks& sinks, Act act, OnFailure on_failure) {
  std::erase_if(sinks, [&](auto& sink) {
    const Status status = act(*sink);
    if (!status.ok()) on_failure(sink->name(), status);
    return !status.ok();
  });
}

}  // namespace

Result<std::unique_ptr<Output>> Output::open(const OutputOptions& options, OnFailure on_failure) {
  std::unique_ptr<Output> output(new Output(options, std::move(on_failure)));
  for (const std::string& url : options.sinks) {
    media::Sink sink = TRY(media::make_sink({url, options.keep_existing, options.stop}));
    if (sink.pictures != nullptr) {
      output->pictures_.push_back(std::move(sink.pictures));
      continue;
    }
    if (url.rfind("rtsp://", 0) == 0) {
      sink.packets = std::make_unique<RetryingSink>(std::move(sink.packets), options.retry_limit);
    }
    output->encoding_of(media::sink_codec(url)).sinks.push_back(std::move(sink.packets));
  }
  return output;
}

Output::Encoding& Output::encoding_of(const std::string& codec) {
  for (Encoding& encoding : encodings_) {
    if (encoding.codec == codec) return encoding;
  }
  encodings_.emplace_back().codec = codec;
  return encodings_.back();
}

void Output::add(std::unique_ptr<OptionalSink> sink) {
  encoding_of("h264").optional_sinks.push_back(std::move(sink));  // what every browser plays
}

void Output::add(std::unique_ptr<media::PictureSink> sink) { pictures_.push_back(std::move(sink)); }

void Output::failed(const std::string& sink, const Status& why) {
  log(LogLevel::kError, "sink {}", why.message());
  failures_.push_back(why);
  if (on_failure_) on_failure_(sink, why);
}

void Output::deliver(Encoding& encoding, const std::vector<media::Packet>& packets) {
  const auto tell = [this](const std::string& sink, const Status& why) { failed(sink, why); };
  for (const media::Packet& packet : packets) {
    const auto write = [&packet](media::PacketSink& sink) { return sink.write(packet); };
    for_each_sink(encoding.sinks, write, tell);
    for_each_sink(encoding.optional_sinks, write, tell);
  }
}

Status Output::renew_encoder(Encoding& encoding, const media::YuvPicture& picture, double fps) {
  if (encoding.encoder != nullptr) deliver(encoding, TRY(encoding.encoder->finish()));
  encoding.encoder.reset();
  media::EncoderOptions options = options_.encoder;
  options.codec = encoding.codec;
  options.fps = fps;
  encoding.encoder = TRY(media::Encoder::open(options, picture));
  const auto begin = [&](media::PacketSink& sink) { return sink.begin(encoding.encoder->format()); };
  const auto tell = [this](const std::string& sink, const Status& why) { failed(sink, why); };
  for_each_sink(encoding.sinks, begin, tell);
  for_each_sink(encoding.optional_sinks, begin, tell);
  return {};
}

void Output::encode(Encoding& encoding, const media::YuvPicture& picture, int64_t pts_us, double fps) {
  bool wanted = !encoding.sinks.empty(), wants_key = encoding.resting;
  for (const auto& sink : encoding.optional_sinks) {
    wanted = wanted || sink->wants_packets();
    wants_key = sink->wants_key() || wants_key;
  }
  encoding.resting = !wanted;
  if (!wanted) return;
  Status status;
  if (encoding.encoder == nullptr || !encoding.encoder->fits(picture)) status = renew_encoder(encoding, picture, fps);
  if (status.ok()) {
    const Result<std::vector<media::Packet>> packets = encoding.encoder->encode(picture, pts_us, wants_key);
    status = packets.status();
    if (status.ok()) deliver(encoding, *packets);
  }
  if (status.ok()) return;
  for (const auto& sink : encoding.sinks) failed(sink->name(), status.with_prefix(sink->name() + ": "));
  encoding.sinks.clear();
  encoding.optional_sinks.clear();
}

void Output::write(const media::YuvPicture& picture, int64_t pts_us, int64_t number, double fps) {
  for (Encoding& encoding : encodings_) encode(encoding, picture, pts_us, fps);
  for_each_sink(
      pictures_, [&](media::PictureSink& sink) { return sink.write(picture, number); },
      [this](const std::string& sink, const Status& why) { failed(sink, why); });
}

void Output::finish() {
  const auto tell = [this](const std::string& sink, const Status& why) { failed(sink, why); };
  for (Encoding& encoding : encodings_) {
    if (encoding.encoder != nullptr) {
      const Result<std::vector<media::Packet>> rest = encoding.encoder->finish();
      if (rest.ok()) deliver(encoding, *rest);
    }
    for_each_sink(
        encoding.sinks, [](media::PacketSink& sink) { return sink.finish(); }, tell);
    for_each_sink(
        encoding.optional_sinks, [](media::PacketSink& sink) { return sink.finish(); }, tell);
  }
}

std::string Output::encoder_name() const {
  for (const Encoding& encoding : encodings_) {
    if (encoding.encoder != nullptr) return encoding.encoder->name();
  }
  return "";
}

}  // namespace sixtops::video
