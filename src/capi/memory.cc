#include "capi/memory.h"

#include <map>
#include <mutex>

#include "capi/context.h"

namespace sixtops::capi {
namespace {

using runtime::DeviceMemory;

struct Entry {
  std::unique_ptr<rknn_tensor_mem> mem;
  std::shared_ptr<DeviceMemory> memory;
};

struct LiveMemory {
  std::mutex mutex;
  std::map<const rknn_tensor_mem*, Entry> entries;
};

LiveMemory& live_memory() {
  static auto* live = new LiveMemory();  // never destroyed, as the contexts
  return *live;
}

rknn_tensor_mem* publish(std::shared_ptr<DeviceMemory> memory, rknn_tensor_mem_flags owner, uint64_t physical_address) {
  auto mem = std::make_unique<rknn_tensor_mem>();
  mem->virt_addr = memory->base();
  mem->phys_addr = physical_address;
  mem->fd = memory->descriptor();
  mem->offset = static_cast<int32_t>(memory->offset());
  mem->size = static_cast<uint32_t>(memory->bytes().size());
  mem->flags = owner;
  mem->priv_data = nullptr;
  rknn_tensor_mem* handle = mem.get();
  const std::lock_guard lock(live_memory().mutex);
  live_memory().entries[handle] = {std::move(mem), std::move(memory)};
  return handle;
}

ApiStatus check_context(rknn_context handle) {
  if (find_context(handle) != nullptr) return {};
  return failure(RKNN_ERR_CTX_INVALID, "context {:#x} does not exist (any more)", handle);
}

ApiStatus create(rknn_context context, bool needs_context, Result<std::shared_ptr<DeviceMemory>> memory,
                 rknn_tensor_mem_flags owner, uint64_t physical_address, rknn_tensor_mem*& mem) {
  if (needs_context) TRY(check_context(context));
  if (!memory.ok()) return translate(memory.status(), RKNN_ERR_PARAM_INVALID);
  mem = publish(std::move(memory).value(), owner, physical_address);
  return {};
}

}  // namespace

std::shared_ptr<DeviceMemory> find_memory(const rknn_tensor_mem* mem) {
  const std::lock_guard lock(live_memory().mutex);
  const auto found = live_memory().entries.find(mem);
  return found == live_memory().entries.end() ? nullptr : found->second.memory;
}

std::shared_ptr<DeviceMemory> find_memory_at(const void* address) {
  const std::lock_guard lock(live_memory().mutex);
  for (const auto& [mem, entry] : live_memory().entries) {
    const std::span<std::byte> bytes = entry.memory->bytes();
    const auto* at = static_cast<const std::byte*>(address);
    if (at >= bytes.data() && at < bytes.data() + bytes.size()) return entry.memory;
  }
  return nullptr;
}

ApiStatus find_memory(const rknn_tensor_mem* mem, std::shared_ptr<DeviceMemory>& memory) {
  TRY(check_not_null(mem, "mem"));
  memory = find_memory(mem);
  if (memory != nullptr) return {};
  return invalid_parameter("mem is none of rknn_create_mem and its kin, or was destroyed");
}

}  // namespace sixtops::capi

using namespace sixtops::capi;
using sixtops::runtime::DeviceMemory;

rknn_tensor_mem* rknn_create_mem2(rknn_context context, uint64_t size, uint64_t alloc_flags) {
  rknn_tensor_mem* mem = nullptr;
  api_call(__func__, [&]() -> ApiStatus {
    constexpr uint64_t kKnown = RKNN_FLAG_MEMORY_CACHEABLE | RKNN_FLAG_MEMORY_NON_CACHEABLE |
                                RKNN_FLAG_MEMORY_TRY_ALLOC_SRAM | RKNN_MEM_FLAG_ALLOC_NO_CONTEXT;
    if ((alloc_flags & ~kKnown) != 0) {
      return invalid_parameter("alloc_flags {:#x} has bits that are no flag", alloc_flags);
    }
    const bool needs_context = (alloc_flags & RKNN_MEM_FLAG_ALLOC_NO_CONTEXT) == 0;
    if (needs_context) TRY(check_context(context));
    return create(context, needs_context, DeviceMemory::allocate(size), RKNN_TENSOR_MEMORY_FLAGS_ALLOC_INSIDE, 0, mem);
  });
  return mem;
}

rknn_tensor_mem* rknn_create_mem(rknn_context context, uint32_t size) {
  return rknn_create_mem2(context, size, RKNN_FLAG_MEMORY_FLAGS_DEFAULT);
}

rknn_tensor_mem* rknn_create_mem_from_fd(rknn_context context, int32_t fd, void* virt_addr, uint32_t size,
                                         int32_t offset) {
  rknn_tensor_mem* mem = nullptr;
  api_call(__func__, [&]() -> ApiStatus {
    if (offset < 0) return invalid_parameter("offset is {}, expected 0 or more", offset);
    return create(context, true, DeviceMemory::from_descriptor(fd, virt_addr, size, static_cast<uint64_t>(offset)),
                  RKNN_TENSOR_MEMORY_FLAGS_FROM_FD, 0, mem);
  });
  return mem;
}

rknn_tensor_mem* rknn_create_mem_from_phys(rknn_context context, uint64_t phys_addr, void* virt_addr, uint32_t size) {
  rknn_tensor_mem* mem = nullptr;
  api_call(__func__, [&]() -> ApiStatus {
    return create(context, true, DeviceMemory::from_address(virt_addr, size), RKNN_TENSOR_MEMORY_FLAGS_FROM_PHYS,
                  phys_addr, mem);
  });
  return mem;
}

rknn_tensor_mem* rknn_create_mem_from_mb_blk(rknn_context, void*, int32_t) {
  api_call(__func__, []() -> ApiStatus {
    return failure(RKNN_ERR_FAIL, "media buffer blocks are not supported; use rknn_create_mem_from_fd");
  });
  return nullptr;
}

int rknn_destroy_mem(rknn_context context, rknn_tensor_mem* mem) {
  return api_call(__func__, [&]() -> ApiStatus {
    std::shared_ptr<DeviceMemory> memory;
    TRY(find_memory(mem, memory));
    {
      const std::lock_guard lock(live_memory().mutex);
      live_memory().entries.erase(mem);
    }
    return check_context(context);  // the memory is freed whatever the context is
  });
}

int rknn_mem_sync(rknn_context context, rknn_tensor_mem* mem, rknn_mem_sync_mode mode) {
  return api_call(__func__, [&]() -> ApiStatus {
    TRY(check_context(context));
    std::shared_ptr<DeviceMemory> memory;
    TRY(find_memory(mem, memory));
    if (mode >= RKNN_MEMORY_SYNC_TO_DEVICE && mode <= RKNN_MEMORY_SYNC_BIDIRECTIONAL) return {};
    return invalid_parameter("mode is {}, expected 1, 2 or 3", static_cast<int>(mode));
  });
}
