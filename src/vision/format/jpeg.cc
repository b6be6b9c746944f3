#include "vision/format/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

// After <cstdio>: jpeglib.h uses FILE without including it.
#include <jerror.h>
#include <jpeglib.h>

#include "base/error.h"
#include "vision/format/exif_orientation.h"

namespace sixtops::vision {
namespace {

// libjpeg reports fatal errors through a callback that must not return. Ours jumps back to the last setjmp. Every
// function below that calls setjmp holds only trivial objects, so the jump skips no destructor; whatever owns memory
// lives in their callers.
struct ErrorState {
  jpeg_error_mgr manager;  // first member: libjpeg hands back its address
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void fail(j_common_ptr info) {
  auto* state = reinterpret_cast<ErrorState*>(info->err);
  info->err->format_message(info, state->message);
  std::longjmp(state->jump, 1);
}

[[noreturn]] void fail(j_common_ptr info, const char* message) {
  auto* state = reinterpret_cast<ErrorState*>(info->err);
  std::strncpy(state->message, message, sizeof state->message - 1);
  std::longjmp(state->jump, 1);
}

// Warnings that leave every pixel right. All others mean missing or damaged data.
bool is_harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM ||
         code == JWRN_BOGUS_PROGRESSION;
}

void on_message(j_common_ptr info, int level) {
  constexpr int kWarning = -1;
  if (level == kWarning && !is_harmless(info->err->msg_code)) fail(info);
}

void print_nothing(j_common_ptr) {}

void start_errors(ErrorState& state) {
  jpeg_std_error(&state.manager);
  state.manager.error_exit = [](j_common_ptr info) { fail(info); };
  state.manager.emit_message = on_message;
  state.manager.output_message = print_nothing;
  state.message[0] = '\0';
}

// A progressive file may ask for any number of passes over the whole picture; encoders write about ten.
constexpr int kMaxScans = 64;

void check_scans(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) fail(info, "too many scans");
}

struct Decoder {
  ErrorState errors;
  jpeg_progress_mgr progress;
  jpeg_decompress_struct info;
};

struct DestroyDecoder {
  void operator()(Decoder* decoder) const {
    jpeg_destroy_decompress(&decoder->info);
    delete decoder;
  }
};

bool read_header(Decoder& decoder, const unsigned char* data, size_t size) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  decoder.info.err = &decoder.errors.manager;
  jpeg_create_decompress(&decoder.info);
  decoder.info.progress = &decoder.progress;
  jpeg_mem_src(&decoder.info, data, size);
  jpeg_read_header(&decoder.info, TRUE);
  const bool four_inks = decoder.info.jpeg_color_space == JCS_CMYK || decoder.info.jpeg_color_space == JCS_YCCK;
  decoder.info.out_color_space = four_inks ? JCS_CMYK : JCS_RGB;
  return true;
}

// Ink amounts to light. Adobe stores them inverted, and so does everybody who writes its marker.
void ink_to_rgb(const uint8_t* cmyk, int width, bool inverted, uint8_t* rgb) {
  for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
    const int k = inverted ? cmyk[3] : 255 - cmyk[3];
    for (int c = 0; c < 3; ++c) {
      const int ink = inverted ? cmyk[c] : 255 - cmyk[c];
      rgb[c] = static_cast<uint8_t>((ink * k + 127) / 255);
    }
  }
}

// ink_row: width x 4 bytes, used by four-ink pictures only.
bool read_rows(Decoder& decoder, Picture& picture, uint8_t* ink_row) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  jpeg_start_decompress(&decoder.info);
  const bool four_inks = decoder.info.out_color_space == JCS_CMYK;
  while (decoder.info.output_scanline < decoder.info.output_height) {
    uint8_t* rgb = picture.row(static_cast<int>(decoder.info.output_scanline));
    JSAMPROW row = four_inks ? ink_row : rgb;
    jpeg_read_scanlines(&decoder.info, &row, 1);
    if (four_inks) ink_to_rgb(ink_row, picture.width, decoder.info.saw_Adobe_marker != FALSE, rgb);
  }
  jpeg_finish_decompress(&decoder.info);
  return true;
}

