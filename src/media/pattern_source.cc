#include "media/pattern_source.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "vision/draw.h"

namespace sixtops::media {
namespace {

constexpr int kBars = 8;
constexpr double kMaxFps = 1000;

struct Pattern {
  int width = 0;
  int height = 0;
  double fps = 0;
  int64_t frames = 0;  // 0: without end
};

template <typename T>
bool take_number(std::string_view& text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

Result<Pattern> parse(const std::string& url) {
  Pattern p;
  std::string_view rest = url;
  rest.remove_prefix(std::string_view("test:").size());
  bool good = take_number(rest, p.width) && take(rest, 'x') && take_number(rest, p.height) && take(rest, '@') &&
              take_number(rest, p.fps);
  if (good && !rest.empty()) good = take(rest, ':') && take_number(rest, p.frames) && rest.empty() && p.frames > 0;
  if (!good || !(p.fps > 0 && p.fps <= kMaxFps)) {
    return usage_error("source '{}': expected test:WIDTHxHEIGHT@FPS or test:WIDTHxHEIGHT@FPS:FRAMES", url);
  }
  if (const Status size = vision::check_picture_size(p.width, p.height); !size.ok()) {
    return usage_error("source '{}': {}", url, size.message());
  }
  return p;
}

void fill(const YuvPicture& picture, int left, int top, int width, int height, vision::Color color) {
  const std::array<uint8_t, 3> bytes = yuv_color(picture, color.red, color.green, color.blue);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    const int right = std::min((left + width) >> shift, picture.plane_width(plane));
    for (int y = top >> shift; y < std::min((top + height) >> shift, picture.plane_height(plane)); ++y) {
      if (right > left >> shift) {
        std::memset(picture.row(plane, y) + (left >> shift), bytes[static_cast<size_t>(plane)],
                    static_cast<size_t>(right - (left >> shift)));
      }
    }
  }
}

class PatternSource : public Source {
 public:
  PatternSource(const std::string& url, const Pattern& pattern, YuvPicture bars)
      : pattern_(pattern), bars_(std::move(bars)), begin_(Clock::now()) {
    info_.name = url;
    info_.live = pattern.frames == 0;
    info_.width = pattern.width;
    info_.height = pattern.height;
    info_.fps = pattern.fps;
    info_.frames = pattern.frames;
  }

  Result<std::optional<Frame>> read(Clock::time_point deadline) override {
    if (pattern_.frames > 0 && next_ == pattern_.frames) return std::optional<Frame>();
    Frame frame;
    frame.number = next_++;
    frame.pts_us = static_cast<int64_t>(static_cast<double>(frame.number) * 1e6 / pattern_.fps);
    const Clock::time_point due = begin_ + std::chrono::microseconds(frame.pts_us);
    if (info_.live) std::this_thread::sleep_until(std::min(due, deadline));
    frame.picture = TRY(copy_pixels(bars_));
    const int side = std::max(8, pattern_.height / 6);
    const int way = std::max(1, pattern_.width - side);
    fill(frame.picture, static_cast<int>(frame.number * 4 % way), (pattern_.height - side) / 2, side, side,
         {255, 255, 255});
    if (pattern_.width >= kNumberBits * kNumberSide) {
      for (int bit = 0; bit < kNumberBits; ++bit) {
        const bool set = (static_cast<uint32_t>(frame.number) >> (kNumberBits - 1 - bit) & 1) != 0;
        fill(frame.picture, bit * kNumberSide, 0, kNumberSide, kNumberSide,
             set ? vision::Color{255, 255, 255} : vision::Color{});
      }
    }
    frame.arrival = Clock::now();
    return std::optional<Frame>(frame);
  }

 private:
  Pattern pattern_;
  YuvPicture bars_;
  Clock::time_point begin_;
  int64_t next_ = 0;
};

}  // namespace

uint32_t read_frame_number(const YuvPicture& picture) {
  uint32_t number = 0;
  for (int bit = 0; bit < kNumberBits; ++bit) {
    const uint8_t luma = picture.row(0, kNumberSide / 2)[bit * kNumberSide + kNumberSide / 2];
    number = number << 1 | (luma > 127 ? 1U : 0U);
  }
  return number;
}

Result<std::unique_ptr<Source>> open_pattern_source(const std::string& url) {
  const Pattern pattern = TRY(parse(url));
  const YuvPicture bars = TRY(make_yuv_picture(pattern.width, pattern.height));
  for (int i = 0; i < kBars; ++i) {
    const int left = pattern.width * i / kBars & ~1;
    fill(bars, left, 0, (pattern.width * (i + 1) / kBars & ~1) - left, pattern.height, vision::class_color(i));
  }
  return std::unique_ptr<Source>(std::make_unique<PatternSource>(url, pattern, bars));
}

}  // namespace sixtops::media
