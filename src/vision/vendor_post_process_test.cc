#include "vision/vendor_post_process.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

namespace sixtops::vision {
namespace {

// The three tensors of a 640 x 640 network with outputs in 0..1: scale 1/255, zero point -128. A test states codes as
// bytes 0..255.
class Heads {
 public:
  Heads() {
    for (size_t level = 0; level < 3; ++level) codes_[level].assign(static_cast<size_t>(255 * plane(level)), -128);
  }

  struct Cell {
    size_t level;
    int anchor, column, row;
    int x, y, width, height;  // bytes
    int objectness, probability;
    int class_id;
  };
  void put(const Cell& cell) {
    const auto set = [&](int channel, int byte) {
      const int64_t at = (85 * cell.anchor + channel) * plane(cell.level) + cell.row * side(cell.level) + cell.column;
      codes_[cell.level][static_cast<size_t>(at)] = static_cast<int8_t>(byte - 128);
    };
    set(0, cell.x);
    set(1, cell.y);
    set(2, cell.width);
    set(3, cell.height);
    set(4, cell.objectness);
    set(5 + cell.class_id, cell.probability);
  }

  std::array<VendorTensor, 3> tensors() const {
    std::array<VendorTensor, 3> tensors;
    for (size_t level = 0; level < 3; ++level) tensors[level] = {codes_[level], -128, 1.0F / 255};
    return tensors;
  }

  std::vector<VendorObject> objects(const VendorOptions& options = {}) const {
    return vendor_post_process(tensors(), options).value();
  }

