// Many streams, one pool of detectors, until all have ended or somebody stops them.
//
//   Pipeline pipeline(make_detectors(…));
//   TRY(pipeline.add(options, {&events}));
//   pipeline.start();
//   while (!pipeline.ended()) …            // statistics(), request_stop()
//   pipeline.join();
#pragma once

#include "video/stream.h"

namespace sixtops::video {

// One thread at a time, but for statistics() and request_stop(), which any may call.
class Pipeline {
 public:
  explicit Pipeline(std::vector<Detect> detectors) : pool_(std::move(detectors)) {}
  ~Pipeline();

  // Before start(). kUsage when there is a stream of that name.
  Result<Stream*> add(StreamOptions options, std::vector<Observer*> observers);

  void start();
  void request_stop() { stop_.request_stop(); }
  std::stop_token stop_token() const { return stop_.get_token(); }
  bool ended() const;
  void join();

  const std::vector<std::unique_ptr<Stream>>& streams() const { return streams_; }
  std::vector<StreamStatistics> statistics() const;
  double busy_share() const { return pool_.busy_share(); }
  int64_t runs() const { return pool_.runs(); }

 private:
  std::stop_source stop_;
  DetectorPool pool_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace sixtops::video
