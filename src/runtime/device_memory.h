// Memory that a device and other programs can share: bytes with a file descriptor.
//
// On a PC that is an anonymous file in memory (memfd). Wrappers name memory of somebody else's and never free it.
// Thread safety: constant after it is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"

namespace sixtops::runtime {

class DeviceMemory {
 public:
  static constexpr int kNoDescriptor = -1;

  // New zeroed memory. kUsage for 0 bytes, kResource when the system has none or no more descriptors.
  static Result<std::shared_ptr<DeviceMemory>> allocate(uint64_t size);

  // `size` bytes from `offset` on of a descriptor that stays the caller's. mapping: where it is mapped from its begin;
  // null: it is mapped here, for as long as this object lives. kUsage when the descriptor is none or too short.
  static Result<std::shared_ptr<DeviceMemory>> from_descriptor(int descriptor, void* mapping, uint64_t size,
                                                               uint64_t offset);

  // Bytes at an address. kUsage for null and for 0 bytes.
  static Result<std::shared_ptr<DeviceMemory>> from_address(void* address, uint64_t size);

  ~DeviceMemory();
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  std::span<std::byte> bytes() const { return {base_ + offset_, size_}; }
  std::byte* base() const { return base_; }  // bytes() begin offset() behind it
  uint64_t offset() const { return offset_; }
  int descriptor() const { return descriptor_; }

 private:
  DeviceMemory() = default;

  std::byte* base_ = nullptr;
  uint64_t offset_ = 0;
  uint64_t size_ = 0;
  int descriptor_ = kNoDescriptor;
  bool owns_descriptor_ = false;
  bool owns_mapping_ = false;
};

}  // namespace sixtops::runtime
