#include "base/bytes.h"

#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace sixtops {

SharedBytes SharedBytes::own(std::vector<std::byte> bytes) {
  const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return {owner, ByteSpan(*owner)};
}

Result<SharedBytes> allocate_bytes_for_overwrite(std::size_t size) {
  // aligned_alloc wants a multiple of the alignment; one line more lets a vector load pass the end.
  constexpr std::size_t kLargest = std::size_t{1} << 46;
  if (size > kLargest) return resource_error("cannot allocate {} bytes: larger than any machine's memory", size);
  const std::size_t rounded = (size / kBufferAlignment + 2) * kBufferAlignment;
  void* memory = std::aligned_alloc(kBufferAlignment, rounded);
  if (memory == nullptr) return resource_error("cannot allocate {} bytes: out of memory", size);
  std::memset(static_cast<std::byte*>(memory) + size, 0, rounded - size);
  std::shared_ptr<const void> owner(memory, [](void* p) { std::free(p); });
  return SharedBytes(std::move(owner), {static_cast<const std::byte*>(memory), size});
}

Result<SharedBytes> allocate_bytes(std::size_t size) {
  SharedBytes bytes = TRY(allocate_bytes_for_overwrite(size));
  std::memset(const_cast<std::byte*>(bytes.data()), 0, size);
  return bytes;
}

}  // namespace sixtops
