// The .cfg file: sections of options, one a layer, in the order of the network.
//
//   [convolutional]
//   filters=16          # "key = value", blanks do not matter; '#' and ';' begin a comment
//
// A key that stands twice counts with its first value, as in Darknet.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::importer::darknet {

class Section {
 public:
  Section(std::string type, int line) : type_(std::move(type)), line_(line) {}

  const std::string& type() const { return type_; }
  int line() const { return line_; }
  void add(std::string key, std::string value) { options_.emplace_back(std::move(key), std::move(value)); }

  // Whoever asks for an option has understood it. kInvalidData when the text is no number, or lies outside of
  // [least, most].
  bool has(std::string_view key);
  Result<int64_t> get_int(std::string_view key, int64_t fallback, int64_t least, int64_t most);
  Result<float> get_float(std::string_view key, float fallback);
  std::string get_text(std::string_view key, const std::string& fallback);
  // Numbers separated by commas; empty when the option is not there.
  Result<std::vector<int64_t>> get_ints(std::string_view key);
  Result<std::vector<float>> get_floats(std::string_view key);

  // kUnsupported names the first option that nobody asked for and that is not among those that matter to training
  // alone.
  Status check_options() const;

 private:
  const std::string* find(std::string_view key);

  std::string type_;
  int line_;
  std::vector<std::pair<std::string, std::string>> options_;
  std::set<std::string, std::less<>> understood_;
};

// Whether the text begins, behind blanks and comments, with the section of every network, [net] or [network].
bool looks_like_cfg(std::string_view text);

// kInvalidData names the line.
Result<std::vector<Section>> parse_cfg(std::string_view text);

}  // namespace sixtops::importer::darknet
