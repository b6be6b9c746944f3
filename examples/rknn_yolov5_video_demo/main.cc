// Objects in a video, by a detector behind the RKNN C API: prints them and writes the video with boxes to out.h264.
//
// The lines of each object are those of the vendor's demo of this name. A file of any container is read, RTSP streams
// come back after a loss, and no password is printed.
#include <sixtops/video.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include "detector.h"
#include "network.h"

namespace api = sixtops::api;

namespace {

constexpr int kFailure = 255;
constexpr const char* kOutput = "out.h264";

struct Options {
  std::string model;
  std::string source;
};

void stop(int) { api::stop_video(); }

bool parse(int argc, char** argv, Options& options) {
  if (argc != 4) {
    std::printf("Usage: %s <rknn_model> <video_path> <video_type 264/265> \n", argv[0]);
    return false;
  }
  options.model = argv[1];
  options.source = argv[2];
  api::hide_password(argv[2]);
  // The type is told from the content; the argument stays for those who give it.
  const bool known = std::strcmp(argv[3], "264") == 0 || std::strcmp(argv[3], "265") == 0;
  if (!known) std::printf("unsupport video_type %s\n", argv[3]);
  if (options.source != kOutput) return known;
  std::printf("%s is the output; give the input another name\n", kOutput);
  return false;
}

// The picture as the network wants it, run, and back.
class Work {
 public:
  bool open(const std::string& model) { return network_.open(model) && detector_.open(network_, false); }

  bool detect(const api::Picture& picture, std::vector<api::Object>& objects, std::string& error) {
    api::Placement placement;
    if (!api::fit_picture(picture, network_.width(), network_.height(), detector_.input(), input_, placement, error)) {
      return false;
    }
    error = "the network failed, as printed above";
    return network_.run(input_.rgb, detector_.wants_float()) &&
           detector_.find(network_, placement, api::Thresholds(), objects);
  }

  std::vector<std::string> labels() const {
    const std::vector<std::string>& coco = api::coco_labels();
    return detector_.classes() == static_cast<int>(coco.size()) ? coco : std::vector<std::string>();
  }

 private:
  Network network_;
  Detector detector_;
  api::Picture input_;
};

void print_frame(const api::VideoFrame& frame, const std::vector<std::string>& labels) {
  std::printf("frame %lld %dx%d once run use %f ms\n", static_cast<long long>(frame.number), frame.width, frame.height,
              frame.detect_milliseconds);
  for (const api::Object& o : *frame.objects) {
    std::printf("%s @ (%d %d %d %d) %f\n", api::label_of(labels, o.class_id).c_str(), static_cast<int>(o.left),
                static_cast<int>(o.top), static_cast<int>(o.right), static_cast<int>(o.bottom),
                static_cast<double>(o.score));
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) return kFailure;
  std::signal(SIGINT, stop);
  std::signal(SIGTERM, stop);
  Work work;
  if (!work.open(options.model)) return kFailure;

  api::VideoOptions video;
  video.source = options.source;
  video.outputs = {kOutput};
  video.labels = work.labels();
  video.on_frame = [&](const api::VideoFrame& frame) { print_frame(frame, video.labels); };
  video.on_state = [](const std::string& state, const std::string& reason) {
    std::printf("video %s %s\n", state.c_str(), reason.c_str());
  };
  api::VideoSummary summary;
  std::string error;
  const bool done = api::run_video(
      video,
      [&work](const api::Picture& picture, std::vector<api::Object>& objects, std::string& why) {
        return work.detect(picture, objects, why);
      },
      summary, error);
  if (!done) std::printf("%s\n", error.c_str());
  std::printf("%lld frames, %lld dropped, %lld reconnects, %.1f fps\n", static_cast<long long>(summary.frames),
              static_cast<long long>(summary.dropped), static_cast<long long>(summary.reconnects),
              summary.seconds > 0 ? static_cast<double>(summary.frames) / summary.seconds : 0.0);
  return done ? 0 : kFailure;
}
