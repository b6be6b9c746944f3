#include "app/video/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/file.h"

namespace sixtops::app {
namespace {

constexpr int64_t kMaxConfigBytes = 1 << 20;
constexpr int kMaxDepth = 32;

// libyaml's document with an end.
class Document {
 public:
  Document() { yaml_parser_initialize(&parser_); }
  ~Document() {
    if (loaded_) yaml_document_delete(&document_);
    yaml_parser_delete(&parser_);
  }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  Status load(const std::string& text, const std::string& name) {
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    loaded_ = yaml_parser_load(&parser_, &document_) != 0;
    if (loaded_) return {};
    return usage_error("{}:{}: {}", name, parser_.problem_mark.line + 1,
                       parser_.problem != nullptr ? parser_.problem : "this is no YAML");
  }

  yaml_document_t* get() { return &document_; }

 private:
  yaml_parser_t parser_{};
  yaml_document_t document_{};
  bool loaded_ = false;
};

std::string text_of(const yaml_node_t& node) {
  return {reinterpret_cast<const char*>(node.data.scalar.value), node.data.scalar.length};
}

// visited counts nodes: aliases make a tree of a graph, and could make it huge.
Result<Yaml> convert(yaml_document_t* document, const yaml_node_t& node, const std::string& name, int depth,
                     std::vector<bool>& visited) {
  Yaml yaml;
  yaml.line = static_cast<int>(node.start_mark.line) + 1;
  const auto index = static_cast<size_t>(&node - document->nodes.start);
  if (depth > kMaxDepth || visited[index]) return usage_error("{}:{}: aliases are not supported", name, yaml.line);
  visited[index] = true;
  switch (node.type) {
    case YAML_SCALAR_NODE:
      yaml.scalar = text_of(node);
      break;
    case YAML_SEQUENCE_NODE:
      yaml.kind = Yaml::Kind::kList;
      for (auto* item = node.data.sequence.items.start; item < node.data.sequence.items.top; ++item) {
        yaml.items.push_back(
            TRY(convert(document, *yaml_document_get_node(document, *item), name, depth + 1, visited)));
      }
      break;
    case YAML_MAPPING_NODE:
      yaml.kind = Yaml::Kind::kMap;
      for (auto* pair = node.data.mapping.pairs.start; pair < node.data.mapping.pairs.top; ++pair) {
        const yaml_node_t& key = *yaml_document_get_node(document, pair->key);
        const int line = static_cast<int>(key.start_mark.line) + 1;
        if (key.type != YAML_SCALAR_NODE) return usage_error("{}:{}: a key must be a word", name, line);
        const std::string word = text_of(key);
        for (const YamlEntry& entry : yaml.entries) {
          if (entry.key == word) return usage_error("{}:{}: key '{}' is given twice", name, line, word);
        }
        Yaml value = TRY(convert(document, *yaml_document_get_node(document, pair->value), name, depth + 1, visited));
        value.line = line;
        yaml.entries.push_back({word, std::move(value)});
      }
      break;
    default:
      return usage_error("{}:{}: unexpected node", name, yaml.line);
  }
  return yaml;
}

}  // namespace

Result<Yaml> parse_yaml(const std::string& text, const std::string& name) {
  Document document;
  TRY(document.load(text, name));
  const yaml_node_t* root = yaml_document_get_root_node(document.get());
  if (root == nullptr) return usage_error("{}: the file is empty", name);
  std::vector<bool> visited(static_cast<size_t>(document.get()->nodes.top - document.get()->nodes.start), false);
  return convert(document.get(), *root, name, 0, visited);
}

Result<Yaml> read_yaml(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxConfigBytes));
  return parse_yaml(std::string(bytes.text()), path);
}

bool parse_number(const std::string& text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

Result<YamlMap> YamlMap::of(const Yaml& yaml, const std::string& file, const std::string& what) {
  if (yaml.kind != Yaml::Kind::kMap) return usage_error("{}:{}: {} must be 'key: value' lines", file, yaml.line, what);
  return YamlMap(yaml, file);
}

Status YamlMap::error(const Yaml& at, const std::string& key, const std::string& what) const {
  return usage_error("{}:{}: key '{}': {}", file_, at.line, key, what);
}

const Yaml* YamlMap::find(const std::string& key) {
  known_.push_back(key);
  for (const YamlEntry& entry : yaml_->entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Status YamlMap::get(const std::string& key, std::string& target) {
  const Yaml* value = find(key);
  if (value == nullptr) return {};
  if (value->kind != Yaml::Kind::kScalar) return error(*value, key, "expected one word");
  target = value->scalar;
  return {};
}

Status YamlMap::get(const std::string& key, double& target, double min, double max) {
  const Yaml* value = find(key);
  if (value == nullptr) return {};
  double number = 0;
  if (value->kind != Yaml::Kind::kScalar || !parse_number(value->scalar, number) || number < min || number > max) {
    return error(*value, key, fmt::format("expected a number from {} to {}", min, max));
  }
  target = number;
  return {};
}

Status YamlMap::get(const std::string& key, bool& target) {
  const Yaml* value = find(key);
  if (value == nullptr) return {};
  if (value->scalar == "true" || value->scalar == "yes") {
    target = true;
  } else if (value->scalar == "false" || value->scalar == "no") {
    target = false;
  } else {
    return error(*value, key, "expected true or false");
  }
  return {};
}

Status YamlMap::get(const std::string& key, std::vector<std::string>& target) {
  const Yaml* value = find(key);
  if (value == nullptr) return {};
  if (value->kind == Yaml::Kind::kMap) return error(*value, key, "expected a list of words");
  if (value->kind == Yaml::Kind::kScalar) {
    target = {value->scalar};
    return {};
  }
  target.clear();
  for (const Yaml& item : value->items) {
    if (item.kind != Yaml::Kind::kScalar) return error(item, key, "expected a list of words");
    target.push_back(item.scalar);
  }
  return {};
}

Status YamlMap::finish() const {
  for (const auto& [key, value] : yaml_->entries) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string all;
    for (const std::string& known : known_) all += (all.empty() ? "" : ", ") + known;
    return error(value, key, "there is no such key; expected one of " + all);
  }
  return {};
}

}  // namespace sixtops::app
