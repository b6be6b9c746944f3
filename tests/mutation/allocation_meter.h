// The most memory that was allocated at once, over and above what was there at the start.
#pragma once

#include <cstdint>

namespace sixtops::mutation {

// Every allocation of the process counts, on whatever thread. Measured through the hooks of AddressSanitizer: builds
// without it measure nothing, and peak_bytes() is 0.
class AllocationMeter {
 public:
  AllocationMeter();
  int64_t peak_bytes() const;

 private:
  int64_t start_bytes_;
};

}  // namespace sixtops::mutation
