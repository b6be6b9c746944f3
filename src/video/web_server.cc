#include "video/web_server.h"

#include <fmt/core.h>
#include <httplib.h>

#include <atomic>
#include <charconv>
#include <thread>

#include "base/error.h"
#include "media/rgb_converter.h"
#include "video/page_files.h"
#include "vision/format/jpeg.h"

namespace sixtops::video {
namespace {

using media::Clock;
using std::chrono::milliseconds;

constexpr size_t kThreads = 64;
constexpr int kMaxWatchers = 48;  // endless answers; the other threads stay for short ones
constexpr auto kPatience = milliseconds(5000);
constexpr auto kLook = milliseconds(200);
constexpr int kJpegQuality = 80;
constexpr const char* kBoundary = "sixtopsframe";

struct Address {
  std::string host;
  int port = 0;
};

Result<Address> parse_address(const std::string& text) {
  const size_t colon = text.rfind(':');
  Address address;
  address.host = text.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (address.host.empty() || error != std::errc() || end != port.data() + port.size() || address.port < 0 ||
      address.port > 65535) {
    return usage_error("--serve '{}': expected ADDRESS:PORT, for instance 127.0.0.1:8080", text);
  }
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

bool is_loopback(const std::string& host) { return host == "127.0.0.1" || host == "::1" || host == "localhost"; }

}  // namespace

bool equal_in_constant_time(const std::string& a, const std::string& b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  }
  return difference == 0;
}

struct WebServer::State {
  httplib::Server server;
  WebOptions options;
  WebStreams streams;
  bool loopback = false;
  int port = 0;
  std::atomic<int> watchers = 0;
  std::atomic<bool> stopping = false;
  std::jthread thread;

