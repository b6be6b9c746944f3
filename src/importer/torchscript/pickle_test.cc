#include "importer/torchscript/pickle.h"

#include <gtest/gtest.h>

#include "testing/zip_file.h"

namespace sixtops::importer::torchscript {
namespace {

using namespace std::string_literals;
using Kind = PickleValue::Kind;

Result<Pickle> parse(const std::string& text) { return Pickle::parse(::sixtops::testing::shared_bytes(text).span()); }

TEST(Pickle, ReadsContainersAndNumbers) {
  // {'a': [1, -2, 3.5, (True, None)]}
  const Result<Pickle> pickle =
      parse("\x80\x02}X\x01\0\0\0a](K\x01J\xfe\xff\xff\xffG\x40\x0c\0\0\0\0\0\0\x88N\x86"s + "es.");
  ASSERT_TRUE(pickle.ok()) << pickle.status().message();
  const PickleRef list = pickle->root().find("a");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 4U);
  EXPECT_EQ(list->items[0]->integer, 1);
  EXPECT_EQ(list->items[1]->integer, -2);
  EXPECT_EQ(list->items[2]->number, 3.5);
  EXPECT_EQ(list->items[3]->items[1]->kind, Kind::kNone);
}

TEST(Pickle, ModulesBecomeInertObjects) {
  const Result<Pickle> pickle = parse("\x80\x02"s + "ctorch.nn.modules.conv\nConv2d\n)\x81}X\x01\0\0\0kK\x03sb."s);
  ASSERT_TRUE(pickle.ok()) << pickle.status().message();
  EXPECT_EQ(pickle->root().text, "torch.nn.modules.conv.Conv2d");
  EXPECT_EQ(pickle->root().find("k")->integer, 3);
}

TEST(Pickle, WhatWouldRunCodeIsRefusedByName) {
  for (const std::string& call :
       {"cos\nsystem\n"s, "cposix\nsystem\n"s, "cbuiltins\neval\n"s, "csubprocess\nPopen\n"s}) {
    const Result<Pickle> pickle = parse("\x80\x02" + call + "X\x02\0\0\0ls\x85R."s);
    ASSERT_FALSE(pickle.ok()) << call;
    EXPECT_EQ(pickle.status().code(), StatusCode::kUnsupported);
    EXPECT_NE(pickle.status().message().find("which no network needs"), std::string::npos) << pickle.status().message();
  }
}

TEST(Pickle, DamagedOnesAreErrors) {
  for (const std::string& bad :
       {""s, "\x80\x02"s, "."s, "a."s, "K"s, "t."s, "h\x05."s, "(K\x01u."s, "R."s, "Q."s, "\xff."s}) {
    EXPECT_FALSE(parse(bad).ok());
  }
  // A list that is appended to itself is a value like any other.
  EXPECT_TRUE(parse("]q\0h\0a."s).ok());
}

TEST(Pickle, CopiesAreBounded) {
  // A dictionary of 1000 entries, built into one object a hundred thousand times.
  std::string text = "\x80\x02"s + "ctorch.nn.modules.conv\nConv2d\n)\x81}(";
  for (int i = 0; i < 1000; ++i) text += "K\x01K\x01";
  text += "uq\x01"s + "b";
  for (int i = 0; i < 100000; ++i) text += "h\x01"s + "b";
  EXPECT_EQ(parse(text + ".").status().code(), StatusCode::kResource);
}

}  // namespace
}  // namespace sixtops::importer::torchscript
