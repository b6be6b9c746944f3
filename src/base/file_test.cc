#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace sixtops {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sixtops_file_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  size_t file_count() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(FileTest, WritesAndReads) {
  ASSERT_TRUE(write_file(path("a"), "first, and longer").ok());
  ASSERT_TRUE(write_file(path("a"), "second").ok());
  const Result<SharedBytes> bytes = read_file(path("a"));
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(bytes->text(), "second");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(FileTest, SaysWhatCannotBeRead) {
  EXPECT_EQ(read_file(path("missing")).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(read_file(folder_.string()).status().message(), HasSubstr("folder"));
  ASSERT_TRUE(write_file(path("a"), "12345").ok());
  EXPECT_EQ(read_file(path("a"), 4).status().code(), StatusCode::kResource);
}

TEST_F(FileTest, FailedWritingLeavesNothing) {
  EXPECT_THAT(write_file(path("none/a"), "x").message(), HasSubstr("none/a: cannot be written"));
  ASSERT_TRUE(fs::create_directory(path("folder")));
  EXPECT_FALSE(write_file(path("folder"), "x").ok());
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(FileTest, DevicesAndLinksAreWrittenInPlace) {
  if (fs::exists("/dev/full")) {
    EXPECT_THAT(write_file("/dev/full", "x").message(), HasSubstr("/dev/full: cannot be written"));
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
  }
  ASSERT_TRUE(write_file(path("target"), "old").ok());
  fs::create_symlink(path("target"), path("link"));
  ASSERT_TRUE(write_file(path("link"), "new").ok());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("target"))->text(), "new");
}

}  // namespace
}  // namespace sixtops
