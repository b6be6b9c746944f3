// The lines of a text file, one after another, without the blanks and the carriage return around them.
#pragma once

#include <optional>
#include <string_view>

namespace sixtops::vision {

std::string_view trimmed(std::string_view text);

class TextLines {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}

  // Nothing after the last line; a line end at the end of the text begins no new one.
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
};

}  // namespace sixtops::vision
