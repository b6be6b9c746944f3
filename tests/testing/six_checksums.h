// Right checksums over changed .six files, so that tests reach the parsers behind them.
#pragma once

#include <zlib.h>

#include <cstring>
#include <vector>

#include "model/container.h"

namespace sixtops::testing {

// Rewrites the checksum of every section whose table entry lies within the file. docs/format.md has the offsets.
inline void fix_checksums(std::vector<std::byte>& file) {
  constexpr size_t kCountAt = 16;   // in the header
  constexpr size_t kOffsetAt = 32;  // in a table entry
  constexpr size_t kSizeAt = 40;
  constexpr size_t kChecksumAt = 48;
  if (file.size() < model::kHeaderBytes) return;
  uint32_t count = 0;
  std::memcpy(&count, file.data() + kCountAt, sizeof(count));
  for (size_t entry = model::kHeaderBytes; count > 0 && entry + model::kTableEntryBytes <= file.size();
       entry += model::kTableEntryBytes) {
    uint64_t offset = 0;
    uint64_t size = 0;
    std::memcpy(&offset, file.data() + entry + kOffsetAt, sizeof(offset));
    std::memcpy(&size, file.data() + entry + kSizeAt, sizeof(size));
    if (offset > file.size() || size > file.size() - offset) return;
    const auto* begin = reinterpret_cast<const Bytef*>(file.data() + offset);
    const auto checksum = static_cast<uint32_t>(crc32_z(0, begin, size));
    std::memcpy(file.data() + entry + kChecksumAt, &checksum, sizeof(checksum));
    --count;
  }
}

}  // namespace sixtops::testing
