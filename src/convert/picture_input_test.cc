#include "convert/picture_input.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace sixtops::convert {
namespace {

// One red, one green, one blue and one white pixel in each row.
vision::Picture four_pixels(int height = 1) {
  constexpr uint8_t kPixels[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
  vision::Picture picture = vision::make_picture(4, height).value();
  for (int y = 0; y < height; ++y) std::copy(std::begin(kPixels), std::end(kPixels), picture.row(y));
  return picture;
}

Value input_of(DType dtype, Shape shape, std::optional<QuantParams> quant = std::nullopt) {
  Value value;
  value.name = "x";
  value.dtype = dtype;
  value.shape = std::move(shape);
  value.quant = std::move(quant);
  return value;
}

std::vector<float> values_of(const Value& input, const InputDescription& description) {
  const PictureLayout layout = picture_layout(*input.shape).value();
  const Result<Tensor> tensor = picture_input(four_pixels(layout.height), input, description, nullptr);
  EXPECT_TRUE(tensor.ok()) << tensor.status().message();
  return tensor.ok() ? values_as<float>(*tensor) : std::vector<float>();
}

InputDescription bgr_halves() {
  InputDescription description;
  description.color = ColorOrder::kBgr;
  description.mean = {0, 0, 255};
  description.std = {510, 510, 510};
  return description;
}

TEST(PictureInput, FloatValuesInBothLayouts) {
  EXPECT_EQ(values_of(input_of(DType::kF32, {1, 3, 1, 4}), bgr_halves()),
            (std::vector<float>{0, 0, 0.5F, 0.5F, 0, 0.5F, 0, 0.5F, 0, -0.5F, -0.5F, 0}));
  const std::vector<float> row = {0, 0, 0, 0, 0.5F, -0.5F, 0.5F, 0, -0.5F, 0.5F, 0.5F, 0};
  std::vector<float> two_rows = row;
  two_rows.insert(two_rows.end(), row.begin(), row.end());
  EXPECT_EQ(values_of(input_of(DType::kF16, {1, 2, 4, 3}), bgr_halves()), two_rows);
}

TEST(PictureInput, CodesOfTheInputsOwnParameters) {
  EXPECT_EQ(values_of(input_of(DType::kI8, {1, 3, 1, 4}, QuantParams{{1.0F / 255}, {-128}, -1}),
                      {.is_picture = true, .mean = {}, .std = {255, 255, 255}}),
            (std::vector<float>{127, -128, -128, 127, -128, 127, -128, 127, -128, -128, 127, 127}));
  // Plain bytes, and bytes that stand for other numbers: both are the picture's own.
  const std::vector<float> bytes = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255};
  EXPECT_EQ(values_of(input_of(DType::kU8, {1, 3, 1, 4}), {}), bytes);
  EXPECT_EQ(values_of(input_of(DType::kU8, {1, 3, 1, 4}, QuantParams{{1.0F / 128}, {128}, -1}),
                      {.is_picture = true, .mean = {128}, .std = {128}}),
            bytes);
}

TEST(PictureInput, RefusesOtherShapesAndTypes) {
  for (const Shape& shape :
       {Shape{1, 3, 4}, Shape{2, 3, 4, 4}, Shape{1, 2, 4, 4}, Shape{1, 3, 0, 4}, Shape{1, 3, 1 << 20, 4}, Shape{}}) {
    EXPECT_FALSE(picture_layout(shape).ok()) << shape_text(shape);
  }
  EXPECT_FALSE(picture_input(four_pixels(), input_of(DType::kI64, {1, 3, 1, 4}), {}, nullptr).ok());
  EXPECT_FALSE(picture_input(four_pixels(), input_of(DType::kF32, {1, 1, 1, 4}), {}, nullptr).ok());
}

}  // namespace
}  // namespace sixtops::convert
