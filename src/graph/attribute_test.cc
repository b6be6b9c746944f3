#include "graph/attribute.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

TEST(Attributes, AreAMapInTheOrderOfNames) {
  Attributes attributes;
  attributes.set("b", int64_t{2});
  attributes.set("a", std::string("x"));
  attributes.set("c", Floats{1});
  attributes.set("b", int64_t{3});
  std::string names;
  for (const auto& [name, value] : attributes) names += name;
  EXPECT_EQ(names, "abc");
  EXPECT_EQ(std::get<int64_t>(*attributes.find("b")), 3);
  EXPECT_EQ(attributes.find("d"), nullptr);
  attributes.erase("b");
  attributes.erase("nothing");
  EXPECT_FALSE(attributes.has("b"));
  EXPECT_EQ(attributes.size(), 2U);
}

}  // namespace
}  // namespace sixtops
