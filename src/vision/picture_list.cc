#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "vision/picture_file.h"

namespace sixtops::vision {
namespace {

namespace fs = std::filesystem;

Result<std::vector<std::string>> pictures_of_folder(const std::string& folder) {
  std::vector<std::string> pictures;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;  // a dangling link is no picture
    if (entry->is_regular_file(ignored) && is_picture_path(entry->path().string())) {
      pictures.push_back(entry->path().string());
    }
  }
  if (error) return io_error("{}: the folder cannot be read: {}", folder, error.message());
  if (pictures.empty()) return not_found("{}: the folder holds no picture (.jpg .jpeg .png .bmp)", folder);
  return pictures;
}

Result<std::vector<std::string>> pictures_of_pattern(const std::string& pattern) {
  glob_t matches{};
  const int error = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &matches);
  std::vector<std::string> pictures;
  if (error == 0) {
    for (size_t i = 0; i < matches.gl_pathc; ++i) {
      if (is_picture_path(matches.gl_pathv[i])) pictures.emplace_back(matches.gl_pathv[i]);
    }
  }
  ::globfree(&matches);
  if (error == GLOB_NOSPACE) return resource_error("{}: too many files", pattern);
  if (error == GLOB_ABORTED) return io_error("{}: a folder cannot be read", pattern);
  if (pictures.empty()) return not_found("{}: no picture matches (.jpg .jpeg .png .bmp)", pattern);
  return pictures;
}

}  // namespace

Result<std::vector<std::string>> list_pictures(const std::string& source) {
  std::error_code error;
  const fs::file_status status = fs::status(source, error);
  std::vector<std::string> pictures;
  if (fs::is_directory(status)) {
    pictures = TRY(pictures_of_folder(source));
  } else if (fs::exists(status)) {
    pictures = {source};
  } else if (source.find_first_of("*?[") != std::string::npos) {
    pictures = TRY(pictures_of_pattern(source));
  } else {
    return not_found("{}: no such file or folder", source);
  }
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

}  // namespace sixtops::vision
