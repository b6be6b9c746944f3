#include "cpu/engine/plan/plan_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace sixtops::cpu::engine {
namespace {

constexpr int64_t kLargePage = int64_t{2} << 20;
constexpr int64_t kLine = static_cast<int64_t>(kBufferAlignment);

}  // namespace

Result<SharedBytes> allocate_plan_memory(int64_t bytes) {
  constexpr int64_t kLargest = int64_t{1} << 46;
  if (bytes < kLargePage || bytes > kLargest) return allocate_bytes(static_cast<size_t>(bytes));
  const auto rounded = static_cast<size_t>((bytes + kLargePage - 1) / kLargePage * kLargePage);
  void* const memory = std::aligned_alloc(kLargePage, rounded);
  if (memory == nullptr) return resource_error("cannot allocate {} bytes: out of memory", bytes);
  // A wish: where the system has no large pages, small ones do.
  static_cast<void>(madvise(memory, rounded, MADV_HUGEPAGE));
  std::memset(memory, 0, rounded);
  std::shared_ptr<const void> owner(memory, [](void* p) { std::free(p); });
  return SharedBytes(std::move(owner), {static_cast<const std::byte*>(memory), static_cast<size_t>(bytes)});
}

Result<uint8_t*> ConstantMemory::add(int64_t bytes) {
  const int64_t rounded = (bytes + kLine - 1) / kLine * kLine;
  if (rounded > left_) {
    const int64_t chunk = std::max(rounded, kLargePage);
    chunks_.push_back(TRY(allocate_plan_memory(chunk)));
    left_ = chunk;
  }
  const SharedBytes& chunk = chunks_.back();
  const std::byte* const begin = chunk.data() + (static_cast<int64_t>(chunk.size()) - left_);
  left_ -= rounded;
  bytes_ += rounded;
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(begin));
}

}  // namespace sixtops::cpu::engine
