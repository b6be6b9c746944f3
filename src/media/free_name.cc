#include "media/free_name.h"

#include <filesystem>

namespace sixtops::media {

std::string numbered_name(const std::string& path, int index) {
  if (index <= 1) return path;
  std::filesystem::path name(path);
  const std::string suffix = name.extension().string();
  return name.replace_extension("." + std::to_string(index) + suffix).string();
}

std::string free_name(const std::string& path, int& index) {
  std::error_code ignored;
  while (std::filesystem::exists(numbered_name(path, index), ignored)) ++index;
  return numbered_name(path, index);
}

}  // namespace sixtops::media
