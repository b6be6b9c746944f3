// What this process holds, as the kernel counts it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sixtops::testing {

// Sanitizers keep freed memory, so that what is resident tells nothing; and everything takes longer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

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
