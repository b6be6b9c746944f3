#include "media/jpeg_folder.h"

#include <fmt/core.h>

#include <filesystem>

#include "base/error.h"
#include "media/rgb_converter.h"
#include "vision/picture_file.h"

namespace sixtops::media {
namespace {

class JpegFolder : public PictureSink {
 public:
  explicit JpegFolder(std::string folder) : folder_(std::move(folder)) {}

  const std::string& name() const override { return folder_; }

  Status write(const YuvPicture& picture, int64_t number) override {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return io_error("{}: {}", folder_, error.message());
    const vision::Picture* const rgb = TRY(converter_.convert(picture));
    return vision::write_picture(*rgb, (std::filesystem::path(folder_) / fmt::format("{:08}.jpg", number)).string());
  }

 private:
  std::string folder_;
  RgbConverter converter_;
};

}  // namespace

std::unique_ptr<PictureSink> make_jpeg_folder(const std::string& folder) {
  return std::make_unique<JpegFolder>(folder);
}

}  // namespace sixtops::media
