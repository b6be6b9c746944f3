// The equation of an Einsum, taken apart: "bij,bjk->bik", "...ii->...i", "ij,jk".
//
// Grammar and meaning: NumPy's einsum, as ONNX refers to it. Thread safety: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops {

// One character an axis. Letters are the equation's own; the axes of an ellipsis get '0' to '?' (kMaxRank of them),
// counted from the last one, so that equal characters broadcast against each other. Between operands of different rank
// the missing characters are axes of extent 1.
struct EinsumEquation {
  std::vector<std::string> inputs;
  std::string output;
};

// ranks: of the operands. kInvalidData when the equation does not fit them.
Result<EinsumEquation> parse_einsum(std::string_view equation, std::span<const int> ranks);

}  // namespace sixtops