  httplib::Server::HandlerResponse check(const httplib::Request& request, httplib::Response& response);
  bool authorized(const httplib::Request& request) const;
  void set_routes();
  std::shared_ptr<void> watcher(httplib::Response& response);
  LiveHub* hub_of(const httplib::Request& request, httplib::Response& response);
  void live(const httplib::Request& request, httplib::Response& response);
  void mjpeg(const httplib::Request& request, httplib::Response& response);
  void snapshot(const httplib::Request& request, httplib::Response& response);
  void events(httplib::Response& response);
};

bool WebServer::State::authorized(const httplib::Request& request) const {
  if (options.token.empty()) return true;
  const std::string bearer = "Bearer ";
  const std::string header = request.get_header_value("Authorization");
  const std::string given =
      header.rfind(bearer, 0) == 0 ? header.substr(bearer.size()) : request.get_param_value("token");
  return equal_in_constant_time(given, options.token);
}

httplib::Server::HandlerResponse WebServer::State::check(const httplib::Request& request, httplib::Response& response) {
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cache-Control", "no-store");
  response.set_header("Content-Security-Policy",
                      "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; frame-ancestors 'none'");
  const auto refuse = [&](int status, const char* why) {
    response.status = status;
    response.set_content(why, "text/plain");
    return httplib::Server::HandlerResponse::Handled;
  };
  if (request.method != "GET" && request.method != "HEAD") return refuse(405, "only GET\n");
  if (loopback && options.token.empty()) {
    // Another site's name that leads to this machine must not read its cameras.
    std::string host = request.get_header_value("Host");
    host = host.substr(0, host.rfind(':') == std::string::npos || host.back() == ']' ? host.size() : host.rfind(':'));
    if (!is_loopback(host) && host != "[::1]") return refuse(403, "ask for localhost\n");
  }
  if (request.path != "/healthz" && !authorized(request)) return refuse(401, "the token is missing or wrong\n");
  return httplib::Server::HandlerResponse::Unhandled;
}

// Counts an endless answer while it lives; null, and 503, when there are too many.
std::shared_ptr<void> WebServer::State::watcher(httplib::Response& response) {
  if (++watchers > kMaxWatchers) {
    --watchers;
    response.status = 503;
    response.set_content("too many watch already\n", "text/plain");
    return nullptr;
  }
  return {static_cast<void*>(this), [this](void*) { --watchers; }};
}

LiveHub* WebServer::State::hub_of(const httplib::Request& request, httplib::Response& response) {
  const auto found = streams.hubs.find(request.matches[1]);
  if (found != streams.hubs.end()) return found->second.get();
  response.status = 404;
  response.set_content("there is no such stream\n", "text/plain");
  return nullptr;
}

void WebServer::State::live(const httplib::Request& request, httplib::Response& response) {
  LiveHub* const hub = hub_of(request, response);
  if (hub == nullptr) return;
  const std::shared_ptr<void> counted = watcher(response);
  if (counted == nullptr) return;
  const std::shared_ptr<LiveHub::Viewer> viewer = hub->add_viewer();
  const std::optional<std::string> mime = hub->mime(Clock::now() + kPatience);
  if (!mime) {
    response.status = 503;
    response.set_content("the stream has no picture yet\n", "text/plain");
    return;
  }
  response.set_chunked_content_provider(
      fmt::format("video/mp4; codecs=\"{}\"", *mime), [this, viewer, counted](size_t, httplib::DataSink& sink) {
        if (stopping) return false;
        const std::optional<SharedBytes> bytes = viewer->next(Clock::now() + kLook);
        if (!bytes) return sink.is_writable();
        return sink.write(reinterpret_cast<const char*>(bytes->data()), bytes->size());
      });
}

void WebServer::State::mjpeg(const httplib::Request& request, httplib::Response& response) {
  LiveHub* const hub = hub_of(request, response);
  if (hub == nullptr) return;
  const std::shared_ptr<void> counted = watcher(response);
  if (counted == nullptr) return;
  struct Progress {
    int64_t number = -1;
    media::RgbConverter converter;
  };
  const auto progress = std::make_shared<Progress>();
  response.set_chunked_content_provider(
      fmt::format("multipart/x-mixed-replace; boundary={}", kBoundary),
      [this, hub, progress, counted](size_t, httplib::DataSink& sink) {
        if (stopping) return false;
        const std::optional<LiveHub::Still> still = hub->next_still(progress->number, Clock::now() + kLook);
        if (!still) return sink.is_writable();
        progress->number = still->number;
        const Result<const vision::Picture*> rgb = progress->converter.convert(still->picture);
        if (!rgb.ok()) return false;
        const Result<std::vector<std::byte>> jpeg = vision::encode_jpeg(**rgb, kJpegQuality);
        if (!jpeg.ok()) return false;
        const std::string head =
            fmt::format("--{}\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", kBoundary, jpeg->size());
        return sink.write(head.data(), head.size()) &&
               sink.write(reinterpret_cast<const char*>(jpeg->data()), jpeg->size()) && sink.write("\r\n", 2);
      });
}

void WebServer::State::snapshot(const httplib::Request& request, httplib::Response& response) {
  LiveHub* const hub = hub_of(request, response);
  if (hub == nullptr) return;
  const std::optional<LiveHub::Still> still = hub->next_still(-1, Clock::now() + kPatience);
  if (!still) {
    response.status = 503;
    return;
  }
  media::RgbConverter converter;
  const Result<const vision::Picture*> rgb = converter.convert(still->picture);
  const Result<std::vector<std::byte>> jpeg =
      rgb.ok() ? vision::encode_jpeg(**rgb, kJpegQuality) : Result<std::vector<std::byte>>(rgb.status());
  if (!jpeg.ok()) {
    response.status = 500;
    return;
  }
  response.set_content(reinterpret_cast<const char*>(jpeg->data()), jpeg->size(), "image/jpeg");
}

void WebServer::State::events(httplib::Response& response) {
  const std::shared_ptr<void> counted = watcher(response);
  if (counted == nullptr) return;
  const std::shared_ptr<EventHub::Listener> listener = streams.events->add_listener();
  response.set_chunked_content_provider("text/event-stream",
                                        [this, listener, counted](size_t, httplib::DataSink& sink) {
                                          if (stopping) return false;
                                          const std::optional<std::string> line = listener->next(Clock::now() + kLook);
                                          if (!line) return sink.is_writable();
                                          const std::string text = "data: " + *line + "\n\n";
                                          return sink.write(text.data(), text.size());
                                        });
}

void WebServer::State::set_routes() {
  server.set_pre_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) { return check(request, response); });
  for (const PageFile& file : kPageFiles) {
    server.Get(file.path, [file](const httplib::Request&, httplib::Response& response) {
      response.set_content(file.content.data(), file.content.size(), file.type);
    });
  }
  server.Get("/healthz", [](const httplib::Request&, httplib::Response& r) { r.set_content("ok\n", "text/plain"); });
  server.Get("/metrics", [this](const httplib::Request&, httplib::Response& r) {
    r.set_content(streams.metrics(), "text/plain; version=0.0.4");
  });
  server.Get("/api/streams", [this](const httplib::Request&, httplib::Response& r) {
    r.set_content(streams.statistics(), "application/json");
  });
  server.Get("/api/events", [this](const httplib::Request&, httplib::Response& r) { events(r); });
  const std::string stream = "/api/streams/([^/]+)/";
  server.Get(stream + "live\\.mp4", [this](const auto& q, auto& r) { live(q, r); });
  server.Get(stream + "mjpeg", [this](const auto& q, auto& r) { mjpeg(q, r); });
  server.Get(stream + "snapshot\\.jpg", [this](const auto& q, auto& r) { snapshot(q, r); });
}

Result<std::unique_ptr<WebServer>> WebServer::open(const WebOptions& options, WebStreams streams) {
  const Address address = TRY(parse_address(options.address));
  const bool loopback = is_loopback(address.host);
  if (!loopback && options.token.empty()) {
    return usage_error("--serve {}: others than this machine could look; give a --token, or serve 127.0.0.1",
                       options.address);
  }
  auto state = std::make_unique<State>();
  state->options = options;
  state->streams = std::move(streams);
  state->loopback = loopback;
  httplib::Server& server = state->server;
  // Not SO_REUSEPORT, the library's own choice, with which two servers would share a port and nobody be told.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_payload_max_length(1024);
  server.set_read_timeout(5, 0);
  server.set_write_timeout(2, 0);  // a viewer that takes nothing for so long is let go
  server.set_keep_alive_timeout(1);
  server.set_keep_alive_max_count(100);
  state->set_routes();
  state->port = address.port;
  if (address.port == 0) {
    state->port = server.bind_to_any_port(address.host);
  } else if (!server.bind_to_port(address.host, address.port)) {
    state->port = -1;
  }
  if (state->port < 0) {
    return io_error("--serve {}: the port is in use, or the address is not of this machine", options.address);
  }
  State* const self = state.get();
  state->thread = std::jthread([self] { self->server.listen_after_bind(); });
  return std::unique_ptr<WebServer>(new WebServer(std::move(state)));
}

WebServer::WebServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

WebServer::~WebServer() {
  state_->stopping = true;
  state_->server.stop();
  state_->thread.join();
}

int WebServer::port() const { return state_->port; }

}  // namespace sixtops::video
