#include "app/output_path.h"

#include <filesystem>

#include "base/error.h"
#include "vision/picture_file.h"

namespace sixtops::app {

namespace fs = std::filesystem;

Result<OutputPath> OutputPath::open(const std::string& output, size_t picture_count) {
  OutputPath result;
  result.output_ = output;
  result.is_file_ = vision::is_picture_path(output) && !fs::is_directory(output);
  if (!result.is_file_) {
    std::error_code error;
    fs::create_directories(output, error);
    if (error) return io_error("{}: the output folder cannot be made: {}", output, error.message());
  } else if (picture_count != 1) {
    return usage_error("{}: a picture file for {} pictures; name a folder instead", output, picture_count);
  }
  return result;
}

std::string OutputPath::path_of(const std::string& picture) {
  if (is_file_) return output_;
  const fs::path source(picture);
  std::string name = source.filename().string();
  for (int number = 2; !used_.insert(name).second; ++number) {
    name = fmt::format("{}_{}{}", source.stem().string(), number, source.extension().string());
  }
  return (fs::path(output_) / name).string();
}

}  // namespace sixtops::app
