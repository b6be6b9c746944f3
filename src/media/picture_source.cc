#include "media/picture_source.h"

#include <vector>

#include "vision/picture_file.h"

namespace sixtops::media {
namespace {

constexpr double kFps = 25;

class PictureSource : public Source {
 public:
  explicit PictureSource(const std::string& name, std::vector<std::string> files) : files_(std::move(files)) {
    info_.name = name;
    info_.fps = kFps;
    info_.frames = static_cast<int64_t>(files_.size());
  }

  Result<std::optional<Frame>> read(Clock::time_point) override {
    if (next_ == files_.size()) return std::optional<Frame>();
    const vision::Picture picture = TRY(vision::read_picture(files_[next_]));
    Frame frame;
    frame.picture = TRY(yuv_from_rgb(picture));
    frame.number = static_cast<int64_t>(next_++);
    frame.pts_us = static_cast<int64_t>(static_cast<double>(frame.number) * 1e6 / kFps);
    frame.arrival = Clock::now();
    return std::optional<Frame>(frame);
  }

 private:
  std::vector<std::string> files_;
  size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_picture_source(const std::string& pictures) {
  return std::unique_ptr<Source>(std::make_unique<PictureSource>(pictures, TRY(vision::list_pictures(pictures))));
}

}  // namespace sixtops::media
