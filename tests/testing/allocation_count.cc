#include "testing/allocation_count.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace sixtops::testing {
namespace {

std::atomic<int64_t> allocations = 0;

}  // namespace

int64_t allocation_count() { return allocations; }

static void* counted_allocation(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace sixtops::testing

void* operator new(std::size_t size) { return sixtops::testing::counted_allocation(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return sixtops::testing::counted_allocation(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
