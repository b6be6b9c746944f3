// The rknn_tensor_mem objects that live.
#pragma once

#include <rknn_api.h>

#include <memory>

#include "capi/api_status.h"
#include "runtime/device_memory.h"

namespace sixtops::capi {

// Null for what this library did not make, or has freed. The fields of `mem` are the program's to change; nothing here
// relies on them.
std::shared_ptr<runtime::DeviceMemory> find_memory(const rknn_tensor_mem* mem);

// The memory around an address; null when it lies in none that lives.
std::shared_ptr<runtime::DeviceMemory> find_memory_at(const void* address);

ApiStatus find_memory(const rknn_tensor_mem* mem, std::shared_ptr<runtime::DeviceMemory>& memory);

}  // namespace sixtops::capi
