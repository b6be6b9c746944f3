// The whole network in half precision: stored as IEEE half, computed in float32, rounded after every op.

#include "base/error.h"
#include "quantize/quantize.h"

namespace sixtops::quantize {

Status to_float16(Graph& graph) {
  for (Value& value : graph.values) {
    if (value.dtype != DType::kF32) continue;
    value.dtype = DType::kF16;
    if (!value.constant) continue;
    Tensor half = TRY(cast(*value.constant, DType::kF16));
    for (const Half element : half.values<Half>()) {
      constexpr uint16_t kInfinity = 0x7C00;
      if ((element.bits & 0x7FFF) == kInfinity) {
        return unsupported(
            "constant '{}' holds values beyond 65504, the largest half: convert with --precision float32", value.name);
      }
    }
    value.constant = std::move(half);
  }
  for (Node& node : graph.nodes) node.precision = Precision::kFloat16;
  return {};
}

}  // namespace sixtops::quantize
