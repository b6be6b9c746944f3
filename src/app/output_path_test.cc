#include "app/output_path.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace sixtops::app {
namespace {

namespace fs = std::filesystem;

TEST(OutputPath, FolderKeepsNamesAndNumbersEqualOnes) {
  std::string pattern = (fs::temp_directory_path() / "sixtops_output_XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::string folder = pattern + "/deep/er";
  Result<OutputPath> output = OutputPath::open(folder, 3);
  ASSERT_TRUE(output.ok()) << output.status().message();
  EXPECT_TRUE(fs::is_directory(folder));
  EXPECT_EQ(output->path_of("a/bus.jpg"), folder + "/bus.jpg");
  EXPECT_EQ(output->path_of("b/bus.jpg"), folder + "/bus_2.jpg");
  EXPECT_EQ(output->path_of("b/bus.png"), folder + "/bus.png");
  fs::remove_all(pattern);
}

TEST(OutputPath, FileIsForOnePicture) {
  EXPECT_EQ(OutputPath::open("boxes.PNG", 1)->path_of("bus.jpg"), "boxes.PNG");
  EXPECT_EQ(OutputPath::open("boxes.png", 2).status().code(), StatusCode::kUsage);
}

TEST(OutputPath, FolderThatCannotBeMadeIsNamed) {
  const Status status = OutputPath::open("/dev/null/folder", 1).status();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find("/dev/null/folder"), std::string::npos);
}

}  // namespace
}  // namespace sixtops::app
