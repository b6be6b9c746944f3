#include "video/pipeline.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::video {

Pipeline::~Pipeline() {
  request_stop();
  join();
}

Result<Stream*> Pipeline::add(StreamOptions options, std::vector<Observer*> observers) {
  for (const auto& stream : streams_) {
    if (stream->options().name == options.name) {
      return usage_error("there are two streams with the name '{}'; give each its own", options.name);
    }
  }
  streams_.push_back(TRY(Stream::create(std::move(options), pool_, std::move(observers), stop_.get_token())));
  return streams_.back().get();
}

void Pipeline::start() {
  for (const auto& stream : streams_) stream->start();
}

bool Pipeline::ended() const {
  return std::all_of(streams_.begin(), streams_.end(), [](const auto& stream) { return stream->ended(); });
}

void Pipeline::join() {
  for (const auto& stream : streams_) stream->join();
}

std::vector<StreamStatistics> Pipeline::statistics() const {
  std::vector<StreamStatistics> all;
  for (const auto& stream : streams_) all.push_back(stream->statistics());
  return all;
}

}  // namespace sixtops::video
