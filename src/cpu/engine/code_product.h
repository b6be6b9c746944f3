// Exact products of matrices of int8 codes, by the convolution kernels of this machine: a row of A is a pixel, a column
// of B an output channel.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

// One thread at a time; every call uses the process's threads. Memory is kept between calls.
class CodeProduct {
 public:
  // b[depth, columns] given by columns: columns x depth codes. REQUIRES: both >= 1.
  Status set_b(int64_t depth, int64_t columns, const int8_t* b);

  // sums[rows, columns] = a[rows, depth] x b, by rows, modulo 2^32. They may be changed and live until the next call.
  // REQUIRES: set_b() was called, rows >= 1.
  Result<std::span<int32_t>> multiply(int64_t rows, const int8_t* a);

 private:
  // Rows of B whose products are summed in one pass, so that no sum of bytes times codes leaves 32 bits.
  struct Part {
    int64_t first = 0;
    int64_t depth = 0;
    StepTable steps;
    ConvolutionTask task;
  };

  void pack_block(const int8_t* b, const Part& part, const ConvolutionBlock& block, int64_t first_column,
                  uint8_t* packed) const;
  void run_part(const Part& part);

  const KernelSet* kernels_ = nullptr;
  int64_t depth_ = 0;
  int64_t columns_ = 0;
  int64_t line_columns_ = 0;  // of a row of sums: whole vectors
  std::vector<Part> parts_;
  SharedBytes packed_;
  SharedBytes arena_;  // the bytes of A, then the sums
};

}  // namespace sixtops::cpu::engine
