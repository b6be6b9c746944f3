#include "base/base64.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

ByteSpan bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

TEST(Base64, EncodesTheVectorsOfTheRfc) {
  EXPECT_EQ(encode_base64(bytes_of("")), "");
  EXPECT_EQ(encode_base64(bytes_of("f")), "Zg==");
  EXPECT_EQ(encode_base64(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(encode_base64(bytes_of("foo")), "Zm9v");
  EXPECT_EQ(encode_base64(bytes_of("foob")), "Zm9vYg==");
}

TEST(Base64, ReadsBackEveryByte) {
  std::vector<std::byte> bytes;
  for (int i = 0; i < 257; ++i) {
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
    bytes.push_back(static_cast<std::byte>(255 - i));
  }
}

TEST(Base64, RefusesOtherText) {
  EXPECT_FALSE(decode_base64("Zg="));
  EXPECT_FALSE(decode_base64("Z==="));
  EXPECT_FALSE(decode_base64("Zg==Zg=="));
  EXPECT_FALSE(decode_base64("Z g="));
}

}  // namespace
}  // namespace sixtops
