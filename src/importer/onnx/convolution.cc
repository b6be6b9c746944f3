// Sums of products. QLinear and Integer forms stand here too: they are the same operators on codes.
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// Our MatMul may carry a fused bias; ONNX's has two operands.
Status matrix_product(Translation& node) {
  TRY(node.expect_inputs(2, 2));
  return direct(node);
}

constexpr TranslatorRow kRows[] = {
    {"Conv", 1, kLatest, direct},           {"ConvTranspose", 1, kLatest, direct},
    {"DeformConv", 19, kLatest, direct},    {"ConvInteger", 10, kLatest, direct},
    {"QLinearConv", 10, kLatest, direct},   {"Gemm", 7, kLatest, direct},
    {"MatMul", 1, kLatest, matrix_product}, {"MatMulInteger", 10, kLatest, direct},
    {"QLinearMatMul", 10, kLatest, direct}, {"Einsum", 12, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> convolution_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
