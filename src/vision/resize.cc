#include "vision/resize.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

namespace sixtops::vision {
namespace {

constexpr int kChannels = 3;
constexpr int kWeightOne = 2048;

// One axis of the bilinear resize: target i = source[first] · weight0 + source[second] · weight1, over kWeightOne.
struct Tap {
  int first = 0;
  int second = 0;
  int weight0 = kWeightOne;
  int weight1 = 0;
};

std::vector<Tap> make_taps(int source_size, int target_size) {
  std::vector<Tap> taps(static_cast<size_t>(target_size));
  const double scale = 1.0 / (static_cast<double>(target_size) / source_size);
  for (int i = 0; i < target_size; ++i) {
    const auto position = static_cast<float>((i + 0.5) * scale - 0.5);
    const int whole = static_cast<int>(std::floor(position));
    const float fraction = position - static_cast<float>(whole);
    Tap& tap = taps[static_cast<size_t>(i)];
    tap.first = std::clamp(whole, 0, source_size - 1);
    tap.second = std::clamp(whole + 1, 0, source_size - 1);
    tap.weight0 = static_cast<int>(std::lrintf((1.0F - fraction) * kWeightOne));
    tap.weight1 = static_cast<int>(std::lrintf(fraction * kWeightOne));
  }
  return taps;
}

// One source row at the target's width, in units of 1 / kWeightOne, cut to 15 bits as the vertical step takes them.
void resize_row(const uint8_t* row, const std::vector<Tap>& taps, int16_t* out) {
  for (const Tap& tap : taps) {
    const uint8_t* a = row + kChannels * tap.first;
    const uint8_t* b = row + kChannels * tap.second;
    for (int c = 0; c < kChannels; ++c) out[c] = static_cast<int16_t>((a[c] * tap.weight0 + b[c] * tap.weight1) >> 4);
    out += kChannels;
  }
}

void blend_rows(const int16_t* __restrict row0, const int16_t* __restrict row1, int weight0, int weight1, int count,
                uint8_t* __restrict out) {
  const auto w0 = static_cast<int16_t>(weight0);
  const auto w1 = static_cast<int16_t>(weight1);
  for (int i = 0; i < count; ++i) {
    out[i] = static_cast<uint8_t>((((w0 * row0[i]) >> 16) + ((w1 * row1[i]) >> 16) + 2) >> 2);
  }
}

// Rows at the target's width, the last two kept: neighbouring target rows of an enlargement share them.
class RowCache {
 public:
  RowCache(const Picture& source, const Rectangle& from, const std::vector<Tap>& taps)
      : source_(source), from_(from), taps_(taps) {
    for (Slot& slot : slots_) slot.row.resize(taps.size() * kChannels);
  }

  // Valid until two other rows have been asked for.
  const int16_t* row(int y) {
    for (size_t i = 0; i < 2; ++i) {
      if (slots_[i].y == y) {
        oldest_ = 1 - i;
        return slots_[i].row.data();
      }
    }
    Slot& slot = slots_[oldest_];
    oldest_ = 1 - oldest_;
    slot.y = y;
    resize_row(source_.row(from_.top + y) + kChannels * from_.left, taps_, slot.row.data());
    return slot.row.data();
  }

 private:
  struct Slot {
    int y = -1;
    std::vector<int16_t> row;
  };
  const Picture& source_;
  const Rectangle& from_;
  const std::vector<Tap>& taps_;
  std::array<Slot, 2> slots_;
  size_t oldest_ = 0;
};

// What a target pixel's interval covers of each source pixel, the shares summing up to 1. Slivers below a thousandth of
// a pixel are rounding errors.
struct Cover {
  int begin = 0;
  std::vector<float> shares;
};

std::vector<Cover> make_covers(int source_size, int target_size) {
  constexpr double kSliver = 1e-3;
  std::vector<Cover> covers(static_cast<size_t>(target_size));
  const double scale = 1.0 / (static_cast<double>(target_size) / source_size);
  for (int i = 0; i < target_size; ++i) {
    const double begin = i * scale;
    const double end = std::min(begin + scale, static_cast<double>(source_size));
    const double length = end - begin;
    Cover& cover = covers[static_cast<size_t>(i)];
    cover.begin = std::min(static_cast<int>(begin + kSliver), source_size - 1);
    for (int k = cover.begin; k < source_size && end - k > kSliver; ++k) {
      const double covered = std::min<double>(k + 1, end) - std::max<double>(k, begin);
      cover.shares.push_back(static_cast<float>(covered / length));
    }
  }
  return covers;
}

// A source row at the target's width.
void average_row(const uint8_t* row, const std::vector<Cover>& columns, float* out) {
  for (const Cover& column : columns) {
    const uint8_t* in = row + kChannels * column.begin;
    std::array<float, kChannels> mean{};
    for (const float share : column.shares) {
      for (float& channel : mean) channel += share * static_cast<float>(*in++);
    }
    out = std::copy(mean.begin(), mean.end(), out);
  }
}

}  // namespace

void resize_bilinear(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to) {
  const std::vector<Tap> columns = make_taps(from.width, to.width);
  const std::vector<Tap> rows = make_taps(from.height, to.height);
  RowCache cache(source, from, columns);
  for (int y = 0; y < to.height; ++y) {
    const Tap& tap = rows[static_cast<size_t>(y)];
    const int16_t* first = cache.row(tap.first);
    const int16_t* second = cache.row(tap.second);
    blend_rows(first, second, tap.weight0, tap.weight1, to.width * kChannels,
               target.row(to.top + y) + kChannels * to.left);
  }
}

void resize_area(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to) {
  assert(to.width <= from.width && to.height <= from.height);
  const std::vector<Cover> columns = make_covers(from.width, to.width);
  const std::vector<Cover> rows = make_covers(from.height, to.height);
  const auto width = static_cast<size_t>(to.width * kChannels);
  std::vector<float> averages(width);
  std::vector<float> sums(width);
  for (int y = 0; y < to.height; ++y) {
    const Cover& cover = rows[static_cast<size_t>(y)];
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (size_t k = 0; k < cover.shares.size(); ++k) {
      const uint8_t* row = source.row(from.top + cover.begin + static_cast<int>(k)) + kChannels * from.left;
      average_row(row, columns, averages.data());
      for (size_t i = 0; i < width; ++i) sums[i] += cover.shares[k] * averages[i];
    }
    uint8_t* out = target.row(to.top + y) + kChannels * to.left;
    for (size_t i = 0; i < width; ++i) out[i] = static_cast<uint8_t>(std::min(std::lrintf(sums[i]), 255L));
  }
}

}  // namespace sixtops::vision
