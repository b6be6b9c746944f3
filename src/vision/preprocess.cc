#include "vision/preprocess.h"

#include <algorithm>
#include <cassert>
#include <type_traits>
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
  const int first = color == ColorOrder::kRgb ? 0 : 2;
  const T* const table0 = tables[0].data();
  const T* const table1 = tables[1].data();
  const T* const table2 = tables[2].data();
  T* __restrict const to0 = out;
  T* __restrict const to1 = out + layout.channel_step;
  T* __restrict const to2 = out + 2 * layout.channel_step;
  const auto convert = [&](auto pixel_step) {  // a constant, so that neighbours are known to be neighbours
    for (int x = 0; x < width; ++x) {
      to0[x * pixel_step] = table0[rgb[3 * x + first]];
      to1[x * pixel_step] = table1[rgb[3 * x + 1]];
      to2[x * pixel_step] = table2[rgb[3 * x + 2 - first]];
    }
  };
  if (layout.pixel_step == 1) {
    convert(std::integral_constant<int, 1>());
  } else {
    convert(std::integral_constant<int, 3>());
  }
}

// A row of one colour in all channels.
template <typename T>
void fill_row(uint8_t value, int width, std::span<const std::array<T, 256>> tables, const RowLayout& layout, T* out) {
  for (size_t c = 0; c < tables.size(); ++c) {
    T* const to = out + static_cast<int64_t>(c) * layout.channel_step;
    const T code = tables[c][value];
    if (layout.pixel_step == 1) {
      std::fill_n(to, width, code);
    } else {
      for (int x = 0; x < width; ++x) to[x * layout.pixel_step] = code;
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
    std::vector<uint8_t> content(3 * static_cast<size_t>(format.width), format.pad_color);
    for (int64_t y = begin; y < end; ++y) {
      T* const target = out + y * format.width * layout.pixel_step;
      const int row = static_cast<int>(y) - where.content_top;
      if (row < 0 || row >= where.content_height) {
        fill_row(format.pad_color, format.width, tables, layout, target);
        continue;
      }
      rows.write(row, content.data() + 3 * where.content_left);
      convert_row(content.data(), format.width, format.color, tables, layout, target);
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
