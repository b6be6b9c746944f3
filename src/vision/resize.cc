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
void resize_row(const uint8_t* __restrict row, const std::vector<Tap>& taps, int16_t* __restrict out) {
  for (const Tap& tap : taps) {
    const uint8_t* const a = row + kChannels * tap.first;
    const uint8_t* const b = row + kChannels * tap.second;
    for (int c = 0; c < kChannels; ++c) out[c] = static_cast<int16_t>((a[c] * tap.weight0 + b[c] * tap.weight1) >> 4);
    out += kChannels;
  }
}

// The target row itself where no target pixel mixes two: odd whole ratios, the size itself.
void pick_pixels(const uint8_t* __restrict row, const std::vector<Tap>& taps, uint8_t* __restrict out) {
  for (const Tap& tap : taps) {
    const uint8_t* const a = row + kChannels * tap.first;
    for (int c = 0; c < kChannels; ++c) out[c] = a[c];
    out += kChannels;
  }
}

// resize_row() where columns do not mix, but rows do.
void pick_row(const uint8_t* __restrict row, const std::vector<Tap>& taps, int16_t* __restrict out) {
  for (const Tap& tap : taps) {
    const uint8_t* const a = row + kChannels * tap.first;
    for (int c = 0; c < kChannels; ++c) out[c] = static_cast<int16_t>(a[c] * (kWeightOne >> 4));
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

class ResizedRows::Rows {
 public:
  virtual ~Rows() = default;
  virtual void write(int y, uint8_t* rgb) = 0;
};

namespace {

// Source rows at the target's width, the last two kept: neighbouring target rows share them.
class BilinearRows : public ResizedRows::Rows {
 public:
  BilinearRows(const Picture& source, const Rectangle& from, int width, int height)
      : source_(source),
        from_(from),
        columns_(make_taps(from.width, width)),
        rows_(make_taps(from.height, height)),
        mixes_columns_(std::any_of(columns_.begin(), columns_.end(), [](const Tap& tap) { return tap.weight1 != 0; })) {
    for (Slot& slot : slots_) slot.row.resize(columns_.size() * kChannels);
  }

  void write(int y, uint8_t* rgb) override {
    const Tap& tap = rows_[static_cast<size_t>(y)];
    if (!mixes_columns_ && tap.weight1 == 0) {
      if (from_.width == static_cast<int>(columns_.size())) {
        std::copy_n(source_row(tap.first), kChannels * from_.width, rgb);
      } else {
        pick_pixels(source_row(tap.first), columns_, rgb);
      }
      return;
    }
    const int16_t* const first = row(tap.first);
    // A row of weight zero need not be made.
    const int16_t* const second = tap.weight1 == 0 ? first : row(tap.second);
    blend_rows(first, second, tap.weight0, tap.weight1, static_cast<int>(columns_.size()) * kChannels, rgb);
  }

 private:
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
    (mixes_columns_ ? resize_row : pick_row)(source_row(y), columns_, slot.row.data());
    return slot.row.data();
  }

  const uint8_t* source_row(int y) const { return source_.row(from_.top + y) + kChannels * from_.left; }

  struct Slot {
    int y = -1;
    std::vector<int16_t> row;
  };
  const Picture& source_;
  const Rectangle from_;
  const std::vector<Tap> columns_;
  const std::vector<Tap> rows_;
  const bool mixes_columns_;
  std::array<Slot, 2> slots_;
  size_t oldest_ = 0;
};

class AreaRows : public ResizedRows::Rows {
 public:
  AreaRows(const Picture& source, const Rectangle& from, int width, int height)
      : source_(source),
        from_(from),
        columns_(make_covers(from.width, width)),
        rows_(make_covers(from.height, height)),
        averages_(columns_.size() * kChannels),
        sums_(averages_.size()) {}

  void write(int y, uint8_t* rgb) override {
    const Cover& cover = rows_[static_cast<size_t>(y)];
    std::fill(sums_.begin(), sums_.end(), 0.0F);
    for (size_t k = 0; k < cover.shares.size(); ++k) {
      const uint8_t* const row = source_.row(from_.top + cover.begin + static_cast<int>(k)) + kChannels * from_.left;
      average_row(row, columns_, averages_.data());
      for (size_t i = 0; i < sums_.size(); ++i) sums_[i] += cover.shares[k] * averages_[i];
    }
    for (size_t i = 0; i < sums_.size(); ++i) rgb[i] = static_cast<uint8_t>(std::min(std::lrintf(sums_[i]), 255L));
  }

 private:
  const Picture& source_;
  const Rectangle from_;
  const std::vector<Cover> columns_;
  const std::vector<Cover> rows_;
  std::vector<float> averages_;
  std::vector<float> sums_;
};

void resize(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to,
            ResizedRows::Filter filter) {
  ResizedRows rows(source, from, to.width, to.height, filter);
  for (int y = 0; y < to.height; ++y) rows.write(y, target.row(to.top + y) + kChannels * to.left);
}

}  // namespace

ResizedRows::ResizedRows(const Picture& source, const Rectangle& from, int width, int height, Filter filter) {
  assert(filter == Filter::kBilinear || (width <= from.width && height <= from.height));
  if (filter == Filter::kArea) {
    rows_ = std::make_unique<AreaRows>(source, from, width, height);
  } else {
    rows_ = std::make_unique<BilinearRows>(source, from, width, height);
  }
}

ResizedRows::~ResizedRows() = default;

void ResizedRows::write(int y, uint8_t* rgb) { rows_->write(y, rgb); }

void resize_bilinear(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to) {
  resize(source, from, target, to, ResizedRows::Filter::kBilinear);
}

void resize_area(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to) {
  resize(source, from, target, to, ResizedRows::Filter::kArea);
}

}  // namespace sixtops::vision
