#include "vision/picture_file.h"

#include <filesystem>
#include <fstream>

#include "testing/test_data.h"
#include "vision/test_picture.h"

namespace sixtops::vision {
namespace {

namespace fs = std::filesystem;

class PictureFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void touch(const std::string& name) const { std::ofstream(path(name)) << "x"; }

  fs::path folder_;
};

TEST_F(PictureFile, IsWrittenAndReadInEveryFormat) {
  const Picture picture = gradient_picture(20, 10);
  for (const char* name : {"a.jpg", "b.JPEG", "c.png", "d.BMP"}) {
    ASSERT_TRUE(write_picture(picture, path(name)).ok());
    const Result<Picture> read = read_picture(path(name));
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_LE(largest_difference(*read, picture), 16) << name;  // steep gradients under 2 x 2 chroma
  }
}

TEST_F(PictureFile, IsToldFromItsContent) {
  ASSERT_TRUE(write_picture(gradient_picture(20, 10), path("a.png")).ok());
  fs::rename(path("a.png"), path("b.jpg"));
  EXPECT_TRUE(read_picture(path("b.jpg")).ok());
}

TEST_F(PictureFile, ErrorsNameTheFile) {
  touch("note.jpg");
  const Status status = read_picture(path("note.jpg")).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidData);
  EXPECT_EQ(status.message(), path("note.jpg") + ": not a picture that can be read; expected JPEG, PNG or BMP");
  EXPECT_EQ(read_picture(path("none.jpg")).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_picture(folder_.string()).status().code(), StatusCode::kIo);
  EXPECT_EQ(write_picture(gradient_picture(2, 2), path("a.gif")).code(), StatusCode::kUsage);
  EXPECT_EQ(write_picture(gradient_picture(2, 2), path("nowhere/a.png")).code(), StatusCode::kIo);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);  // only the note
}

TEST_F(PictureFile, PathsAreTakenBySuffix) {
  EXPECT_TRUE(is_picture_path("a/b.JPG"));
  EXPECT_TRUE(is_picture_path("b.jpeg"));
  EXPECT_FALSE(is_picture_path("b.npy"));
  EXPECT_FALSE(is_picture_path("jpg"));
  EXPECT_FALSE(is_picture_path(""));
}

TEST_F(PictureFile, ListsFoldersAndGlobsSorted) {
  for (const char* name : {"b.jpg", "a.png", "c.txt", "B.bmp"}) touch(name);
  fs::create_directory(path("z.jpg"));  // a folder is no picture
  EXPECT_EQ(list_pictures(folder_.string()).value(), (std::vector{path("B.bmp"), path("a.png"), path("b.jpg")}));
  EXPECT_EQ(list_pictures(path("*.p*")).value(), (std::vector{path("a.png")}));
  EXPECT_EQ(list_pictures(path("c.txt")).value(), (std::vector{path("c.txt")}));
}

TEST_F(PictureFile, AFileWhoseNameLooksLikeAPatternIsThatFile) {
  touch("a[1].jpg");
  EXPECT_EQ(list_pictures(path("a[1].jpg")).value(), (std::vector{path("a[1].jpg")}));
}

TEST_F(PictureFile, NothingIsAnError) {
  touch("c.txt");
  for (const std::string& source : {folder_.string(), path("*.jpg"), path("none.jpg"), std::string()}) {
    EXPECT_EQ(list_pictures(source).status().code(), StatusCode::kNotFound) << source;
  }
}

TEST(PictureData, RealPhotographsHaveTheirSizes) {
  SIXTOPS_NEED_DATA("data/img/bus.jpg");
  struct Photo {
    const char* name;
    int width, height;
  };
  for (const Photo& photo : std::initializer_list<Photo>{{"bus.jpg", 810, 1080},
                                                         {"grace_hopper.bmp", 512, 600},
                                                         {"cat.bmp", 512, 341},
                                                         {"space_shuttle_224.jpg", 224, 224}}) {
    const Result<Picture> picture =
        read_picture(sixtops::testing::test_data_path("data/img/" + std::string(photo.name)));
    ASSERT_TRUE(picture.ok()) << picture.status().message();
    EXPECT_EQ(picture->width, photo.width);
    EXPECT_EQ(picture->height, photo.height);
  }
}

}  // namespace
}  // namespace sixtops::vision
