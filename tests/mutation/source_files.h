// The files that get mutated: small networks of every kind that the importer treats differently, at most 64 KiB each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace sixtops::mutation {

struct SourceFile {
  std::string name;  // with its suffix, .onnx or .six
  std::vector<std::byte> bytes;

  bool is_six() const { return name.ends_with(".six"); }
};

// The ONNX files, and those converted: to float32 where that stays small, and to int8 where they are networks of
// weights.
Result<std::vector<SourceFile>> make_source_files();

}  // namespace sixtops::mutation
