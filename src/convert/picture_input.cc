#include "convert/picture_input.h"

#include "base/error.h"
#include "graph/input_code.h"

namespace sixtops::convert {
namespace {

// uint8 codes are made as int8 codes of a zero point 128 lower, and moved up.
constexpr int kUnsignedOffset = 128;

struct Target {
  const PictureLayout& layout;
  const vision::Picture& picture;
  const InputDescription& description;
};

// Planar pixels, moved to where the tensor wants them.
template <typename T, typename From>
void store(const PictureLayout& layout, const std::vector<From>& planes, int offset, std::span<T> to) {
  const auto pixels = static_cast<size_t>(layout.height) * static_cast<size_t>(layout.width);
  const auto channels = static_cast<size_t>(layout.channels);
  for (size_t c = 0; c < channels; ++c) {
    for (size_t p = 0; p < pixels; ++p) {
      const size_t at = layout.channels_last ? p * channels + c : c * pixels + p;
      to[at] = static_cast<T>(planes[c * pixels + p] + static_cast<From>(offset));
    }
  }
}

Result<Tensor> make_values(const Target& target, const Shape& shape) {
  Tensor tensor = TRY(Tensor::allocate(DType::kF32, shape));
  std::vector<float> planes(static_cast<size_t>(tensor.element_count()));
  vision::to_planar_values(target.picture, target.description.color,
                           input_value_tables(target.description, target.layout.channels), planes.data());
  store(target.layout, planes, 0, tensor.mutable_values<float>());
  return tensor;
}

template <typename T>
Result<Tensor> make_codes(const Target& target, const Shape& shape, QuantParams quant) {
  constexpr int kOffset = std::is_unsigned_v<T> ? kUnsignedOffset : 0;
  quant.zero_point[0] -= kOffset;
  Tensor tensor = TRY(Tensor::allocate(dtype_of<T>, shape));
  std::vector<int8_t> codes(static_cast<size_t>(tensor.element_count()));
  vision::to_planar_codes(target.picture, target.description.color,
                          input_code_tables(target.description, target.layout.channels, quant), codes.data());
  const std::vector<int> planes(codes.begin(), codes.end());
  store(target.layout, planes, kOffset, tensor.mutable_values<T>());
  return tensor;
}

}  // namespace

Result<PictureLayout> picture_layout(const Shape& shape) {
  const auto is_channels = [](int64_t extent) { return extent == 1 || extent == 3; };
  const auto fits = [](int64_t extent) { return extent >= 1 && extent <= vision::kMaxPictureSide; };
  if (shape.size() == 4 && shape[0] == 1) {
    if (is_channels(shape[1]) && fits(shape[2]) && fits(shape[3])) {
      return PictureLayout{static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3]), false};
    }
    if (is_channels(shape[3]) && fits(shape[1]) && fits(shape[2])) {
      return PictureLayout{static_cast<int>(shape[3]), static_cast<int>(shape[1]), static_cast<int>(shape[2]), true};
    }
  }
  return unsupported("a picture does not fit the shape {}; expected 1x3xHxW, 1x1xHxW or the channels last",
                     shape_text(shape));
}

Result<Tensor> picture_input(const vision::Picture& picture, const Value& input, const InputDescription& description,
                             vision::Placement* placement) {
  const Shape shape = input.shape.value_or(Shape{});
  Result<PictureLayout> layout = picture_layout(shape);
  if (!layout.ok()) return layout.status().with_prefix("input '" + input.name + "': ");
  if (layout->channels != vision::channel_count(description.color)) {
    return usage_error("input '{}' has {} channels, colour order '{}' gives {}", input.name, layout->channels,
                       color_name(description.color), vision::channel_count(description.color));
  }
  const vision::Picture resized = TRY(vision::resize_to_input(picture, layout->width, layout->height,
                                                              description.resize, description.pad_color, placement));
  const Target target{*layout, resized, description};
  if (is_float(input.dtype)) return cast(TRY(make_values(target, shape)), input.dtype);
  const QuantParams quant = input.quant.value_or(QuantParams{{1}, {0}, -1});
  if (quant.per_tensor() && input.dtype == DType::kI8) return make_codes<int8_t>(target, shape, quant);
  if (quant.per_tensor() && input.dtype == DType::kU8) return make_codes<uint8_t>(target, shape, quant);
  return unsupported("input '{}': pictures become floats, int8 or uint8, it is {}", input.name,
                     dtype_name(input.dtype));
}

}  // namespace sixtops::convert
