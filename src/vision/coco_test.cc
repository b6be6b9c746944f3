#include "vision/coco.h"

#include <gtest/gtest.h>

#include <random>

#include "testing/test_data.h"
#include "vision/labels.h"

namespace sixtops::vision {
namespace {

Result<CocoAnnotations> parse(const std::string& text) { return parse_coco(std::as_bytes(std::span(text)), "a.json"); }

const std::string kGood = R"({"info": {"year": 2017}, "licenses": [],
  "images": [{"id": 7, "file_name": "a.jpg", "width": 3, "height": 4}],
  "annotations": [{"id": 1, "image_id": 7, "category_id": 2, "bbox": [1, 2.5, 3, 4], "area": 9.5, "iscrowd": 1,
                   "segmentation": {"counts": [1, 2, 3], "size": [3, 4]}},
                  {"id": 2, "image_id": 8, "category_id": 2, "bbox": [0, 0, 2, 2], "segmentation": [[1, 2, 3, 4]]}],
  "categories": [{"id": 2, "name": "cat", "supercategory": "animal"}, {"id": 1, "name": "dog"}]})";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(Coco, IsRead) {
  const CocoAnnotations annotations = parse(kGood).value();
  ASSERT_EQ(annotations.pictures.size(), 1U);
  EXPECT_EQ(annotations.pictures[0].id, 7);
  EXPECT_EQ(annotations.pictures[0].file_name, "a.jpg");
  ASSERT_EQ(annotations.categories.size(), 2U);
  EXPECT_EQ(annotations.categories[0].name, "cat");
  ASSERT_EQ(annotations.objects.size(), 2U);
  EXPECT_EQ(annotations.objects[0].top, 2.5);
  EXPECT_EQ(annotations.objects[0].area, 9.5);
  EXPECT_TRUE(annotations.objects[0].crowd);
  EXPECT_EQ(annotations.objects[1].area, 4);  // of the box
  EXPECT_FALSE(annotations.objects[1].crowd);
}

TEST(Coco, ErrorsNameThePlace) {
  EXPECT_EQ(
      parse(with("\"bbox\": [0, 0, 2, 2]", "\"bbox\": [0, 0, -2, 2]")).status().message(),
      "a.json: COCO annotations: entry 1 of \"annotations\": \"bbox\" is missing or wrong, expected four numbers: "
      "left, top, and width and height of at least 0");
  EXPECT_EQ(parse(with("\"categories\"", "\"kinds\"")).status().message(),
            "a.json: COCO annotations: the list \"categories\" is missing");
  EXPECT_NE(parse("{").status().message().find("a.json: COCO annotations: no valid JSON: "), std::string::npos);
}

TEST(Coco, RefusesWrongTypes) {
  for (const auto& [from, to] :
       std::initializer_list<std::pair<const char*, const char*>>{{"\"id\": 7", "\"id\": \"7\""},
                                                                  {"\"id\": 7", "\"id\": 7.5"},
                                                                  {"\"id\": 7", "\"id\": 9223372036854775808"},
                                                                  {"\"file_name\": \"a.jpg\"", "\"file_name\": 1"},
                                                                  {"\"image_id\": 7, ", ""},
                                                                  {"[1, 2.5, 3, 4]", "[1, 2.5, 3]"},
                                                                  {"[1, 2.5, 3, 4]", "[1, 2.5, 3, \"4\"]"},
                                                                  {"[1, 2.5, 3, 4]", "{}"},
                                                                  {"[{\"id\": 7,", "[5, {\"id\": 7,"},
                                                                  {"\"id\": 1, \"name\"", "\"id\": 2, \"name\""}}) {
    EXPECT_EQ(parse(with(from, to)).status().code(), StatusCode::kInvalidData) << to;
  }
  EXPECT_FALSE(parse("[]").ok());
  EXPECT_FALSE(parse("7").ok());
  EXPECT_FALSE(parse("").ok());
}

TEST(Coco, SurvivesDeepNestingAndDamage) {
  EXPECT_NE(parse(std::string(1000000, '[')).status().message().find("more than 32 deep"), std::string::npos);
  EXPECT_FALSE(parse(with("\"year\": 2017", "\"year\": " + std::string(99, '[') + std::string(99, ']'))).ok());
  for (size_t size = 0; size < kGood.size(); ++size) EXPECT_FALSE(parse(kGood.substr(0, size)).ok()) << size;
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string text = kGood;
    for (int k = 0; k < 3; ++k) text[random() % text.size()] = static_cast<char>(random());
    (void)parse(text);
  }
}

TEST(Coco, OfTheFiftyPictures) {
  SIXTOPS_NEED_DATA("data/coco_val50/instances_val50.json");
  const CocoAnnotations annotations =
      read_coco(sixtops::testing::test_data_path("data/coco_val50/instances_val50.json")).value();
  EXPECT_EQ(annotations.pictures.size(), 50U);
  EXPECT_EQ(annotations.objects.size(), 362U);
  ASSERT_EQ(annotations.categories.size(), 80U);
  for (size_t c = 0; c < 80; ++c) EXPECT_EQ(annotations.categories[c].name, coco_labels()[c]);
  EXPECT_EQ(annotations.categories[79].id, 90);
}

}  // namespace
}  // namespace sixtops::vision
