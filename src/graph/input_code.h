// From a picture's byte to the network's input, one table a channel.
//
// The real value of byte p in channel c is (p - mean[c]) / std[c]. An int8 input gets
//   code = clamp( floor(real / scale + zero_point + 1/2 + 2^-16), -128, 127 )
// i.e. halves go up, with a little slack so that a mean of 127.5, where every value is a half, maps 256 bytes to 256
// codes instead of collapsing pairs of them by rounding to even or by noise in the division (255 codes times half a
// unit of a float32 scale).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "graph/tensor.h"
#include "graph/types.h"

namespace sixtops {

// Scale and zero point of an int8 picture input: the range covers the bytes of all channels and zero; where all
// channels are equal and hold zero, the step is 1/std and the codes are the bytes less 128. mean and std: one entry,
// one a channel, or empty as InputDescription says. REQUIRES: channels > 0, no std is 0.
QuantParams input_quant_params(const InputDescription& description, int channels);

int8_t input_code(double real, float scale, int32_t zero_point);

// tables[c][p]
std::vector<std::array<int8_t, 256>> input_code_tables(const InputDescription& description, int channels,
                                                       const QuantParams& quant);
std::vector<std::array<float, 256>> input_value_tables(const InputDescription& description, int channels);

}  // namespace sixtops