 private:
  static int64_t side(size_t level) { return 80 >> level; }
  static int64_t plane(size_t level) { return side(level) * side(level); }
  std::array<std::vector<int8_t>, 3> codes_;
};

// The objects of the vendor's demo on its own picture.
void put_demo_objects(Heads& heads) {
  heads.put({1, 0, 5, 26, 227, 219, 151, 209, 95, 206, 0});
  heads.put({1, 2, 16, 24, 0, 8, 146, 191, 227, 252, 0});
  heads.put({2, 0, 15, 12, 223, 58, 107, 228, 222, 255, 0});
  heads.put({1, 2, 11, 23, 20, 211, 183, 201, 215, 254, 0});
  heads.put({2, 0, 9, 8, 205, 227, 255, 246, 180, 250, 5});
}

std::vector<std::string> lines_of(const std::vector<VendorObject>& objects) {
  std::vector<std::string> lines;
  for (const VendorObject& o : objects) {
    lines.push_back(fmt::format("{} @ ({} {} {} {}) {:.6f}", o.class_id == 0 ? "person" : "bus", o.left, o.top, o.right,
                                o.bottom, o.score));
  }
  return lines;
}

const std::vector<std::string> kDemoLines = {
    "person @ (209 243 286 510) 0.879723", "person @ (479 238 560 526) 0.870588", "person @ (109 238 231 534) 0.839831",
    "bus @ (91 129 555 464) 0.692042", "person @ (79 353 121 517) 0.300961"};

TEST(VendorPostProcess, PrintsTheFiveLinesOfTheDemo) {
  Heads heads;
  put_demo_objects(heads);
  EXPECT_EQ(lines_of(heads.objects()), kDemoLines);
}

TEST(VendorPostProcess, SuppressesWithinAClassOnly) {
  Heads heads;
  put_demo_objects(heads);
  heads.put({1, 2, 15, 24, 127, 8, 146, 191, 200, 200, 0});  // beside the first person, of its size
  EXPECT_EQ(lines_of(heads.objects()), kDemoLines);
  heads.put({1, 2, 15, 24, 127, 8, 146, 191, 200, 201, 7});  // the same box as another class
  EXPECT_EQ(heads.objects().size(), 6U);
}

TEST(VendorPostProcess, TheThresholdIsACodeAndTheScoreIsNotTested) {
  // 0.25 · 255 - 128 = -64.25, cut to -64: byte 64. Objectness may equal it, the class must be above.
  Heads at;
  at.put({0, 0, 40, 40, 128, 128, 128, 128, 64, 65, 3});
  ASSERT_EQ(at.objects().size(), 1U);
  EXPECT_FLOAT_EQ(at.objects()[0].score, 64.0F * 65 / (255 * 255));
  Heads class_at;
  class_at.put({0, 0, 40, 40, 128, 128, 128, 128, 255, 64, 3});
  EXPECT_TRUE(class_at.objects().empty());
  Heads objectness_below;
  objectness_below.put({0, 0, 40, 40, 128, 128, 128, 128, 63, 255, 3});
  EXPECT_TRUE(objectness_below.objects().empty());
}

TEST(VendorPostProcess, TheFirstOfEqualClassesWins) {
  Heads heads;
  for (const int class_id : {60, 11, 34}) heads.put({0, 1, 3, 4, 128, 128, 128, 128, 255, 200, class_id});
  ASSERT_EQ(heads.objects().size(), 1U);
  EXPECT_EQ(heads.objects()[0].class_id, 11);
}

TEST(VendorPostProcess, OnePixelIsAddedToEveryExtent) {
  // Two boxes of 10 x 13 pixels, 4 pixels apart: 6·13 / (2·130 - 78) = 0.43 stays below 0.45, but with the pixel added
  // 7·14 / (2·154 - 98) = 0.47 does not.
  Heads heads;
  heads.put({0, 0, 40, 40, 128, 128, 128, 128, 255, 255, 0});
  heads.put({0, 0, 41, 40, 64, 128, 128, 128, 255, 254, 0});
  EXPECT_EQ(heads.objects().size(), 1U);
}

TEST(VendorPostProcess, ClampsInTheNetworksInputThenScales) {
  Heads heads;
  heads.put({2, 2, 19, 19, 128, 128, 255, 255, 255, 255, 0});  // reaches over the corner
  const VendorObject o = heads.objects({.pad_left = 10, .pad_top = 20, .scale_x = 0.5F, .scale_y = 0.3F}).at(0);
  // centre 624.1 of 373·4 and 326·4 pixels: left and top below 0, right and bottom above 640
  EXPECT_EQ(o.left, 0);
  EXPECT_EQ(o.top, 0);
  EXPECT_EQ(o.right, 1280);
  EXPECT_EQ(o.bottom, 2133);
}

TEST(VendorPostProcess, GivesAtMostSixtyFourObjects) {
  Heads heads;
  for (int i = 0; i < 100; ++i) {
    heads.put({0, 0, 4 * (i % 20), 8 * (i / 20), 128, 128, 128, 128, 255, 100 + i, 0});
  }
  const std::vector<VendorObject> objects = heads.objects();
  ASSERT_EQ(objects.size(), 64U);
  EXPECT_FLOAT_EQ(objects[0].score, 199.0F / 255);
  EXPECT_FLOAT_EQ(objects[63].score, 136.0F / 255);
}

TEST(VendorPostProcess, SurvivesTheWorstScores) {
  // Every cell is a candidate with the same score: the sort meets its worst case.
  std::array<std::vector<int8_t>, 3> codes;
  std::array<VendorTensor, 3> tensors;
  for (size_t level = 0; level < 3; ++level) {
    const int side = 20 >> level;
    codes[level].assign(static_cast<size_t>(255 * side * side), 127);
    tensors[level] = {codes[level], -128, 1.0F / 255};
  }
  EXPECT_FALSE(vendor_post_process(tensors, {.input_width = 160, .input_height = 160}).value().empty());
}

TEST(VendorPostProcess, RefusesOtherTensors) {
  Heads heads;
  EXPECT_FALSE(vendor_post_process(heads.tensors(), {.input_width = 416, .input_height = 416}).ok());
  EXPECT_FALSE(vendor_post_process(heads.tensors(), {.scale_x = 0}).ok());
  auto tensors = heads.tensors();
  tensors[1].scale = 0;
  EXPECT_FALSE(vendor_post_process(tensors, {}).ok());
  tensors[1].scale = 1;
  tensors[1].zero_point = 128;
  EXPECT_FALSE(vendor_post_process(tensors, {}).ok());
}

}  // namespace
}  // namespace sixtops::vision
