#include "convert/sample_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "graph/npy.h"
#include "vision/picture_file.h"

namespace sixtops::convert {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SampleListTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sixtops_samples_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_TRUE(vision::write_picture(vision::make_picture(2, 2).value(), path("b.png")).ok());
    ASSERT_TRUE(write_npy(Tensor::from_values<float>({1, 3, 2, 2}, std::vector<float>(12, 0.5F)), path("a.npy")).ok());
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string list(const std::string& text) const {
    EXPECT_TRUE(write_file(path("list.txt"), text).ok());
    return path("list.txt");
  }

  fs::path folder_;
};

Graph one_input() {
  Graph graph;
  graph.inputs = {graph.add_value("x", DType::kF32, Shape{1, 3, 2, 2})};
  graph.input_descriptions.resize(1);
  graph.input_descriptions[0].is_picture = true;
  graph.input_descriptions[0].mean = {1, 1, 1};
  return graph;
}

TEST_F(SampleListTest, FolderGivesPicturesAndTensorsByName) {
  ASSERT_TRUE(write_file(path("notes.txt"), "no sample").ok());
  const auto samples = list_samples(folder_.string(), 1);
  ASSERT_TRUE(samples.ok()) << samples.status().message();
  EXPECT_EQ(*samples, (std::vector<SampleFiles>{{path("a.npy")}, {path("b.png")}}));
  EXPECT_EQ(list_samples(folder_.string(), 2).status().code(), StatusCode::kUsage);

  const Graph graph = one_input();
  EXPECT_EQ(load_sample({path("a.npy")}, graph).value()[0].values<float>()[0], 0.5F);
  EXPECT_EQ(load_sample({path("b.png")}, graph).value()[0].values<float>()[0], -1);
}

TEST_F(SampleListTest, ListHasOneSampleALine) {
  const auto single = list_samples(list("b.png\r\n\n  a b.npy \n"), 1);
  ASSERT_TRUE(single.ok()) << single.status().message();
  EXPECT_EQ(*single, (std::vector<SampleFiles>{{path("b.png")}, {path("a b.npy")}}));
  const auto two = list_samples(list("a.npy b.png\n/else/x.npy a.npy"), 2);
  ASSERT_TRUE(two.ok());
  EXPECT_EQ((*two)[1], (SampleFiles{"/else/x.npy", path("a.npy")}));
  EXPECT_THAT(list_samples(list("a b\nc\n"), 2).status().message(), HasSubstr("line 2 names 1 files"));
}

TEST_F(SampleListTest, EmptyAndUnreadableSourcesAreNamed) {
  EXPECT_EQ(list_samples(path("nothing"), 1).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(list_samples(list("\n\n"), 1).status().message(), HasSubstr("names no sample"));
  EXPECT_THAT(list_samples(path("b.png"), 1).status().message(), HasSubstr("not a text file"));
  ASSERT_TRUE(fs::create_directory(path("empty")));
  EXPECT_THAT(list_samples(path("empty"), 1).status().message(), HasSubstr("empty: no pictures"));
}

TEST_F(SampleListTest, FilesThatDoNotFitAreNamed) {
  Graph graph = one_input();
  ASSERT_TRUE(write_npy(Tensor::from_values<float>({2}, {1, 2}), path("c.npy")).ok());
  EXPECT_THAT(load_sample({path("c.npy")}, graph).status().message(), HasSubstr("c.npy: shape 2, input 'x' expects"));
  ASSERT_TRUE(write_file(path("d.png"), "no picture").ok());
  EXPECT_THAT(load_sample({path("d.png")}, graph).status().message(), HasSubstr("d.png"));
}

}  // namespace
}  // namespace sixtops::convert
