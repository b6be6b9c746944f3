#include "importer/onnx/translators.h"

#include <gtest/gtest.h>

#include "importer/onnx/onnx_importer.h"

namespace sixtops::importer::onnx {
namespace {

TEST(Translators, ReachEveryOpOfTheCatalogue) {
  for (int i = 0; i < kOpCount; ++i) {
    const Op op = static_cast<Op>(i);
    // ONNX has no operator for these: passes make Silu, the quantizer makes Table, and Custom has no name of its own.
    if (op == Op::kSilu || op == Op::kTable || op == Op::kCustom) continue;
    EXPECT_NE(find_translator(op_info(op).name, kNewestOpset), nullptr) << op_info(op).name;
  }
}

TEST(Translators, DirectRowsNameAnOp) {
  for (const auto family : {constant_translators, convolution_translators, elementwise_translators,
                            movement_translators, normalization_translators, pooling_translators,
                            quantization_translators, reduction_translators, resize_translators}) {
    for (const TranslatorRow& row : family()) {
      EXPECT_LE(row.first_opset, row.last_opset) << row.type;
      EXPECT_TRUE(row.translate != direct || parse_op(row.type)) << row.type;
    }
  }
}

TEST(Translators, OpsetChoosesTheRow) {
  EXPECT_EQ(find_translator("HardSwish", 13), nullptr);
  EXPECT_NE(find_translator("HardSwish", 14), nullptr);
  EXPECT_NE(find_translator("Softmax", 12)->translate, find_translator("Softmax", 13)->translate);
  EXPECT_EQ(find_translator("Loop", 13), nullptr);
  EXPECT_FALSE(is_known_operator("Loop"));
  EXPECT_TRUE(is_known_operator("HardSwish"));
}

}  // namespace
}  // namespace sixtops::importer::onnx
