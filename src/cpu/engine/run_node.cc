#include "cpu/engine/run_node.h"

#include "cpu/engine/kernels.h"

namespace sixtops::cpu::engine {
namespace {

struct NamedKernel {
  std::string_view name;
  reference::Kernel kernel;
};

NamedKernel find_kernel(Op op) {
  switch (op) {
    case Op::kConv:
      return {"product", convolution};
    case Op::kConvTranspose:
      return {"blas", convolution_transpose};
    case Op::kGemm:
      return {"blas", gemm};
    case Op::kMatMul:
      return {"blas", matmul};
    case Op::kMaxPool:
      return {"loops", max_pool};
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
      return {"loops", arithmetic};
    case Op::kSigmoid:
    case Op::kSilu:
    case Op::kExp:
    case Op::kRelu:
    case Op::kLeakyRelu:
    case Op::kClip:
    case Op::kHardSigmoid:
    case Op::kHardSwish:
      return {"loops", activation};
    case Op::kConcat:
      return {"loops", concat};
    case Op::kResize:
      return {"loops", resize};
    case Op::kQuantizeLinear:
      return {"loops", quantize_linear};
    case Op::kDequantizeLinear:
      return {"loops", dequantize_linear};
    case Op::kTable:
      return {"loops", table};
    default:
      return {"reference", reference::find_kernel(op)};
  }
}

}  // namespace

Result<std::vector<Tensor>> run_node(const Node& node, std::span<const Tensor> inputs) {
  return reference::run_kernel(find_kernel(node.op).kernel, node, inputs);
}

std::string_view kernel_name(const Node& node) { return find_kernel(node.op).name; }

}  // namespace sixtops::cpu::engine
