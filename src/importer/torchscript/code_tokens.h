// Words and signs of TorchScript code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::importer::torchscript {

struct Token {
  enum class Kind : uint8_t { kWord, kInt, kFloat, kText, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // a sign is one character, but "->" is '>'
  int64_t integer = 0;
  double number = 0;
  int line = 0;
  int indent = 0;            // blanks in front of the line
  bool begins_line = false;  // outside of brackets

  bool is_sign(char sign) const { return kind == Kind::kSign && text[0] == sign; }
  bool is_word(std::string_view word) const { return kind == Kind::kWord && text == word; }
};

// Ends with a token kEnd that begins a line. kInvalidData names the line.
Result<std::vector<Token>> tokenize(std::string_view code);

}  // namespace sixtops::importer::torchscript
