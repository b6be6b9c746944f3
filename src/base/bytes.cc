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
  // One line more than whole ones lets a vector load pass the end.
  constexpr std::size_t kLargest = std::size_t{1} << 46;
  if (size > kLargest) return resource_error("cannot allocate {} bytes: larger than any machine's memory", size);
  const std::size_t rounded = (size / kBufferAlignment + 2) * kBufferAlignment;
  // Aligned here: glibc's aligned_alloc looks for more than it needs, so no buffer fits where an equal one was before.
  void* const allocation = std::malloc(rounded + kBufferAlignment);
  if (allocation == nullptr) return resource_error("cannot allocate {} bytes: out of memory", size);
  std::shared_ptr<const void> owner(allocation, [](void* p) { std::free(p); });
  std::byte* const memory = static_cast<std::byte*>(allocation) + kBufferAlignment -
                            reinterpret_cast<std::uintptr_t>(allocation) % kBufferAlignment;
  std::memset(memory + size, 0, rounded - size);
  return SharedBytes(std::move(owner), {memory, size});
}

Result<SharedBytes> allocate_bytes(std::size_t size) {
  SharedBytes bytes = TRY(allocate_bytes_for_overwrite(size));
  std::memset(const_cast<std::byte*>(bytes.data()), 0, size);
  return bytes;
}

}  // namespace sixtops
