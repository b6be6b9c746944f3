#include "app/source_options.h"

#include <charconv>

#include "base/error.h"
#include "vision/labels.h"

namespace sixtops::app {

Result<std::map<std::string, Shape>> parse_input_shapes(const std::vector<std::string>& words) {
  std::map<std::string, Shape> shapes;
  for (const std::string& word : words) {
    const size_t colon = word.rfind(':');
    const auto wrong = [&] {
      return usage_error("'{}' is no input shape; expected name:extents, for example images:1x3x640x640", word);
    };
    if (colon == std::string::npos || colon == 0 || colon + 1 == word.size()) return wrong();
    Shape shape;
    const char* at = word.data() + colon + 1;
    const char* end = word.data() + word.size();
    while (true) {
      int64_t extent = 0;
      const auto [stop, error] = std::from_chars(at, end, extent);
      if (error != std::errc() || extent <= 0 || shape.size() == kMaxRank) return wrong();
      shape.push_back(extent);
      if (stop == end) break;
      if (*stop != 'x') return wrong();
      at = stop + 1;
    }
    if (!shapes.emplace(word.substr(0, colon), shape).second) {
      return usage_error("the shape of input '{}' is given twice", word.substr(0, colon));
    }
  }
  return shapes;
}

Result<convert::ConvertOptions> conversion_options(const SourceOptions& source) {
  convert::ConvertOptions options;
  options.input_shapes = TRY(parse_input_shapes(source.input_shapes));
  options.companion = source.companion;
  options.outputs = source.outputs;
  if (!source.mean.empty()) options.mean = source.mean;
  if (!source.std.empty()) options.std = source.std;
  options.color = parse_color(source.color);
  options.resize = parse_resize(source.resize);
  if (source.pad_color) options.pad_color = static_cast<uint8_t>(*source.pad_color);
  options.head = parse_head(source.head);
  if (!source.labels_file.empty()) options.labels = TRY(vision::read_labels(source.labels_file));
  return options;
}

bool any_given(const SourceOptions& source) {
  return !source.input_shapes.empty() || !source.companion.empty() || !source.outputs.empty() || !source.mean.empty() ||
         !source.std.empty() || !source.color.empty() || !source.resize.empty() || source.pad_color ||
         !source.labels_file.empty() || !source.head.empty();
}

}  // namespace sixtops::app
