#include "vision/format/png.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <memory>

#include "base/error.h"

namespace sixtops::vision {
namespace {

// libpng's error callback must not return; ours jumps to the last setjmp. As in jpeg.cc, the functions that call setjmp
// hold only trivial objects.
struct Decoder {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::jmp_buf jump;
  char message[256] = "";
  ByteSpan rest;
};

struct DestroyDecoder {
  void operator()(Decoder* decoder) const {
    png_destroy_read_struct(&decoder->png, &decoder->info, nullptr);
    delete decoder;
  }
};

[[noreturn]] void fail(png_structp png, png_const_charp message) {
  auto* decoder = static_cast<Decoder*>(png_get_error_ptr(png));
  std::strncpy(decoder->message, message, sizeof decoder->message - 1);
  std::longjmp(decoder->jump, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep target, size_t count) {
  auto* decoder = static_cast<Decoder*>(png_get_io_ptr(png));
  if (count > decoder->rest.size()) png_error(png, "the file ends too early");
  std::memcpy(target, decoder->rest.data(), count);
  decoder->rest = decoder->rest.subspan(count);
}

// Ancillary chunks (texts, colour profiles) are of no use to us; their memory is bounded all the same.
constexpr png_alloc_size_t kMaxChunkBytes = 8 << 20;

bool read_header(Decoder& decoder) {
  if (setjmp(decoder.jump) != 0) return false;
  png_set_user_limits(decoder.png, kMaxPictureSide, kMaxPictureSide);
  png_set_chunk_malloc_max(decoder.png, kMaxChunkBytes);
  png_set_read_fn(decoder.png, &decoder, read_bytes);
  png_read_info(decoder.png, decoder.info);
  png_set_expand(decoder.png);
  png_set_strip_16(decoder.png);
  png_set_strip_alpha(decoder.png);
  png_set_gray_to_rgb(decoder.png);
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  return true;
}

bool read_rows(Decoder& decoder, png_bytepp rows) {
  if (setjmp(decoder.jump) != 0) return false;
  png_read_image(decoder.png, rows);
  png_read_end(decoder.png, nullptr);
  return true;
}

// Deflate at its best turns 1032 bytes into one; a row has one byte beside its pixels.
constexpr int64_t kMaxDeflateRatio = 1032;

}  // namespace

bool is_png(ByteSpan bytes) {
  constexpr size_t kSignatureBytes = 8;
  return bytes.size() >= kSignatureBytes &&
         png_sig_cmp(reinterpret_cast<png_const_bytep>(bytes.data()), 0, kSignatureBytes) == 0;
}

Result<Picture> decode_png(ByteSpan bytes) {
  const std::unique_ptr<Decoder, DestroyDecoder> decoder(new Decoder{});
  decoder->rest = bytes;
  decoder->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, decoder.get(), fail, ignore_warning);
  if (decoder->png != nullptr) decoder->info = png_create_info_struct(decoder->png);
  if (decoder->info == nullptr) return resource_error("PNG: libpng cannot be started");
  if (!read_header(*decoder)) return invalid_data("damaged PNG: {}", decoder->message);

  const int64_t width = png_get_image_width(decoder->png, decoder->info);
  const int64_t height = png_get_image_height(decoder->png, decoder->info);
  TRY(check_picture_size(width, height));
  const int64_t least_bits_a_pixel = 1;
  if (width * height * least_bits_a_pixel / 8 > kMaxDeflateRatio * static_cast<int64_t>(bytes.size())) {
    return invalid_data("incomplete PNG: {} x {} pixels cannot come from {} bytes", width, height, bytes.size());
  }
  Picture picture = TRY(make_picture(static_cast<int>(width), static_cast<int>(height)));
  if (png_get_rowbytes(decoder->png, decoder->info) != static_cast<size_t>(picture.stride_bytes)) {
    return internal_error("PNG: libpng answers rows of {} bytes for {} pixels",
                          png_get_rowbytes(decoder->png, decoder->info), width);
  }
  std::vector<png_bytep> rows;
  rows.reserve(static_cast<size_t>(picture.height));
  for (int y = 0; y < picture.height; ++y) rows.push_back(picture.row(y));
  if (!read_rows(*decoder, rows.data())) return invalid_data("damaged or incomplete PNG: {}", decoder->message);
  return picture;
}

Result<std::vector<std::byte>> encode_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::byte> bytes(size);
  constexpr int kConvertTo8Bit = 0;
  if (png_image_write_to_memory(&image, bytes.data(), &size, kConvertTo8Bit, picture.rgb.data(), picture.stride_bytes,
                                nullptr) == 0) {
    return resource_error("PNG: {}", image.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace sixtops::vision
