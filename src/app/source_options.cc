#include "app/source_options.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "graph/npy.h"
#include "vision/labels.h"

namespace sixtops::app {

namespace {

struct NamedText {
  std::string name;
  std::string text;
};

// "name:text"; the name is empty where there is no colon. Colons of the name count to it.
NamedText split_name(const std::string& word) {
  const size_t colon = word.rfind(':');
  if (colon == std::string::npos) return {"", word};
  return {word.substr(0, colon), word.substr(colon + 1)};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

template <typename T>
std::optional<T> parse_number(const std::string& text) {
  T number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Shape> parse_shape(const std::string& text) {
  Shape shape;
  for (const std::string& part : split(text, 'x')) {
    const std::optional<int64_t> extent = parse_number<int64_t>(part);
    if (!extent || *extent <= 0 || shape.size() == kMaxRank) return std::nullopt;
    shape.push_back(*extent);
  }
  return shape;
}

// The numbers for all inputs, and those of single ones.
Status parse_channel_numbers(const std::vector<std::string>& words, const char* option,
                             std::optional<std::vector<float>>& for_all,
                             std::map<std::string, std::vector<float>>& by_name) {
  for (const std::string& word : words) {
    const NamedText named = split_name(word);
    std::vector<float> numbers;
    for (const std::string& part : split(named.text, ',')) {
      const std::optional<float> number = parse_number<float>(part);
      if (!number) {
        return usage_error("{} {}: expected numbers like 123.7,116.3,103.5, or for one input NAME:123.7,116.3,103.5",
                           option, word);
      }
      numbers.push_back(*number);
    }
    const bool is_new = named.name.empty() ? !for_all : by_name.emplace(named.name, numbers).second;
    if (!is_new) return usage_error("{} {}: given twice", option, word);
    if (named.name.empty()) for_all = std::move(numbers);
  }
  return {};
}

Result<std::map<std::string, Tensor>> read_constants(const std::vector<std::string>& words) {
  std::map<std::string, Tensor> constants;
  for (const std::string& word : words) {
    const NamedText named = split_name(word);
    if (named.name.empty() || named.text.empty()) {
      return usage_error("--constant {}: expected NAME:NUMBER or NAME:FILE.npy", word);
    }
    const std::optional<double> number = parse_number<double>(named.text);
    Tensor tensor = number ? Tensor::scalar(*number) : TRY(read_npy(named.text));
    if (!constants.emplace(named.name, std::move(tensor)).second) {
      return usage_error("--constant {}: input '{}' is given twice", word, named.name);
    }
  }
  return constants;
}

}  // namespace

Result<ShapeSets> parse_shape_sets(const std::vector<std::string>& words) {
  std::map<std::string, std::vector<Shape>> shapes;
  size_t sets = 1;
  for (const std::string& word : words) {
    const NamedText named = split_name(word);
    std::vector<Shape> list;
    for (const std::string& part : split(named.text, ',')) {
      const std::optional<Shape> shape = parse_shape(part);
      if (named.name.empty() || !shape) {
        return usage_error("'{}' is no input shape; expected name:extents, for example images:1x3x640x640", word);
      }
      list.push_back(*shape);
    }
    if (list.size() > 1 && sets > 1 && list.size() != sets) {
      return usage_error("'{}' has {} shapes, another input has {}; give each as many, or one for all sets", word,
                         list.size(), sets);
    }
    sets = std::max(sets, list.size());
    if (!shapes.emplace(named.name, std::move(list)).second) {
      return usage_error("the shape of input '{}' is given twice", named.name);
    }
  }
  ShapeSets result(sets);
  for (const auto& [name, list] : shapes) {
    for (size_t i = 0; i < sets; ++i) result[i][name] = list.size() == 1 ? list[0] : list[i];
  }
  return result;
}

Result<convert::ConvertOptions> conversion_options(const SourceOptions& source) {
  convert::ConvertOptions options;
  ShapeSets sets = TRY(parse_shape_sets(source.input_shapes));
  options.input_shapes = std::move(sets.front());
  options.further_shapes.assign(std::make_move_iterator(sets.begin() + 1), std::make_move_iterator(sets.end()));
  options.companion = source.companion;
  options.inputs = source.inputs;
  options.outputs = source.outputs;
  options.constant_inputs = TRY(read_constants(source.constant_inputs));
  TRY(parse_channel_numbers(source.mean, "--mean", options.mean, options.input_mean));
  TRY(parse_channel_numbers(source.std, "--std", options.std, options.input_std));
  options.color = parse_color(source.color);
  options.resize = parse_resize(source.resize);
  if (source.pad_color) options.pad_color = static_cast<uint8_t>(*source.pad_color);
  options.head = parse_head(source.head);
  options.anchors = source.anchors;
  if (!source.labels_file.empty()) options.labels = TRY(vision::read_labels(source.labels_file));
  return options;
}

bool any_given(const SourceOptions& source) {
  return !source.input_shapes.empty() || !source.companion.empty() || !source.inputs.empty() ||
         !source.outputs.empty() || !source.constant_inputs.empty() || !source.mean.empty() || !source.std.empty() ||
         !source.color.empty() || !source.resize.empty() || source.pad_color || !source.labels_file.empty() ||
         !source.head.empty() || !source.anchors.empty();
}

}  // namespace sixtops::app