// A block of 8 x 8 pixels costs at least one bit of Huffman code a component that is sampled there: with colour
// sampled 2 x 2, six bits for 256 pixels. Sizes far beyond belong to a file whose data is not there.
constexpr int64_t kMaxPixelsPerByte = 512;

struct Encoder {
  ErrorState errors;
  jpeg_compress_struct info;
  unsigned char* buffer = nullptr;  // malloc'ed by libjpeg
  unsigned long size = 0;
};

struct DestroyEncoder {
  void operator()(Encoder* encoder) const {
    jpeg_destroy_compress(&encoder->info);
    std::free(encoder->buffer);
    delete encoder;
  }
};

bool write_rows(Encoder& encoder, const Picture& picture, int quality) {
  if (setjmp(encoder.errors.jump) != 0) return false;
  encoder.info.err = &encoder.errors.manager;
  jpeg_create_compress(&encoder.info);
  jpeg_mem_dest(&encoder.info, &encoder.buffer, &encoder.size);
  encoder.info.image_width = static_cast<JDIMENSION>(picture.width);
  encoder.info.image_height = static_cast<JDIMENSION>(picture.height);
  encoder.info.input_components = 3;
  encoder.info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder.info);
  jpeg_set_quality(&encoder.info, quality, TRUE);
  jpeg_start_compress(&encoder.info, TRUE);
  while (encoder.info.next_scanline < encoder.info.image_height) {
    JSAMPROW row = const_cast<uint8_t*>(picture.row(static_cast<int>(encoder.info.next_scanline)));
    jpeg_write_scanlines(&encoder.info, &row, 1);
  }
  jpeg_finish_compress(&encoder.info);
  return true;
}

}  // namespace

bool is_jpeg(ByteSpan bytes) {
  return bytes.size() >= 3 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8} && bytes[2] == std::byte{0xFF};
}

Result<Picture> decode_jpeg(ByteSpan bytes) {
  const std::unique_ptr<Decoder, DestroyDecoder> decoder(new Decoder{});
  start_errors(decoder->errors);
  decoder->progress.progress_monitor = check_scans;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (!read_header(*decoder, data, bytes.size())) return invalid_data("damaged JPEG: {}", decoder->errors.message);

  const int64_t width = decoder->info.image_width;
  const int64_t height = decoder->info.image_height;
  TRY(check_picture_size(width, height));
  if (width * height > kMaxPixelsPerByte * static_cast<int64_t>(bytes.size()) + 64 * 64) {
    return invalid_data("incomplete JPEG: {} x {} pixels cannot come from {} bytes", width, height, bytes.size());
  }
  Picture picture = TRY(make_picture(static_cast<int>(width), static_cast<int>(height)));
  std::vector<uint8_t> ink_row(decoder->info.out_color_space == JCS_CMYK ? static_cast<size_t>(width) * 4 : 0);
  if (!read_rows(*decoder, picture, ink_row.data())) {
    return invalid_data("damaged or incomplete JPEG: {}", decoder->errors.message);
  }
  return to_upright(std::move(picture), exif_orientation(bytes));
}

Result<std::vector<std::byte>> encode_jpeg(const Picture& picture, int quality) {
  const std::unique_ptr<Encoder, DestroyEncoder> encoder(new Encoder{});
  start_errors(encoder->errors);
  if (!write_rows(*encoder, picture, quality)) return resource_error("JPEG: {}", encoder->errors.message);
  const auto* begin = reinterpret_cast<const std::byte*>(encoder->buffer);
  return std::vector<std::byte>(begin, begin + encoder->size);
}

}  // namespace sixtops::vision
