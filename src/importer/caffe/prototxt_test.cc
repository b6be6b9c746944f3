#include "importer/caffe/prototxt.h"

#include <gtest/gtest.h>

namespace sixtops::importer::caffe {
namespace {

TEST(Prototxt, ReadsMessagesListsAndComments) {
  const Result<Message> net = parse_prototxt(
      "name: \"a \\\"b\\\"\" # comment\nlayer { name: 'x' p { k: 3, k: 5; f: 1.5f on: true } }\nlayer: <\n");
  EXPECT_FALSE(net.ok());
  const Result<Message> good = parse_prototxt(
      "name: \"a \\\"b\\\"\" # comment\nlayer { name: 'x' p { k: 3, k: 5; f: 1.5f on: true } }\nlayer: { k: [1, -2] "
      "}\n");
  ASSERT_TRUE(good.ok()) << good.status().message();
  EXPECT_EQ(good->text("name"), "a \"b\"");
  const std::vector<const Message*> layers = good->messages("layer");
  ASSERT_EQ(layers.size(), 2U);
  const Message& p = layers[0]->message("p");
  EXPECT_EQ(p.integers("k", 0, 9).value(), (std::vector<int64_t>{3, 5}));
  EXPECT_EQ(p.number("f", 0).value(), 1.5F);
  EXPECT_TRUE(p.flag("on", false).value());
  EXPECT_EQ(layers[1]->integers("k", -9, 9).value(), (std::vector<int64_t>{1, -2}));
  EXPECT_EQ(p.integers("k", 0, 4).status().message(), "line 2: k is 5, expected 0 to 4");
}

TEST(Prototxt, DamagedTextNamesTheLine) {
  EXPECT_EQ(parse_prototxt("a {\n  b: 1\n").status().message(), "line 3: expected }, found ''");
  EXPECT_EQ(parse_prototxt("a: 1\nb\n").status().message(), "line 3: expected : or {, found ''");
  EXPECT_FALSE(parse_prototxt("a: \"x\n").ok());
  EXPECT_FALSE(parse_prototxt("}").ok());
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "a {";
  EXPECT_EQ(parse_prototxt(deep).status().code(), StatusCode::kResource);
}

}  // namespace
}  // namespace sixtops::importer::caffe
