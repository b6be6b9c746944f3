#include "importer/onnx/task_hints.h"

#include <gtest/gtest.h>

namespace sixtops::importer::onnx {
namespace {

using Labels = std::vector<std::string>;

TEST(ParseLabels, ReadsDictionaryAndList) {
  EXPECT_EQ(parse_labels("{0: 'person', 1: 'bicycle'}"), (Labels{"person", "bicycle"}));
  EXPECT_EQ(parse_labels("['a', \"b's\", 'c\\'s',]"), (Labels{"a", "b's", "c's"}));
  EXPECT_EQ(parse_labels("{}"), Labels{});
}

TEST(ParseLabels, AnythingElseIsNoLabels) {
  for (const char* text : {"", "{", "{0: 'a'", "{1: 'a'}", "{0: 'a', 2: 'b'}", "{0: a}", "['a'] x", "['a' 'b']", "['a",
                           "{0 'a'}", "__import__('os')", "{99999999999999999999: 'a'}", "['a\\"}) {
    EXPECT_EQ(parse_labels(text), Labels{}) << text;
  }
}

}  // namespace
}  // namespace sixtops::importer::onnx
