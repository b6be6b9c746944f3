#include "vision/labels.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "base/file.h"

namespace sixtops::vision {
namespace {

Result<std::vector<std::string>> labels_from(const std::string& text) {
  const std::string path = ::testing::TempDir() + "/labels_test.txt";
  EXPECT_TRUE(write_file(path, std::string_view(text)).ok());
  Result<std::vector<std::string>> labels = read_labels(path);
  std::remove(path.c_str());
  return labels;
}

using Labels = std::vector<std::string>;

TEST(Labels, AreOneALine) {
  EXPECT_EQ(labels_from("cat\nbig dog\n").value(), (Labels{"cat", "big dog"}));
  EXPECT_EQ(labels_from("cat\r\n\tdog \r\n\r\n").value(), (Labels{"cat", "dog"}));
  EXPECT_EQ(labels_from("cat\n\ndog").value(), (Labels{"cat", "", "dog"}));  // a class without a name
}

TEST(Labels, OfNothingAreAnError) {
  EXPECT_EQ(labels_from("").status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(labels_from("\n \n").status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(labels_from(std::string("a\0b", 3)).status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(read_labels("/nowhere/labels.txt").status().code(), StatusCode::kNotFound);
}

TEST(Labels, OfCocoAreEighty) {
  ASSERT_EQ(coco_labels().size(), 80U);
  EXPECT_EQ(coco_labels()[5], "bus");
  EXPECT_EQ(coco_labels()[57], "sofa");
  EXPECT_EQ(coco_labels()[79], "toothbrush");
}

TEST(FitLabels, HandlesTheBackground) {
  EXPECT_EQ(fit_labels({"a", "b"}, 2, "f").value(), (Labels{"a", "b"}));
  EXPECT_EQ(fit_labels({"Background", "a", "b"}, 2, "f").value(), (Labels{"a", "b"}));
  const Labels imagenet = fit_labels(Labels(1000, "x"), 1001, "f").value();
  EXPECT_EQ(imagenet.size(), 1001U);
  EXPECT_EQ(imagenet[0], "background");
  EXPECT_EQ(imagenet[1], "x");
}

TEST(FitLabels, NamesBothCounts) {
  const Status status = fit_labels({"a", "b", "c"}, 2, "names.txt").status();
  EXPECT_EQ(status.message(), "names.txt: 3 labels, but the model has 2 classes; give a file with one label a class");
  EXPECT_FALSE(fit_labels({"a"}, 2, "f").ok());  // only ImageNet's networks have an unnamed background
  EXPECT_FALSE(fit_labels({}, 2, "f").ok());
}

TEST(LabelOf, HasAWordForClassesWithoutName) {
  EXPECT_EQ(label_of({"a"}, 0), "a");
  EXPECT_EQ(label_of({"a"}, 1), "class 1");
  EXPECT_EQ(label_of({"a"}, -1), "class -1");
}

}  // namespace
}  // namespace sixtops::vision
