// Text as coverage masks, from a TrueType font of the system (FreeType).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::vision {

struct TextMask {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> coverage;  // 0..255, row after row
};

// One thread at a time.
class Font {
 public:
  static Result<std::unique_ptr<Font>> open(const std::string& path);

  // The first that is there of the usual places of DejaVu and other sans fonts. Null, with one warning a process in the
  // log, when there is none.
  static std::unique_ptr<Font> find_installed();

  ~Font();

  // One line of UTF-8 with a little room around it; bytes that are no UTF-8 and characters that the font lacks become
  // its box. The height depends on the size only. REQUIRES: 4 <= pixel_size <= 1000
  TextMask render(std::string_view text, int pixel_size);

 private:
  struct State;
  explicit Font(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sixtops::vision
