// The files of page/, compiled in.
#pragma once

#include <span>
#include <string_view>

namespace sixtops::video {

struct PageFile {
  const char* path;  // of the URL
  const char* type;
  std::string_view content;
};

extern const std::span<const PageFile> kPageFiles;

}  // namespace sixtops::video
