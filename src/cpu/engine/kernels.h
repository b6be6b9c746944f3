// The engine's kernels. Each takes the cases that it is fast at and hands the rest to the reference kernel, so a kernel
// of the engine never refuses what the reference computes.
//
// Integer results are the reference's bytes. Work is split over the process's thread pool (base/thread_pool.h).
#pragma once

#include "cpu/reference/kernel.h"

namespace sixtops::cpu::engine {

using reference::Arguments;
using reference::Outputs;

Result<Outputs> convolution(const Arguments& arguments);            // Conv
Result<Outputs> convolution_transpose(const Arguments& arguments);  // ConvTranspose
Result<Outputs> gemm(const Arguments& arguments);                   // Gemm
Result<Outputs> matmul(const Arguments& arguments);                 // MatMul
Result<Outputs> max_pool(const Arguments& arguments);               // MaxPool
Result<Outputs> arithmetic(const Arguments& arguments);             // Add, Sub, Mul, Div
Result<Outputs> activation(const Arguments& arguments);             // the ops that run_node.cc lists
Result<Outputs> concat(const Arguments& arguments);                 // Concat
Result<Outputs> resize(const Arguments& arguments);                 // Resize
Result<Outputs> quantize_linear(const Arguments& arguments);        // QuantizeLinear
Result<Outputs> dequantize_linear(const Arguments& arguments);      // DequantizeLinear
Result<Outputs> table(const Arguments& arguments);                  // Table

}  // namespace sixtops::cpu::engine
