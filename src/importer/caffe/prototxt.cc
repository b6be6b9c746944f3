#include "importer/caffe/prototxt.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"

namespace sixtops::importer::caffe {
namespace {

// Messages in messages; Caffe's have four.
constexpr int kMaxDepth = 32;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ';'; }
bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '+';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Result<Message> run() {
    Message message = TRY(body(0));
    if (!rest_.empty()) return error("a field");
    return message;
  }

 private:
  Status error(const char* expected) const {
    return invalid_data("line {}: expected {}, found '{}'", line_, expected,
                        rest_.substr(0, std::min<size_t>({rest_.size(), rest_.find('\n'), 20})));
  }

  // Separators between fields are optional, and blanks as far as reading goes.
  void skip_blanks() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (is_blank(rest_.front())) {
        line_ += rest_.front() == '\n' ? 1 : 0;
        rest_.remove_prefix(1);
      } else {
        return;
      }
    }
  }

  bool accept(char sign) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != sign) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<std::string> word(const char* what) {
    skip_blanks();
    size_t length = 0;
    while (length < rest_.size() && is_word_character(rest_[length])) ++length;
    if (length == 0) return error(what);
    std::string taken(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return taken;
  }

  Result<std::string> quoted(char quote) {
    std::string value;
    for (size_t i = 1; i < rest_.size() && rest_[i] != '\n'; ++i) {
      if (rest_[i] == quote) {
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      value += rest_[i];
    }
    return error("the end of a text");
  }

  Result<std::string> scalar() {
    skip_blanks();
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'')) return quoted(rest_.front());
    return word("a value");
  }

  Result<std::shared_ptr<const Message>> braces(int depth) {
    auto message = std::make_shared<Message>(TRY(body(depth + 1)));
    if (!accept('}')) return error("}");
    return std::shared_ptr<const Message>(std::move(message));
  }

  // Fields up to a closing brace or the end.
  Result<Message> body(int depth) {
    if (depth > kMaxDepth) return resource_error("line {}: messages in messages, more than {} deep", line_, kMaxDepth);
    Message message;
    for (skip_blanks(); !rest_.empty() && rest_.front() != '}'; skip_blanks()) {
      Message::Field field;
      field.line = line_;
      field.name = TRY(word("a field's name"));
      const bool has_colon = accept(':');
      if (accept('{')) {
        field.message = TRY(braces(depth));
        message.add(std::move(field));
      } else if (has_colon && accept('[')) {
        while (!accept(']')) {
          Message::Field item = field;
          if (accept('{')) {
            item.message = TRY(braces(depth));
          } else {
            item.value = TRY(scalar());
          }
          message.add(std::move(item));
        }
      } else if (has_colon) {
        field.value = TRY(scalar());
        message.add(std::move(field));
      } else {
        return error(": or {");
      }
    }
    return message;
  }

  std::string_view rest_;
  int line_ = 1;
};

template <typename T>
Result<T> parse_number(const Message::Field& field) {
  T value{};
  std::string_view text = field.value;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  // Generators write "1.0f" too.
  const std::string_view behind(parsed.ptr, static_cast<size_t>(text.data() + text.size() - parsed.ptr));
  bool is_finite = true;
  if constexpr (std::is_floating_point_v<T>) is_finite = std::isfinite(value);
  if (parsed.ec == std::errc() && (behind.empty() || behind == "f") && is_finite) return value;
  return invalid_data("line {}: {}: '{}' is no number", field.line, field.name, field.value.substr(0, 40));
}

Result<int64_t> parse_integer(const Message::Field& field, int64_t least, int64_t most) {
  const auto value = TRY(parse_number<int64_t>(field));
  if (value >= least && value <= most) return value;
  return invalid_data("line {}: {} is {}, expected {} to {}", field.line, field.name, value, least, most);
}

}  // namespace

const Message::Field* Message::find(std::string_view name) const {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(), [&](const Field& f) { return f.name == name; });
  return found == fields_.rend() ? nullptr : &*found;
}

bool Message::has(std::string_view name) const { return find(name) != nullptr; }

const Message& Message::message(std::string_view name) const {
  static const Message kEmpty;
  const Field* field = find(name);
  return field == nullptr || field->message == nullptr ? kEmpty : *field->message;
}

std::vector<const Message*> Message::messages(std::string_view name) const {
  std::vector<const Message*> found;
  for (const Field& field : fields_) {
    if (field.name == name && field.message != nullptr) found.push_back(field.message.get());
  }
  return found;
}

std::string Message::text(std::string_view name, const std::string& fallback) const {
  const Field* field = find(name);
  return field == nullptr ? fallback : field->value;
}

std::vector<std::string> Message::texts(std::string_view name) const {
  std::vector<std::string> found;
  for (const Field& field : fields_) {
    if (field.name == name) found.push_back(field.value);
  }
  return found;
}

Result<int64_t> Message::integer(std::string_view name, int64_t fallback, int64_t least, int64_t most) const {
  const Field* field = find(name);
  return field == nullptr ? Result<int64_t>(fallback) : parse_integer(*field, least, most);
}

Result<std::vector<int64_t>> Message::integers(std::string_view name, int64_t least, int64_t most) const {
  std::vector<int64_t> found;
  for (const Field& field : fields_) {
    if (field.name == name) found.push_back(TRY(parse_integer(field, least, most)));
  }
  return found;
}

Result<float> Message::number(std::string_view name, float fallback) const {
  const Field* field = find(name);
  return field == nullptr ? Result<float>(fallback) : parse_number<float>(*field);
}

Result<std::vector<float>> Message::numbers(std::string_view name) const {
  std::vector<float> found;
  for (const Field& field : fields_) {
    if (field.name == name) found.push_back(TRY(parse_number<float>(field)));
  }
  return found;
}

Result<bool> Message::flag(std::string_view name, bool fallback) const {
  const Field* field = find(name);
  if (field == nullptr) return fallback;
  if (field->value == "true" || field->value == "1") return true;
  if (field->value == "false" || field->value == "0") return false;
  return invalid_data("line {}: {}: '{}' is neither true nor false", field->line, field->name, field->value);
}

Result<Message> parse_prototxt(std::string_view text) { return Parser(text).run(); }

}  // namespace sixtops::importer::caffe
