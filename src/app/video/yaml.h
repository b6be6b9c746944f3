// YAML files as trees that know their lines, and a strict reader of mappings (libyaml).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"

namespace sixtops::app {

struct YamlEntry;

struct Yaml {
  enum class Kind { kScalar, kList, kMap };
  Kind kind = Kind::kScalar;
  int line = 0;  // from 1
  std::string scalar;
  std::vector<Yaml> items;
  std::vector<YamlEntry> entries;  // in order, keys are unique
};

struct YamlEntry {
  std::string key;
  Yaml value;
};

// One document; aliases and other keys than words are refused. Errors name file and line.
Result<Yaml> read_yaml(const std::string& path);
Result<Yaml> parse_yaml(const std::string& text, const std::string& name);

// Takes the entries of one mapping by name; finish() refuses those that nobody took. Every error is one sentence that
// begins "FILE:LINE: key 'NAME': ".
class YamlMap {
 public:
  static Result<YamlMap> of(const Yaml& yaml, const std::string& file, const std::string& what);

  // The entry's value, or null where it is not given.
  const Yaml* find(const std::string& key);

  // Leave the target as it is where the key is not given.
  Status get(const std::string& key, std::string& target);
  Status get(const std::string& key, double& target, double min, double max);
  Status get(const std::string& key, bool& target);
  Status get(const std::string& key, std::vector<std::string>& target);  // a list, or one word

  Status finish() const;
  Status error(const Yaml& at, const std::string& key, const std::string& what) const;

 private:
  YamlMap(const Yaml& yaml, std::string file) : yaml_(&yaml), file_(std::move(file)) {}

  const Yaml* yaml_;
  std::string file_;
  std::vector<std::string> known_;
};

// A number, or nothing.
bool parse_number(const std::string& text, double& number);

}  // namespace sixtops::app
