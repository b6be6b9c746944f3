#include "base/near_names.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

TEST(NearNames, FindsMisspellingsAndParts) {
  EXPECT_EQ(suggest_names("ouput0", {"output0", "output1", "images"}), "; did you mean 'output0' or 'output1'?");
  EXPECT_EQ(suggest_names("sigmoid", {"/model.24/Sigmoid_output_0", "conv"}),
            "; did you mean '/model.24/Sigmoid_output_0'?");
  EXPECT_EQ(suggest_names("aaa", {"aab", "aac", "aad", "aaa0"}), "; did you mean 'aab', 'aac' or 'aad'?");
}

TEST(NearNames, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(suggest_names("boxes", {"scores", "images"}), "");
  EXPECT_EQ(suggest_names("", {"a"}), "");
  EXPECT_EQ(suggest_names(std::string(500, 'a'), {std::string(400, 'b')}), "");
}

}  // namespace
}  // namespace sixtops
