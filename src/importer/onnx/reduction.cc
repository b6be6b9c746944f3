// Axes are an attribute up to opset 12 (ReduceSum) or 17 (the others), an operand since; our ops take both.
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

constexpr TranslatorRow kRows[] = {
    {"ReduceL1", 1, kLatest, direct},
    {"ReduceL2", 1, kLatest, direct},
    {"ReduceLogSum", 1, kLatest, direct},
    {"ReduceLogSumExp", 1, kLatest, direct},
    {"ReduceMax", 1, kLatest, direct},
    {"ReduceMean", 1, kLatest, direct},
    {"ReduceMin", 1, kLatest, direct},
    {"ReduceProd", 1, kLatest, direct},
    {"ReduceSum", 1, kLatest, direct},
    {"ReduceSumSquare", 1, kLatest, direct},
    {"ArgMax", 1, kLatest, direct},
    {"ArgMin", 1, kLatest, direct},
    {"CumSum", 11, kLatest, direct},
    // k: an attribute in opset 1, an operand since 10; largest and sorted since 11.
    {"TopK", 1, kLatest, direct},
    {"NonMaxSuppression", 10, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> reduction_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
