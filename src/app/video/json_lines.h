// A file of JSON lines: one a picture, one an event.
//
//   {"stream":"door","frame":12,"pts":0.4,"detections":[{"class":0,"label":"person","score":0.87,"box":[…],"id":3}]}
//   {"stream":"door","event":"crossing","kind":"right","place":"gate","id":3,"label":"person","pts":0.4,"time":"…Z"}
//   {"stream":"door","event":"state","state":"reconnecting","reason":"…","time":"…Z"}
//
// Boxes are pixels of the picture: left, top, right, bottom. pts are seconds. Lines are written at once, whole.
#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "video/observer.h"

namespace sixtops::app {

class JsonLines : public video::Observer {
 public:
  // "-": standard output. events: false writes pictures only.
  static Result<std::unique_ptr<JsonLines>> create(const std::string& path, std::vector<std::string> labels,
                                                   bool events);

  void on_frame(const video::FrameReport& report) override;
  void on_state(const std::string& stream, video::StreamState state, const std::string& reason) override;
  void on_sink_failure(const std::string& stream, const std::string& sink, const std::string& reason) override;

  // What went wrong when writing, if anything did; nothing is written afterwards.
  Status status() const;

 private:
  struct Closer {
    void operator()(FILE* file) const {
      if (file != stdout) std::fclose(file);
    }
  };

  JsonLines(std::string path, FILE* file, std::vector<std::string> labels, bool events)
      : path_(std::move(path)), labels_(std::move(labels)), events_(events), file_(file) {}
  void write(const std::string& line);

  std::string path_;
  std::vector<std::string> labels_;
  bool events_;
  mutable std::mutex mutex_;
  std::unique_ptr<FILE, Closer> file_;
  Status status_;
};

}  // namespace sixtops::app
