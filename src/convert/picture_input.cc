#include "convert/picture_input.h"

#include "base/error.h"
#include "graph/input_code.h"

namespace sixtops::convert {
namespace {

// uint8 codes are made as int8 codes of a zero point 128 lower, and moved up.
constexpr int kUnsignedOffset = 128;

using CodeTables = std::vector<std::array<int8_t, 256>>;

std::vector<std::array<uint8_t, 256>> moved_up(const CodeTables& tables) {
  std::vector<std::array<uint8_t, 256>> result(tables.size());
  for (size_t c = 0; c < tables.size(); ++c) {
    for (size_t p = 0; p < tables[c].size(); ++p) {
      result[c][p] = static_cast<uint8_t>(tables[c][p] + kUnsignedOffset);
    }
  }
  return result;
}

template <typename T>
Result<Tensor> make_input(const vision::Picture& picture, const vision::InputFormat& format, const Shape& shape,
                          const std::vector<std::array<T, 256>>& tables, vision::Placement* placement) {
  Tensor tensor = TRY(Tensor::allocate_for_overwrite(dtype_of<T>, shape));
  TRY(vision::write_input<T>(picture, format, tables, tensor.mutable_values<T>().data(), placement));
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
  const vision::InputFormat format = {.width = layout->width,
                                      .height = layout->height,
                                      .resize = description.resize,
                                      .pad_color = description.pad_color,
                                      .color = description.color,
                                      .channels_last = layout->channels_last};
  if (is_float(input.dtype)) {
    const auto tables = input_value_tables(description, layout->channels);
    return cast(TRY(make_input(picture, format, shape, tables, placement)), input.dtype);
  }
  QuantParams quant = input.quant.value_or(QuantParams{{1}, {0}, -1});
  if (quant.per_tensor() && input.dtype == DType::kI8) {
    return make_input(picture, format, shape, input_code_tables(description, layout->channels, quant), placement);
  }
  if (quant.per_tensor() && input.dtype == DType::kU8) {
    quant.zero_point[0] -= kUnsignedOffset;
    return make_input(picture, format, shape, moved_up(input_code_tables(description, layout->channels, quant)),
                      placement);
  }
  return unsupported("input '{}': pictures become floats, int8 or uint8, it is {}", input.name,
                     dtype_name(input.dtype));
}

}  // namespace sixtops::convert
