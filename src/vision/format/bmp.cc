#include "vision/format/bmp.h"

#include <array>
#include <cstdlib>
#include <optional>

#include "base/error.h"

namespace sixtops::vision {
namespace {

constexpr size_t kFileHeaderBytes = 14;
constexpr uint32_t kOs2HeaderBytes = 12;
constexpr uint32_t kWindowsHeaderBytes = 40;
constexpr uint32_t kUncompressed = 0;
constexpr uint32_t kBitFields = 3;

// What the two headers say, before any of it is believed.
struct Header {
  uint32_t pixel_offset = 0;
  uint32_t info_bytes = 0;
  int64_t width = 0;
  int64_t height = 0;
  bool top_down = false;
  uint32_t bits = 0;
  uint32_t compression = kUncompressed;
  uint32_t palette_entries = 0;
  size_t palette_entry_bytes = 4;
};

// REQUIRES: offset + width <= bytes.size()
uint32_t number(ByteSpan bytes, size_t offset, size_t width) {
  uint32_t value = 0;
  for (size_t i = width; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(bytes[offset + i]);
  return value;
}

Result<Header> read_header(ByteSpan bytes) {
  if (bytes.size() < kFileHeaderBytes + 4) return invalid_data("incomplete BMP: {} bytes", bytes.size());
  Header header;
  header.pixel_offset = number(bytes, 10, 4);
  header.info_bytes = number(bytes, kFileHeaderBytes, 4);
  const ByteSpan info = bytes.subspan(kFileHeaderBytes);
  if (header.info_bytes > info.size()) return invalid_data("incomplete BMP: {} bytes", bytes.size());
  if (header.info_bytes == kOs2HeaderBytes) {
    header.width = number(info, 4, 2);
    header.height = number(info, 6, 2);
    header.bits = number(info, 10, 2);
    header.palette_entry_bytes = 3;
  } else if (header.info_bytes >= kWindowsHeaderBytes) {
    header.width = static_cast<int32_t>(number(info, 4, 4));
    const auto height = static_cast<int32_t>(number(info, 8, 4));
    header.top_down = height < 0;
    header.height = std::abs(int64_t{height});
    header.bits = number(info, 14, 2);
    header.compression = number(info, 16, 4);
    header.palette_entries = number(info, 32, 4);
  } else {
    return invalid_data("damaged BMP: info header of {} bytes, expected 12, 40 or more", header.info_bytes);
  }
  if (header.bits == 8 && header.palette_entries == 0) header.palette_entries = 256;
  return header;
}

// Which byte of a pixel holds red, green and blue.
using ByteOrder = std::array<size_t, 3>;
constexpr ByteOrder kBlueFirst = {2, 1, 0};

Result<ByteOrder> read_masks(ByteSpan bytes) {
  constexpr size_t kMasks = kFileHeaderBytes + 40;  // behind the first 40 bytes of the info header, or part of it
  if (bytes.size() < kMasks + 12) return invalid_data("incomplete BMP: {} bytes", bytes.size());
  ByteOrder order{};
  for (size_t c = 0; c < 3; ++c) {
    const uint32_t mask = number(bytes, kMasks + 4 * c, 4);
    size_t byte = 0;
    while (byte < 4 && mask != 0xFFU << (8 * byte)) ++byte;
    if (byte == 4) return unsupported("BMP with channel mask {:#010x}; only masks of one whole byte are read", mask);
    order[c] = byte;
  }
  return order;
}

using Palette = std::array<std::array<uint8_t, 3>, 256>;

Result<Palette> read_palette(ByteSpan bytes, const Header& header) {
  const size_t begin = kFileHeaderBytes + header.info_bytes;
  if (header.palette_entries > 256) return invalid_data("damaged BMP: palette of {} colours", header.palette_entries);
  if (header.palette_entries * header.palette_entry_bytes > bytes.size() - begin) {
    return invalid_data("incomplete BMP: the palette ends outside of the file");
  }
  Palette palette{};  // codes beyond the palette are black
  for (size_t i = 0; i < header.palette_entries; ++i) {
    for (size_t c = 0; c < 3; ++c) {
      palette[i][c] = std::to_integer<uint8_t>(bytes[begin + i * header.palette_entry_bytes + kBlueFirst[c]]);
    }
  }
  return palette;
}

void put(std::vector<std::byte>& bytes, size_t offset, uint32_t value, size_t width) {
  for (size_t i = 0; i < width; ++i) bytes[offset + i] = static_cast<std::byte>(value >> (8 * i));
}

}  // namespace

bool is_bmp(ByteSpan bytes) { return bytes.size() >= 2 && bytes[0] == std::byte{'B'} && bytes[1] == std::byte{'M'}; }

Result<Picture> decode_bmp(ByteSpan bytes) {
  const Header header = TRY(read_header(bytes));
  TRY(check_picture_size(header.width, header.height));
  const bool masked = header.compression == kBitFields && header.bits == 32;
  if (header.compression != kUncompressed && !masked) {
    return unsupported("BMP with compression {} at {} bits; save it uncompressed", header.compression, header.bits);
  }
  if (header.bits != 8 && header.bits != 24 && header.bits != 32) {
    return unsupported("BMP of {} bits a pixel; expected 8, 24 or 32", header.bits);
  }
  const int64_t row_bytes = (header.width * header.bits + 31) / 32 * 4;
  if (row_bytes * header.height > static_cast<int64_t>(bytes.size()) - int64_t{header.pixel_offset}) {
    return invalid_data("incomplete BMP: {} x {} pixels of {} bits at offset {} do not fit {} bytes", header.width,
                        header.height, header.bits, header.pixel_offset, bytes.size());
  }
  const ByteOrder order = masked ? TRY(read_masks(bytes)) : kBlueFirst;
  const Palette palette = header.bits == 8 ? TRY(read_palette(bytes, header)) : Palette{};

  Picture picture = TRY(make_picture(static_cast<int>(header.width), static_cast<int>(header.height)));
  const size_t pixel_bytes = header.bits / 8;
  for (int y = 0; y < picture.height; ++y) {
    const int64_t stored_row = header.top_down ? y : picture.height - 1 - y;
    const auto* in = reinterpret_cast<const uint8_t*>(bytes.data()) + header.pixel_offset + stored_row * row_bytes;
    uint8_t* out = picture.row(y);
    for (int x = 0; x < picture.width; ++x, in += pixel_bytes, out += 3) {
      for (size_t c = 0; c < 3; ++c) out[c] = pixel_bytes == 1 ? palette[*in][c] : in[order[c]];
    }
  }
  return picture;
}

Result<std::vector<std::byte>> encode_bmp(const Picture& picture) {
  const int64_t row_bytes = (int64_t{picture.width} * 3 + 3) / 4 * 4;
  constexpr size_t kHeaderBytes = kFileHeaderBytes + kWindowsHeaderBytes;
  const size_t size = kHeaderBytes + static_cast<size_t>(row_bytes) * static_cast<size_t>(picture.height);
  std::vector<std::byte> bytes(size);
  put(bytes, 0, 'B' | 'M' << 8, 2);
  put(bytes, 2, static_cast<uint32_t>(size), 4);
  put(bytes, 10, kHeaderBytes, 4);
  put(bytes, 14, kWindowsHeaderBytes, 4);
  put(bytes, 18, static_cast<uint32_t>(picture.width), 4);
  put(bytes, 22, static_cast<uint32_t>(picture.height), 4);
  put(bytes, 26, 1, 2);   // planes
  put(bytes, 28, 24, 2);  // bits
  put(bytes, 34, static_cast<uint32_t>(size - kHeaderBytes), 4);
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* in = picture.row(y);
    std::byte* out = bytes.data() + kHeaderBytes + (picture.height - 1 - y) * row_bytes;
    for (int i = 0; i < picture.width * 3; ++i) out[i - i % 3 + 2 - i % 3] = static_cast<std::byte>(in[i]);
  }
  return bytes;
}

}  // namespace sixtops::vision
