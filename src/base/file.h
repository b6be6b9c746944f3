// Whole files in and out.
//
// Files are read, not mapped: a file that another process truncates must not become a SIGBUS.
// Writing goes to a temporary name in the same folder and is renamed when complete, so a reader sees the old file, the
// new file, or none, and a full disk leaves nothing behind. Devices, pipes and links are written in place.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace sixtops {

// Larger files are refused before allocation. 16 GiB holds any network that a 32 GB board could run.
inline constexpr int64_t kMaxFileBytes = int64_t{16} << 30;

// The whole file. kNotFound when there is none, kIo for folders, devices and unreadable files, kResource above
// max_bytes.
Result<SharedBytes> read_file(const std::string& path, int64_t max_bytes = kMaxFileBytes);

// Replaces `path` by the bytes, or leaves it as it was.
Status write_file(const std::string& path, ByteSpan bytes);
Status write_file(const std::string& path, std::string_view text);

}  // namespace sixtops
