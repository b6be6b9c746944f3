#include "vision/class_list.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "vision/text_lines.h"

namespace sixtops::vision {
namespace {

constexpr int64_t kMaxListBytes = int64_t{256} << 20;

std::optional<int> parse_index(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

Result<std::vector<ClassifiedPicture>> parse_class_list(std::string_view text, const std::string& name) {
  std::vector<ClassifiedPicture> pictures;
  int line_number = 0;
  TextLines lines(text);
  while (const auto next = lines.next()) {
    const std::string_view line = *next;
    ++line_number;
    if (line.empty() || line.front() == '#') continue;
    const size_t gap = std::min(line.find_last_of(" \t"), line.size());
    const std::string_view file = trimmed(line.substr(0, gap));
    const std::optional<int> index = parse_index(trimmed(line.substr(gap)));
    if (!file.empty() && index) {
      pictures.push_back({std::string(file), *index});
    } else if (line_number > 1) {
      return invalid_data("{}: line {} is '{}'; expected a file name, a tab and a class index", name, line_number,
                          line.substr(0, 80));
    }
  }
  if (pictures.empty())
    return invalid_data("{}: names no picture; expected lines of file name, tab, class index", name);
  return pictures;
}

Result<std::vector<ClassifiedPicture>> read_class_list(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxListBytes));
  return parse_class_list(bytes.text(), path);
}

}  // namespace sixtops::vision
