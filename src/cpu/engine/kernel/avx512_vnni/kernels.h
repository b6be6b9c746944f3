// The functions of this folder that its kernel set lists.
#pragma once

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine::avx512_vnni {

int channel_slot(int vectors, int channel);
void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range);
void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range);
void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void import_codes(const BorderTask& task, const int8_t* dense, uint8_t* arena, PixelRange range);
void export_codes(const BorderTask& task, const uint8_t* arena, int8_t* dense, PixelRange range);
void export_sums(const BorderTask& task, const uint8_t* arena, int32_t* dense, PixelRange range);

}  // namespace sixtops::cpu::engine::avx512_vnni
