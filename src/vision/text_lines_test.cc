#include "vision/text_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sixtops::vision {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> all;
  TextLines lines(text);
  while (const auto line = lines.next()) all.emplace_back(*line);
  return all;
}

TEST(TextLines, AreTrimmedAndMayBeEmpty) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("\n"), Lines{""});
  EXPECT_EQ(lines_of("a b\t\r\n \n  c"), (Lines{"a b", "", "c"}));
  EXPECT_EQ(lines_of("a\n"), Lines{"a"});
}

}  // namespace
}  // namespace sixtops::vision
