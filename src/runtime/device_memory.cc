#include "runtime/device_memory.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "base/error.h"

namespace sixtops::runtime {
namespace {

// Sizes of the API have 32 bits.
constexpr uint64_t kMaxBytes = std::numeric_limits<uint32_t>::max();

Status check_size(uint64_t size) {
  if (size > 0 && size <= kMaxBytes) return {};
  return usage_error("a size of {} bytes, expected 1 to {}", size, kMaxBytes);
}

// Null when the system refuses.
std::byte* map_shared(int descriptor, uint64_t bytes) {
  void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  return address == MAP_FAILED ? nullptr : static_cast<std::byte*>(address);
}

}  // namespace

Result<std::shared_ptr<DeviceMemory>> DeviceMemory::allocate(uint64_t size) {
  TRY(check_size(size));
  auto memory = std::shared_ptr<DeviceMemory>(new DeviceMemory());
  memory->descriptor_ = ::memfd_create("sixtops", MFD_CLOEXEC);
  if (memory->descriptor_ < 0) return resource_error("no descriptor for new memory: {}", std::strerror(errno));
  memory->owns_descriptor_ = true;
  if (::ftruncate(memory->descriptor_, static_cast<off_t>(size)) != 0) {
    return resource_error("no {} bytes of memory: {}", size, std::strerror(errno));
  }
  memory->base_ = map_shared(memory->descriptor_, size);
  if (memory->base_ == nullptr) return resource_error("no {} bytes of memory: {}", size, std::strerror(errno));
  memory->owns_mapping_ = true;
  memory->size_ = size;
  return memory;
}

Result<std::shared_ptr<DeviceMemory>> DeviceMemory::from_descriptor(int descriptor, void* mapping, uint64_t size,
                                                                    uint64_t offset) {
  TRY(check_size(size));
  if (offset > kMaxBytes) return usage_error("an offset of {} bytes, expected at most {}", offset, kMaxBytes);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) return usage_error("{} is no open file descriptor", descriptor);
  // Descriptors of devices do not tell their size.
  if (S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) < offset + size) {
    return usage_error("the descriptor has {} bytes, {} + {} were asked for", status.st_size, offset, size);
  }
  auto memory = std::shared_ptr<DeviceMemory>(new DeviceMemory());
  memory->descriptor_ = descriptor;
  memory->base_ = static_cast<std::byte*>(mapping);
  memory->size_ = size;
  memory->offset_ = offset;
  if (mapping == nullptr) {
    memory->base_ = map_shared(descriptor, offset + size);
    if (memory->base_ == nullptr) {
      return usage_error("descriptor {} cannot be mapped: {}", descriptor, std::strerror(errno));
    }
    memory->owns_mapping_ = true;
  }
  return memory;
}

Result<std::shared_ptr<DeviceMemory>> DeviceMemory::from_address(void* address, uint64_t size) {
  TRY(check_size(size));
  if (address == nullptr) return usage_error("the address is null, expected where the memory is mapped");
  auto memory = std::shared_ptr<DeviceMemory>(new DeviceMemory());
  memory->base_ = static_cast<std::byte*>(address);
  memory->size_ = size;
  return memory;
}

DeviceMemory::~DeviceMemory() {
  if (owns_mapping_) ::munmap(base_, offset_ + size_);
  if (owns_descriptor_) ::close(descriptor_);
}

}  // namespace sixtops::runtime
