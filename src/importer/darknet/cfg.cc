#include "importer/darknet/cfg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"

namespace sixtops::importer::darknet {
namespace {

// Of a network of today a few hundred.
constexpr size_t kMaxSections = 10000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool is_empty(std::string_view line) { return line.empty() || line.front() == '#' || line.front() == ';'; }

std::string without_blanks(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\t') result += c;
  }
  return result;
}

template <typename T>
bool parse_number(std::string_view text, T& value) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  // "3.0" for an integer and "0.5f" read as in C: what follows the number does not count, but there has to be one.
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) return false;
  }
  return parsed.ec == std::errc() && !text.empty();
}

// Options that say how to train.
constexpr auto kTrainingOptions = std::to_array<std::string_view>({
    "stopbackward",
    "onlyforward",
    "train_only_bn",
    "learning_rate",
    "probability",
    "dropblock",
    "dropblock_size_rel",
    "dropblock_size_abs",
    "receptive_fields",
    "show_receptive_field",
    "clip",
    "flip",
    "angle",
    "saturation",
    "exposure",
    "noadjust",
    "shift",
    "burnin_update",
    "reverse_learning",
    "assisted_excitation",
    "type",
    "keep_delta_gpu",
    "name",
});

template <typename T>
Result<std::vector<T>> parse_list(const std::string& key, const std::string* text) {
  std::vector<T> numbers;
  if (text == nullptr) return numbers;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, end);
    T value{};
    if (!word.empty()) {
      if (!parse_number(word, value)) return invalid_data("option {}={} is no list of numbers", key, *text);
      numbers.push_back(value);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return numbers;
}

}  // namespace

const std::string* Section::find(std::string_view key) {
  understood_.emplace(key);
  const auto option =
      std::find_if(options_.begin(), options_.end(), [&](const auto& entry) { return entry.first == key; });
  return option == options_.end() ? nullptr : &option->second;
}

bool Section::has(std::string_view key) { return find(key) != nullptr; }

Result<int64_t> Section::get_int(std::string_view key, int64_t fallback, int64_t least, int64_t most) {
  const std::string* text = find(key);
  int64_t value = fallback;
  if (text != nullptr && !parse_number(*text, value)) {
    return invalid_data("option {}={} is no whole number", key, *text);
  }
  if (value < least || value > most) {
    return invalid_data("option {} is {}, expected {} to {}", key, value, least, most);
  }
  return value;
}

Result<float> Section::get_float(std::string_view key, float fallback) {
  const std::string* text = find(key);
  float value = fallback;
  if (text != nullptr && !parse_number(*text, value)) return invalid_data("option {}={} is no number", key, *text);
  return value;
}

std::string Section::get_text(std::string_view key, const std::string& fallback) {
  const std::string* text = find(key);
  return text == nullptr ? fallback : *text;
}

Result<std::vector<int64_t>> Section::get_ints(std::string_view key) {
  return parse_list<int64_t>(std::string(key), find(key));
}

Result<std::vector<float>> Section::get_floats(std::string_view key) {
  return parse_list<float>(std::string(key), find(key));
}

Status Section::check_options() const {
  for (const auto& [key, value] : options_) {
    const bool is_training = std::find(kTrainingOptions.begin(), kTrainingOptions.end(), key) != kTrainingOptions.end();
    if (understood_.contains(key) || is_training) continue;
    return unsupported("option {}={}", key, value);
  }
  return {};
}

bool looks_like_cfg(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!is_empty(line)) return line == "[net]" || line == "[network]";
  }
  return false;
}

Result<std::vector<Section>> parse_cfg(std::string_view text) {
  std::vector<Section> sections;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (is_empty(line)) continue;
    if (line.front() == '[') {
      if (line.back() != ']') return invalid_data("line {}: '{}' does not end in ]", number, line.substr(0, 40));
      if (sections.size() == kMaxSections) return resource_error("more than {} sections", kMaxSections);
      sections.emplace_back(std::string(line.substr(1, line.size() - 2)), number);
      continue;
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || sections.empty()) {
      return invalid_data("line {}: '{}' is neither a section nor an option", number, line.substr(0, 40));
    }
    sections.back().add(without_blanks(line.substr(0, equals)), without_blanks(line.substr(equals + 1)));
  }
  return sections;
}

}  // namespace sixtops::importer::darknet
