#include "allocation_meter.h"

#include <atomic>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SIXTOPS_HAS_HOOKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIXTOPS_HAS_HOOKS 1
#endif
#endif

#ifdef SIXTOPS_HAS_HOOKS
// As LLVM's sanitizer/allocator_interface.h declares them; GCC has the functions without the header.
extern "C" {
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, size_t),
                                              void (*on_free)(const volatile void*));
size_t __sanitizer_get_allocated_size(const volatile void* memory);
}
#endif

namespace sixtops::mutation {
namespace {

std::atomic<int64_t> live{0};
std::atomic<int64_t> peak{0};

#ifdef SIXTOPS_HAS_HOOKS
void on_malloc(const volatile void*, size_t size) {
  const int64_t now = live += static_cast<int64_t>(size);
  int64_t before = peak;
  while (now > before && !peak.compare_exchange_weak(before, now)) {
  }
}

void on_free(const volatile void* memory) { live -= static_cast<int64_t>(__sanitizer_get_allocated_size(memory)); }

const int hooks = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
#endif

}  // namespace

AllocationMeter::AllocationMeter() : start_bytes_(live) { peak = start_bytes_; }

int64_t AllocationMeter::peak_bytes() const { return peak - start_bytes_; }

}  // namespace sixtops::mutation
