#include "vision/format/exif_orientation.h"

#include <cstring>
#include <optional>
#include <string_view>

namespace sixtops::vision {
namespace {

// Numbers of a byte range in a stated byte order; nothing outside of the range is ever read.
class NumberReader {
 public:
  NumberReader(ByteSpan bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<uint32_t> read(size_t offset, size_t width) const {
    if (offset > bytes_.size() || width > bytes_.size() - offset) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < width; ++i) {
      const size_t at = big_endian_ ? offset + i : offset + width - 1 - i;
      value = value << 8 | std::to_integer<uint32_t>(bytes_[at]);
    }
    return value;
  }
  std::optional<uint32_t> u16(size_t offset) const { return read(offset, 2); }
  std::optional<uint32_t> u32(size_t offset) const { return read(offset, 4); }

 private:
  ByteSpan bytes_;
  bool big_endian_;
};

std::string_view text_of(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

constexpr uint32_t kStartOfScan = 0xFFDA;
constexpr uint32_t kApp1 = 0xFFE1;
constexpr std::string_view kExifName("Exif\0\0", 6);

// The TIFF structure inside of the first EXIF segment before the picture's data; empty when there is none.
ByteSpan find_exif(ByteSpan jpeg) {
  const NumberReader reader(jpeg, true);
  size_t position = 2;  // after the start-of-image marker
  while (true) {
    const auto marker = reader.u16(position);
    const auto length = reader.u16(position + 2);  // counts itself
    if (!marker || !length || *marker < 0xFF00 || *marker == kStartOfScan || *length < 2) return {};
    const size_t begin = position + 4;
    const size_t size = *length - 2;
    if (size > jpeg.size() - begin) return {};
    const ByteSpan segment = jpeg.subspan(begin, size);
    if (*marker == kApp1 && text_of(segment).starts_with(kExifName)) return segment.subspan(kExifName.size());
    position = begin + size;
  }
}

constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kTypeShort = 3;
constexpr size_t kEntryBytes = 12;

}  // namespace

int exif_orientation(ByteSpan jpeg) {
  const ByteSpan tiff = find_exif(jpeg);
  const std::string_view start = text_of(tiff).substr(0, 4);
  if (start != std::string_view("II*\0", 4) && start != std::string_view("MM\0*", 4)) return kUpright;
  const NumberReader reader(tiff, start[0] == 'M');
  const auto directory = reader.u32(4);
  if (!directory) return kUpright;
  const auto count = reader.u16(*directory);
  if (!count) return kUpright;
  for (size_t i = 0; i < *count; ++i) {
    const size_t entry = size_t{*directory} + 2 + i * kEntryBytes;
    const auto tag = reader.u16(entry);
    if (!tag) return kUpright;
    if (*tag != kOrientationTag) continue;
    const auto value = reader.u16(entry + 8);
    const bool valid = reader.u16(entry + 2) == kTypeShort && value && *value >= 1 && *value <= 8;
    return valid ? static_cast<int>(*value) : kUpright;
  }
  return kUpright;
}

Result<Picture> to_upright(Picture picture, int orientation) {
  if (orientation == kUpright) return picture;
  const bool swap_axes = orientation >= 5;
  const bool mirror_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirror_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture upright =
      TRY(make_picture(swap_axes ? picture.height : picture.width, swap_axes ? picture.width : picture.height));
  for (int y = 0; y < upright.height; ++y) {
    uint8_t* out = upright.row(y);
    for (int x = 0; x < upright.width; ++x) {
      const int stored_x = swap_axes ? y : x;
      const int stored_y = swap_axes ? x : y;
      const uint8_t* in = picture.row(mirror_y ? picture.height - 1 - stored_y : stored_y) +
                          3 * (mirror_x ? picture.width - 1 - stored_x : stored_x);
      std::memcpy(out + 3 * x, in, 3);
    }
  }
  return upright;
}

}  // namespace sixtops::vision
