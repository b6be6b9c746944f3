#include "vision/picture_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "vision/format/bmp.h"
#include "vision/format/jpeg.h"
#include "vision/format/png.h"

namespace sixtops::vision {
namespace {

constexpr int64_t kMaxPictureFileBytes = int64_t{1} << 30;
constexpr int kJpegQuality = 95;

std::string lower_suffix(const std::string& path) {
  std::string suffix = std::filesystem::path(path).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return suffix;
}

Result<Picture> decode(ByteSpan bytes) {
  if (is_jpeg(bytes)) return decode_jpeg(bytes);
  if (is_png(bytes)) return decode_png(bytes);
  if (is_bmp(bytes)) return decode_bmp(bytes);
  return invalid_data("not a picture that can be read; expected JPEG, PNG or BMP");
}

Result<std::vector<std::byte>> encode(const Picture& picture, const std::string& suffix) {
  if (suffix == ".jpg" || suffix == ".jpeg") return encode_jpeg(picture, kJpegQuality);
  if (suffix == ".png") return encode_png(picture);
  if (suffix == ".bmp") return encode_bmp(picture);
  return usage_error("a picture cannot be written as '{}'; expected a name in .jpg, .png or .bmp", suffix);
}

}  // namespace

Result<Picture> decode_picture(ByteSpan bytes, const std::string& name) {
  Result<Picture> picture = decode(bytes);
  if (!picture.ok()) return picture.status().with_prefix(name + ": ");
  return picture;
}

Result<Picture> read_picture(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxPictureFileBytes));
  return decode_picture(bytes.span(), path);
}

bool is_picture_path(const std::string& path) {
  const std::string suffix = lower_suffix(path);
  return suffix == ".jpg" || suffix == ".jpeg" || suffix == ".png" || suffix == ".bmp";
}

Status write_picture(const Picture& picture, const std::string& path) {
  const Result<std::vector<std::byte>> bytes = encode(picture, lower_suffix(path));
  if (!bytes.ok()) return bytes.status().with_prefix(path + ": ");
  return write_file(path, *bytes);
}

}  // namespace sixtops::vision
