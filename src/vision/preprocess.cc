#include "vision/preprocess.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/thread_pool.h"
#include "vision/resize.h"

namespace sixtops::vision {
namespace {

uint8_t luma(const uint8_t* rgb) {
  constexpr int kRed = 4899, kGreen = 9617, kBlue = 1868;  // sum 2^14
  return static_cast<uint8_t>((rgb[0] * kRed + rgb[1] * kGreen + rgb[2] * kBlue + (1 << 13)) >> 14);
}

// Where the elements of a row go: channel c of pixel x to out[c · channel_step + x · pixel_step].
struct RowLayout {
  int64_t channel_step = 0;
  int64_t pixel_step = 1;
};

template <typename T>
void convert_row(const uint8_t* __restrict rgb, int width, ColorOrder color, std::span<const std::array<T, 256>> tables,
                 const RowLayout& layout, T* __restrict out) {
  if (color == ColorOrder::kGray) {
    const T* const table = tables[0].data();
    for (int x = 0; x < width; ++x) out[x] = table[luma(rgb + 3 * x)];
    return;
  }
  for (size_t c = 0; c < 3; ++c) {
    const uint8_t* const from = rgb + (color == ColorOrder::kRgb ? c : 2 - c);
    const T* const table = tables[c].data();
    T* const to = out + static_cast<int64_t>(c) * layout.channel_step;
    if (layout.pixel_step == 1) {
      for (int x = 0; x < width; ++x) to[x] = table[from[3 * x]];
    } else {
      for (int x = 0; x < width; ++x) to[3 * x] = table[from[3 * x]];
    }
  }
}

}  // namespace

int channel_count(ColorOrder color) { return color == ColorOrder::kGray ? 1 : 3; }

template <typename T>
Status write_input(const Picture& picture, const InputFormat& format, std::span<const std::array<T, 256>> tables,
                   T* out, Placement* placement) {
  assert(static_cast<int>(tables.size()) == channel_count(format.color));
  TRY(check_picture_size(format.width, format.height));
  const Placement where = place(picture.width, picture.height, format.width, format.height, format.resize);
  if (placement != nullptr) *placement = where;
  const Rectangle from = {where.source_left, where.source_top, where.source_width, where.source_height};
  const bool shrinks = where.content_width <= from.width && where.content_height <= from.height;
  const auto filter =
      format.resize == ResizeMode::kCrop && shrinks ? ResizedRows::Filter::kArea : ResizedRows::Filter::kBilinear;
  const int channels = channel_count(format.color);
  const RowLayout layout =
      format.channels_last ? RowLayout{1, channels} : RowLayout{int64_t{format.width} * format.height, 1};
  ThreadPool::process().parallel_for(format.height, [&](int64_t begin, int64_t end) {
    ResizedRows rows(picture, from, where.content_width, where.content_height, filter);
    const size_t row_bytes = 3 * static_cast<size_t>(format.width);
    const std::vector<uint8_t> padding(row_bytes, format.pad_color);
    std::vector<uint8_t> content = padding;
    for (int64_t y = begin; y < end; ++y) {
      const int row = static_cast<int>(y) - where.content_top;
      const bool has_content = row >= 0 && row < where.content_height;
      if (has_content) rows.write(row, content.data() + 3 * where.content_left);
      convert_row(has_content ? content.data() : padding.data(), format.width, format.color, tables, layout,
                  out + y * format.width * layout.pixel_step);
    }
  });
  return {};
}

template Status write_input<int8_t>(const Picture&, const InputFormat&, std::span<const std::array<int8_t, 256>>,
                                    int8_t*, Placement*);
template Status write_input<uint8_t>(const Picture&, const InputFormat&, std::span<const std::array<uint8_t, 256>>,
                                     uint8_t*, Placement*);
template Status write_input<float>(const Picture&, const InputFormat&, std::span<const std::array<float, 256>>, float*,
                                   Placement*);

}  // namespace sixtops::vision
