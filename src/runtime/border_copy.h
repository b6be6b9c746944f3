// Moves the elements of a network's input or output between a program's memory and the network's tensor: element type,
// order of the axes, mean and std, quantization, all in one pass.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/border_tensor.h"

namespace sixtops::runtime {

// What the elements of a program's input memory are.
enum class Coding {
  kReal,    // values before normalization: (value - mean) / std, then codes by the input's parameters
  kNetwork  // the network's own codes, or real values that need no normalization
};

// Whether read_input can do it. Sources of kReal are u8, i8, i16, f16, f32, or the network's own type where that is
// neither a code nor a real number. kUsage when the layout does not fit the tensor, kUnsupported for other types.
Status check_input(const BorderTensor& tensor, const MemoryLayout& layout, Coding coding);

// The memory's elements as the network's dense tensor. Errors as check_input, and kUsage for memory that is too small
// or not aligned to its elements.
Status read_input(const BorderTensor& tensor, const MemoryLayout& layout, Coding coding,
                  std::span<const std::byte> memory, std::span<std::byte> network);

// The network's tensor as the program wants it: in f32 or f16 (codes become real values), or in tensor.dtype. Gaps
// between rows and unused channels of a group keep what they hold. Errors as read_input. For tensors that are not
// static the layout is a dense one of the rank that `network` has.
Status write_output(const BorderTensor& tensor, const Tensor& network, const MemoryLayout& layout,
                    std::span<std::byte> memory);

}  // namespace sixtops::runtime
