// Names for files that must not replace others.
#pragma once

#include <string>

namespace sixtops::media {

// The `index`-th file of a series, from 1: "out.mp4", "out.2.mp4", …
std::string numbered_name(const std::string& path, int index);

// The first of the series from `index` on that does not exist; `index` becomes its place.
std::string free_name(const std::string& path, int& index);

}  // namespace sixtops::media
