// Byte ranges: a view, and a view that keeps its memory alive.
//
// SharedBytes is how weights travel without copies: a tensor read from a model file is a slice of the file's own
// buffer. Copying a SharedBytes copies a pointer. The bytes are constant for everybody but the maker of the buffer.
// Thread safety: as std::shared_ptr.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops {

using ByteSpan = std::span<const std::byte>;

// Every buffer of ours starts on a cache line and may be read by 64-byte vector loads.
inline constexpr std::size_t kBufferAlignment = 64;

class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const void> owner, ByteSpan bytes) : owner_(std::move(owner)), bytes_(bytes) {}

  // Takes over a vector.
  static SharedBytes own(std::vector<std::byte> bytes);

  const std::byte* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  ByteSpan span() const { return bytes_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  // A part that shares the owner. REQUIRES: offset + size <= this->size()
  SharedBytes slice(std::size_t offset, std::size_t size) const { return {owner_, bytes_.subspan(offset, size)}; }

  // How many SharedBytes keep the owner alive; 1 means that nobody else can see a change.
  long use_count() const { return owner_.use_count(); }

 private:
  std::shared_ptr<const void> owner_;
  ByteSpan bytes_;
};

// A new buffer of `size` zero bytes, aligned to kBufferAlignment. kResource when the system has no such memory.
Result<SharedBytes> allocate_bytes(std::size_t size);

// The same without the zeros, for callers that write every byte.
Result<SharedBytes> allocate_bytes_for_overwrite(std::size_t size);

}  // namespace sixtops
