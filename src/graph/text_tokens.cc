#include "graph/text_tokens.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/error.h"

namespace sixtops {
namespace {

bool is_alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 && (c & 0x80) == 0; }
bool is_word_char(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("_.+-?").find(c) != std::string_view::npos);
}
bool is_name_char(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("_./:-").find(c) != std::string_view::npos);
}
bool is_sign_char(char c) { return c != '\0' && std::string_view("()[]{},=:").find(c) != std::string_view::npos; }

}  // namespace

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string name_text(std::string_view name) {
  // A colon at the end would be taken for the one before the type.
  const bool bare = !name.empty() && name.back() != ':' && std::all_of(name.begin(), name.end(), is_name_char);
  return bare ? std::string(name) : quote(name);
}

std::string word_text(std::string_view word) {
  const bool bare = !word.empty() && std::all_of(word.begin(), word.end(), is_word_char);
  return bare ? std::string(word) : quote(word);
}

void Tokenizer::step() {
  if (current() == '\n') {
    ++line_;
    column_ = 1;
  } else {
    ++column_;
  }
  ++position_;
}

Result<std::string> Tokenizer::quoted() {
  step();
  std::string result;
  while (position_ < text_.size() && current() != '"') {
    char c = current();
    step();
    if (c == '\\') {
      c = current();
      step();
      if (c == 'n') {
        c = '\n';
      } else if (c == 'x') {
        const std::string_view digits = text_.substr(std::min(position_, text_.size()), 2);
        unsigned code = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (digits.size() != 2 || parsed.ptr != digits.data() + 2) {
          return invalid_data("line {}, column {}: expected two hexadecimal digits behind \\x", line_, column_);
        }
        step();
        step();
        c = static_cast<char>(code);
      } else if (c != '"' && c != '\\') {
        return invalid_data("line {}, column {}: unknown escape in a string", line_, column_);
      }
    }
    result += c;
  }
  if (position_ >= text_.size()) {
    return invalid_data("line {}, column {}: string without a closing quote", token_.line, token_.column);
  }
  step();
  return result;
}

Status Tokenizer::advance() {
  while (position_ < text_.size()) {
    if (current() == '#') {
      while (position_ < text_.size() && current() != '\n') step();
    } else if (std::isspace(static_cast<unsigned char>(current())) != 0) {
      step();
    } else {
      break;
    }
  }
  token_ = {Token::Kind::kEnd, "", line_, column_};
  if (position_ >= text_.size()) return {};
  if (current() == '"') {
    token_.kind = Token::Kind::kString;
    token_.text = TRY(quoted());
    return {};
  }
  if (current() == '%') {
    token_.kind = Token::Kind::kName;
    step();
    if (current() == '"') {
      token_.text = TRY(quoted());
      return {};
    }
    size_t length = 0;
    while (position_ + length < text_.size() && is_name_char(text_[position_ + length])) ++length;
    while (length > 0 && text_[position_ + length - 1] == ':') --length;
    token_.text = text_.substr(position_, length);
    for (size_t i = 0; i < length; ++i) step();
    return {};
  }
  if (is_word_char(current())) {
    token_.kind = Token::Kind::kWord;
    while (is_word_char(current())) {
      token_.text += current();
      step();
    }
    return {};
  }
  if (is_sign_char(current())) {
    token_.kind = Token::Kind::kSign;
    token_.text = current();
    step();
    return {};
  }
  return invalid_data("line {}, column {}: unexpected character {}", line_, column_, quote(text_.substr(position_, 1)));
}

Result<Token> Tokenizer::next() {
  Token token = std::move(token_);
  TRY(advance());
  return token;
}

std::string Tokenizer::place() const { return fmt::format("line {}, column {}: ", token_.line, token_.column); }

Status Tokenizer::expected(std::string_view what) const {
  const std::string found = token_.kind == Token::Kind::kEnd ? "the end of the text" : quote(token_.text);
  return invalid_data("{}expected {}, found {}", place(), what, found);
}

Result<Token> Tokenizer::expect(Token::Kind kind, std::string_view what) {
  if (token_.kind != kind) return expected(what);
  return next();
}

Status Tokenizer::expect_sign(char sign) {
  if (!token_.is_sign(sign)) return expected(fmt::format("'{}'", sign));
  return advance();
}

Result<bool> Tokenizer::accept_sign(char sign) {
  if (!token_.is_sign(sign)) return false;
  TRY(advance());
  return true;
}

}  // namespace sixtops
