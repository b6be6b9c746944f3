#include "vision/font.h"

#include <gtest/gtest.h>

#include <numeric>

namespace sixtops::vision {
namespace {

TEST(Font, OfNoFontFileIsAnError) {
  EXPECT_EQ(Font::open("/nowhere/font.ttf").status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(Font::open("/proc/self/exe").status().code(), StatusCode::kInvalidData);
}

TEST(Font, RendersTextOfAnyBytes) {
  std::unique_ptr<Font> font = Font::find_installed();
  if (font == nullptr) GTEST_SKIP() << "no font installed";
  const auto ink = [](const TextMask& mask) {
    EXPECT_EQ(mask.coverage.size(), static_cast<size_t>(mask.width) * static_cast<size_t>(mask.height));
    return std::accumulate(mask.coverage.begin(), mask.coverage.end(), 0);
  };
  const TextMask one = font->render("i", 20), many = font->render("iiii", 20);
  EXPECT_GT(ink(one), 0);
  EXPECT_NEAR(ink(many), 4 * ink(one), 8);
  EXPECT_EQ(one.height, many.height);
  EXPECT_EQ(ink(font->render("", 20)), 0);
  EXPECT_GT(ink(font->render("\xC3\xA9", 20)), 0);  // é, one character
  EXPECT_LT(font->render("\xC3\xA9", 20).width, font->render("ee", 20).width);
  for (const char* text : {"\xC3", "\xF0\x9F", "\xFF\x80", "\xE2\x28\xA1"}) EXPECT_GT(ink(font->render(text, 12)), 0);
}

TEST(Font, FourTimesTheSizeIsFourTimesAsHigh) {
  std::unique_ptr<Font> font = Font::find_installed();
  if (font == nullptr) GTEST_SKIP() << "no font installed";
  EXPECT_NEAR(font->render("x", 80).height, 4 * font->render("x", 20).height, 4);
}

}  // namespace
}  // namespace sixtops::vision
