// The live page and its interface over HTTP.
//
//   /                                the page
//   /api/streams                     statistics, JSON
//   /api/streams/NAME/live.mp4       fragmented MP4 without end
//   /api/streams/NAME/mjpeg          the same as single pictures, for <img>
//   /api/streams/NAME/snapshot.jpg   the newest picture
//   /api/events                      server-sent events (video/event_json.h)
//   /metrics  /healthz
//
// Only 127.0.0.1 needs no token. It is given as "Authorization: Bearer TOKEN" or as the query parameter `token`, and
// compared in constant time. Requests without a body only; at most kMaxWatchers endless answers at once, 503 beyond.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "video/event_hub.h"
#include "video/live_hub.h"

namespace sixtops::video {

struct WebOptions {
  std::string address;  // "127.0.0.1:8080"; port 0: any
  std::string token;
};

struct WebStreams {
  std::map<std::string, std::shared_ptr<LiveHub>> hubs;  // by name
  EventHub* events = nullptr;
  std::function<std::string()> statistics;  // JSON
  std::function<std::string()> metrics;
};

class WebServer {
 public:
  // kUsage for an address that is none, and one beyond this machine without a token; kIo when the port is in use.
  static Result<std::unique_ptr<WebServer>> open(const WebOptions& options, WebStreams streams);
  ~WebServer();  // ends all answers

  int port() const;

 private:
  struct State;
  explicit WebServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Takes the same time wherever the texts differ.
bool equal_in_constant_time(const std::string& a, const std::string& b);

}  // namespace sixtops::video
