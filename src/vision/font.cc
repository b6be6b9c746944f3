#include "vision/font.h"

#include <freetype/freetype.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "base/error.h"
#include "base/log.h"

namespace sixtops::vision {
namespace {

constexpr const char* kPlaces[] = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",    // Debian, Ubuntu
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",  // Fedora
    "/usr/share/fonts/TTF/DejaVuSans.ttf",                // Arch
    "/usr/share/fonts/dejavu/DejaVuSans.ttf",             // Alpine
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    "/System/Library/Fonts/Helvetica.ttc",
};

constexpr char32_t kReplacement = 0xFFFD;

// Takes the first character off the text.
char32_t take_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return kReplacement;
  }
  char32_t character = length == 1 ? lead : lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) {
      text.remove_prefix(i);
      return kReplacement;
    }
    character = character << 6 | (next & 0x3FU);
  }
  text.remove_prefix(length);
  return character;
}

// 26.6 fixed point → pixels, up.
int to_pixels(FT_Pos value) { return static_cast<int>((value + 63) >> 6); }

void add_glyph(const FT_Bitmap& glyph, int left, int top, TextMask& mask) {
  for (int y = 0; y < static_cast<int>(glyph.rows); ++y) {
    for (int x = 0; x < static_cast<int>(glyph.width); ++x) {
      const int column = left + x, row = top + y;
      if (column < 0 || column >= mask.width || row < 0 || row >= mask.height) continue;
      uint8_t& target =
          mask.coverage[static_cast<size_t>(row) * static_cast<size_t>(mask.width) + static_cast<size_t>(column)];
      target = std::max(target, glyph.buffer[y * glyph.pitch + x]);
    }
  }
}

}  // namespace

struct Font::State {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  ~State() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }
};

Font::Font(std::unique_ptr<State> state) : state_(std::move(state)) {}
Font::~Font() = default;

Result<std::unique_ptr<Font>> Font::open(const std::string& path) {
  auto state = std::make_unique<State>();
  if (FT_Init_FreeType(&state->library) != 0) return resource_error("FreeType cannot be started");
  if (FT_New_Face(state->library, path.c_str(), 0, &state->face) != 0 || !FT_IS_SCALABLE(state->face)) {
    return invalid_data("{}: not a scalable font that FreeType can read", path);
  }
  return std::unique_ptr<Font>(new Font(std::move(state)));
}

std::unique_ptr<Font> Font::find_installed() {
  for (const char* place : kPlaces) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    Result<std::unique_ptr<Font>> font = open(place);
    if (font.ok()) return std::move(font).value();
  }
  static std::atomic<bool> warned = false;
  if (!warned.exchange(true)) {
    log(LogLevel::kWarning, "no font found, boxes are drawn without text; install fonts-dejavu-core");
  }
  return nullptr;
}

TextMask Font::render(std::string_view text, int pixel_size) {
  FT_Face face = state_->face;
  TextMask mask;
  if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(pixel_size)) != 0) return mask;
  const int margin = std::max(1, pixel_size / 6);
  const int ascent = to_pixels(face->size->metrics.ascender);

  std::u32string characters;
  while (!text.empty()) characters += take_character(text);
  int width = 2 * margin;
  for (const char32_t character : characters) {
    if (FT_Load_Char(face, character, FT_LOAD_DEFAULT) == 0) width += to_pixels(face->glyph->advance.x);
  }
  mask.width = width;
  mask.height = ascent + to_pixels(-face->size->metrics.descender);
  mask.coverage.resize(static_cast<size_t>(mask.width) * static_cast<size_t>(mask.height));

  int pen = margin;
  for (const char32_t character : characters) {
    if (FT_Load_Char(face, character, FT_LOAD_RENDER) != 0) continue;
    const FT_GlyphSlot glyph = face->glyph;
    add_glyph(glyph->bitmap, pen + glyph->bitmap_left, ascent - glyph->bitmap_top, mask);
    pen += to_pixels(glyph->advance.x);
  }
  return mask;
}

}  // namespace sixtops::vision
