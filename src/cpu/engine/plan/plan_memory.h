// Memory of plans and workspaces, in large pages where the system has them: planes and packed weights are walked in
// strides, and with pages of 4 KB the address translation costs more than the loads.
#pragma once

#include <vector>

#include "base/bytes.h"

namespace sixtops::cpu::engine {

// Zeroed; begins on a large page where it is at least one long. kResource when the system has no such memory.
Result<SharedBytes> allocate_plan_memory(int64_t bytes);

// Constants of a plan, one after the other, each on a cache line. Addresses stay.
class ConstantMemory {
 public:
  // Zeroed memory that lives as long as this.
  Result<uint8_t*> add(int64_t bytes);
  int64_t bytes() const { return bytes_; }

 private:
  std::vector<SharedBytes> chunks_;
  int64_t left_ = 0;  // in the last chunk
  int64_t bytes_ = 0;
};

}  // namespace sixtops::cpu::engine
