// What this process holds, as the kernel counts it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sixtops::testing {

inline int open_descriptors() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

inline int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<int64_t>(::sysconf(_SC_PAGE_SIZE));
}

}  // namespace sixtops::testing
