#include "importer/onnx/task_hints.h"

#include <charconv>
#include <optional>

namespace sixtops::importer::onnx {
namespace {

// Reads Python literals from the front of a text.
class Literals {
 public:
  explicit Literals(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<size_t> number() {
    skip_blanks();
    size_t value = 0;
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (parsed.ec != std::errc()) return {};
    rest_.remove_prefix(static_cast<size_t>(parsed.ptr - rest_.data()));
    return value;
  }

  // A quoted text; a backslash keeps the character behind it.
  std::optional<std::string> quoted() {
    skip_blanks();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return {};
    const char quote = rest_.front();
    std::string value;
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      value += rest_[i];
    }
    return {};
  }

  bool at_end() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n' || rest_.front() == '\t')) {
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
};

}  // namespace

std::vector<std::string> parse_labels(std::string_view text) {
  Literals literals(text);
  const bool dictionary = literals.take('{');
  if (!dictionary && !literals.take('[')) return {};
  const char closing = dictionary ? '}' : ']';
  std::vector<std::string> labels;
  while (!literals.take(closing)) {
    if (!labels.empty() && !literals.take(',')) return {};
    if (literals.take(closing)) break;  // a trailing comma
    if (dictionary && (literals.number() != labels.size() || !literals.take(':'))) return {};
    std::optional<std::string> label = literals.quoted();
    if (!label) return {};
    labels.push_back(std::move(*label));
  }
  return literals.at_end() ? labels : std::vector<std::string>{};
}

TaskHints read_task_hints(const wire::onnx::ModelProto& model) {
  TaskHints hints;
  for (const wire::onnx::StringStringEntryProto& entry : model.metadata_props()) {
    if (entry.key() == "names") hints.labels = parse_labels(entry.value());
    if (entry.key() == "task" && entry.value() == "classify") hints.head = HeadKind::kClassifier;
  }
  return hints;
}

}  // namespace sixtops::importer::onnx
