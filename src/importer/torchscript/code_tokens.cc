#include "importer/torchscript/code_tokens.h"

#include <charconv>

#include "base/error.h"

namespace sixtops::importer::torchscript {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view code) : rest_(code) {}

  Result<std::vector<Token>> run() {
    while (true) {
      skip_blanks();
      if (rest_.empty()) break;
      TRY(take_token());
    }
    Token& end = add(Token::Kind::kEnd, "");
    end.begins_line = true;
    end.indent = 0;
    return std::move(tokens_);
  }

 private:
  void advance(size_t count) { rest_.remove_prefix(count); }

  // Blanks, line ends and comments. Inside of brackets a line end is a blank.
  void skip_blanks() {
    while (!rest_.empty()) {
      if (rest_.front() == '\n') {
        ++line_;
        indent_ = 0;
        fresh_line_ = fresh_line_ || depth_ == 0;
        advance(1);
      } else if (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r') {
        ++indent_;
        advance(1);
      } else if (rest_.front() == '#') {
        advance(std::min(rest_.find('\n'), rest_.size()));
      } else {
        return;
      }
    }
  }

  Token& add(Token::Kind kind, std::string_view text) {
    Token token;
    token.kind = kind;
    token.text = std::string(text);
    token.line = line_;
    token.indent = indent_;
    token.begins_line = fresh_line_;
    fresh_line_ = false;
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }

  Status take_token() {
    const char c = rest_.front();
    if (is_digit(c)) return take_number();
    if (c == '"' || c == '\'') return take_text(c);
    if (is_word_character(c)) {
      size_t length = 1;
      while (length < rest_.size() && is_word_character(rest_[length])) ++length;
      add(Token::Kind::kWord, rest_.substr(0, length));
      advance(length);
      return {};
    }
    if (rest_.starts_with("->")) {
      add(Token::Kind::kSign, ">");
      advance(2);
      return {};
    }
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    add(Token::Kind::kSign, rest_.substr(0, 1));
    advance(1);
    return {};
  }

  Status take_number() {
    size_t length = 0;
    bool is_float = false;
    while (length < rest_.size()) {
      const char c = rest_[length];
      const bool is_sign =
          (c == '+' || c == '-') && length > 0 && (rest_[length - 1] == 'e' || rest_[length - 1] == 'E');
      if (!is_digit(c) && c != '.' && c != 'e' && c != 'E' && !is_sign) break;
      is_float |= !is_digit(c);
      ++length;
    }
    Token& token = add(is_float ? Token::Kind::kFloat : Token::Kind::kInt, rest_.substr(0, length));
    const char* begin = rest_.data();
    const auto parsed = is_float ? std::from_chars(begin, begin + length, token.number)
                                 : std::from_chars(begin, begin + length, token.integer);
    const bool overflows = is_float && parsed.ec == std::errc::result_out_of_range;
    if ((parsed.ec != std::errc() && !overflows) || parsed.ptr != begin + length) {
      return invalid_data("line {}: '{}' is no number", line_, rest_.substr(0, std::min<size_t>(length, 40)));
    }
    advance(length);
    return {};
  }

  Status take_text(char quote) {
    std::string value;
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        add(Token::Kind::kText, value);
        advance(i + 1);
        return {};
      }
      if (rest_[i] == '\n') break;
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      value += rest_[i];
    }
    return invalid_data("line {}: a text without an end", line_);
  }

  std::string_view rest_;
  std::vector<Token> tokens_;
  int line_ = 1;
  int indent_ = 0;
  int depth_ = 0;
  bool fresh_line_ = true;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view code) { return Tokenizer(code).run(); }

}  // namespace sixtops::importer::torchscript
