// Where the annotated picture of each source picture goes.
#pragma once

#include <set>
#include <string>

#include "base/status.h"

namespace sixtops::app {

// -o OUT: a file when it ends in a picture suffix, else a folder, which is made when it is missing.
class OutputPath {
 public:
  // kUsage when a file is given for several pictures.
  static Result<OutputPath> open(const std::string& output, size_t picture_count);

  // The file for a picture: its name in the folder. Pictures of equal name from several folders get a number.
  std::string path_of(const std::string& picture);

 private:
  std::string output_;
  bool is_file_ = false;
  std::set<std::string> used_;
};

}  // namespace sixtops::app
