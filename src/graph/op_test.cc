#include "graph/op.h"

#include <gtest/gtest.h>

#include <set>

namespace sixtops {
namespace {

TEST(OpCatalogue, RowsAreSound) {
  for (int i = 0; i < kOpCount; ++i) {
    const auto op = static_cast<Op>(i);
    const OpInfo& info = op_info(op);
    EXPECT_EQ(info.op, op);
    EXPECT_EQ(parse_op(info.name), op);
    EXPECT_LE(info.inputs.min, info.inputs.max);
    EXPECT_LE(info.outputs.min, info.outputs.max);
    std::set<std::string_view> names;
    for (const Field& field : info.fields) {
      EXPECT_TRUE(names.insert(field.name).second) << info.name << " " << field.name;
      EXPECT_EQ(info.find_field(field.name), &field);
      EXPECT_LE(field.min, field.max);
      EXPECT_FALSE(field.required && field.default_value) << info.name << " " << field.name;
      if (field.default_value) {
        EXPECT_EQ(field.default_value->index(), static_cast<size_t>(field.type)) << info.name << " " << field.name;
      }
    }
  }
  EXPECT_FALSE(parse_op("Nothing"));
  EXPECT_EQ(op_info(Op::kConv).find_field("nothing"), nullptr);
}

}  // namespace
}  // namespace sixtops
