// Pictures with the class that each shows: what top-1 accuracy is measured against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::vision {

struct ClassifiedPicture {
  std::string file;
  int class_index = 0;
};

// A line a picture: file name, tab (or blanks), class index; file names may contain blanks. A first line whose index is
// no number is a heading; empty lines and lines that begin with '#' do not count. kInvalidData names the line.
Result<std::vector<ClassifiedPicture>> read_class_list(const std::string& path);
Result<std::vector<ClassifiedPicture>> parse_class_list(std::string_view text, const std::string& name);

}  // namespace sixtops::vision
