// A zip archive in memory: what torch.save and torch.jit.save write.
//
// Names and sizes come from the central directory. Stored entries are slices of the file; deflated ones (the code) are
// unpacked up to a limit. Encrypted archives and those in several parts are not read.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace sixtops::importer::torchscript {

// An entry that grows beyond this when it is unpacked is refused. Code of the largest networks takes a few megabytes.
inline constexpr uint64_t kMaxUnpackedBytes = uint64_t{64} << 20;

class ZipArchive {
 public:
  // By the signature of its first entry.
  static bool recognize(ByteSpan bytes);
  // kInvalidData for a directory that does not fit the file.
  static Result<ZipArchive> open(const SharedBytes& bytes);

  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const { return entries_.contains(name); }
  // kNotFound when there is no such entry, kResource for one that unpacks beyond the limit.
  Result<SharedBytes> read(const std::string& name) const;

 private:
  struct Entry {
    uint16_t method = 0;
    uint64_t packed_bytes = 0;
    uint64_t bytes = 0;
    uint64_t header_at = 0;
  };

  SharedBytes file_;
  std::vector<std::string> names_;  // in the order of the directory
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace sixtops::importer::torchscript
