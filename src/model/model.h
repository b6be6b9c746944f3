// The .six file: write, verify, read. docs/format.md specifies it.
//
// Reading trusts nothing: the container, the FlatBuffers table, every id, shape and size is checked before use, whether
// or not the checksums fit. kInvalidData names the place; a newer format or an unknown arithmetic version is refused
// with both versions named. Constants are slices of the file's buffer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "graph/graph.h"

namespace sixtops::model {

inline constexpr uint32_t kFormatVersion = 1;
inline constexpr uint32_t kArithmeticVersion = 1;  // of docs/arithmetic.md

struct Model {
  std::vector<Graph> variants;  // at least one: the same network for several input shapes; constants are shared
  std::string producer;         // program and version that made the file
  std::string custom_text;      // of the user, handed back as it is
};

bool recognize(ByteSpan bytes);  // starts with the magic

Result<std::vector<std::byte>> write_model(const Model& model);
Result<Model> read_model(const SharedBytes& bytes);

}  // namespace sixtops::model
