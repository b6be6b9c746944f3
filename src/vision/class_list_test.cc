#include "vision/class_list.h"

#include <gtest/gtest.h>

#include "testing/test_data.h"

namespace sixtops::vision {
namespace {

TEST(ClassList, HasAHeadingBlanksAndComments) {
  const auto pictures =
      parse_class_list("file\tclass_index\r\na.jpg\t3\r\n\n# note 1\nmy photo.png  17\n", "list").value();
  ASSERT_EQ(pictures.size(), 2U);
  EXPECT_EQ(pictures[0].file, "a.jpg");
  EXPECT_EQ(pictures[0].class_index, 3);
  EXPECT_EQ(pictures[1].file, "my photo.png");
  EXPECT_EQ(pictures[1].class_index, 17);
}

TEST(ClassList, NamesTheLineThatIsWrong) {
  const Status status = parse_class_list("a.jpg\t3\nb.jpg\n", "list").status();
  EXPECT_EQ(status.message(), "list: line 2 is 'b.jpg'; expected a file name, a tab and a class index");
  EXPECT_FALSE(parse_class_list("a.jpg 3\nb.jpg -1", "list").ok());
  EXPECT_FALSE(parse_class_list("a.jpg 3\nb.jpg 99999999999", "list").ok());
  EXPECT_FALSE(parse_class_list("a.jpg 3\n4", "list").ok());
  EXPECT_FALSE(parse_class_list("", "list").ok());
  EXPECT_FALSE(parse_class_list("file\tclass_index\n", "list").ok());
}

TEST(ClassList, OfTheFiftyPhotographs) {
  SIXTOPS_NEED_DATA("data/imagenet50/labels.tsv");
  const auto pictures = read_class_list(sixtops::testing::test_data_path("data/imagenet50/labels.tsv")).value();
  ASSERT_EQ(pictures.size(), 50U);
  for (size_t i = 0; i < pictures.size(); ++i) EXPECT_EQ(pictures[i].class_index, static_cast<int>(20 * i));
}

}  // namespace
}  // namespace sixtops::vision
