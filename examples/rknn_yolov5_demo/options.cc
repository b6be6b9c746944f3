#include "options.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

void print_usage(const char* program) {
  std::printf("Usage: %s <rknn model> <input_image_path> <resize/letterbox> <output_image_path>\n", program);
  std::printf("  --post exact|vendor  --pad-color 0..255  --labels FILE  --loop COUNT\n");
}

// A whole number from low to high.
std::optional<int> parse_number(const std::string& text, int low, int high) {
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != 0 || value < low || value > high) return std::nullopt;
  return static_cast<int>(value);
}

bool set_option(Options& options, const std::string& name, const std::string& value) {
  if (name == "--post" && (value == "exact" || value == "vendor")) {
    options.post_as_vendor = value == "vendor";
    return true;
  }
  if (name == "--labels") {
    options.labels = value;
    return true;
  }
  if (name == "--pad-color") {
    const std::optional<int> color = parse_number(value, 0, 255);
    if (color) options.pad_color = static_cast<uint8_t>(*color);
    return color.has_value();
  }
  if (name == "--loop") {
    constexpr int kMostRuns = 1000000;
    const std::optional<int> count = parse_number(value, 1, kMostRuns);
    if (count) options.loop = *count;
    return count.has_value();
  }
  return false;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  Options options;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) != 0) {
      words.push_back(word);
      continue;
    }
    const std::string value = i + 1 < argc ? argv[++i] : "";
    if (!set_option(options, word, value)) {
      std::fprintf(stderr, "%s '%s' is no option of this program\n", word.c_str(), value.c_str());
      print_usage(argv[0]);
      return std::nullopt;
    }
  }
  if (words.size() < 2 || words.size() > 4) {
    print_usage(argv[0]);
    return std::nullopt;
  }
  options.model = words[0];
  options.picture = words[1];
  if (words.size() > 2) options.resize = words[2];
  if (words.size() > 3) options.output = words[3];
  if (!options.resize.empty() && options.resize != "resize" && options.resize != "letterbox") {
    std::fprintf(stderr, "Invalid resize option. Use 'resize' or 'letterbox'.\n");
    return std::nullopt;
  }
  return options;
}
