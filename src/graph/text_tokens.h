// The words of the text form (graph/text.h): how they are written and taken apart.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace sixtops {

struct Token {
  enum class Kind { kWord, kName, kString, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // of a name without %, of a string without quotes and escapes
  int line = 1;
  int column = 1;

  bool is_word(std::string_view word) const { return kind == Kind::kWord && text == word; }
  bool is_sign(char sign) const { return kind == Kind::kSign && text[0] == sign; }
};

// A reader of tokens with one token of foresight.
//   word    letters, digits and _ . + - ?        f32 1x?x4 -1.5e+30 kernel_shape _
//   name    % and a bare name or a string
//   string  "..."
//   sign    one of ( ) [ ] { } , = :
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  // Reads the first token; to be called once before all others.
  Status start() { return advance(); }

  const Token& peek() const { return token_; }
  Result<Token> next();  // peek(), and goes on behind it

  std::string place() const;  // of the foresight token: "line 3, column 7: "

  // kInvalidData at the foresight token: "line 3, column 7: expected ..., found ...".
  Status expected(std::string_view what) const;

  Result<Token> expect(Token::Kind kind, std::string_view what);
  Status expect_sign(char sign);
  Result<bool> accept_sign(char sign);  // goes on when it stands there

 private:
  Status advance();
  Result<std::string> quoted();
  char current() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  void step();

  std::string_view text_;
  size_t position_ = 0;
  int line_ = 1;
  int column_ = 1;
  Token token_;
};

std::string quote(std::string_view text);
std::string name_text(std::string_view name);  // a bare name, else in quotes
std::string word_text(std::string_view word);  // a bare word, else in quotes

}  // namespace sixtops
