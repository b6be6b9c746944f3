#include "importer/torchscript/code.h"

#include "base/error.h"
#include "importer/torchscript/code_tokens.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Expression::Kind;

// Calls inside of calls; printed code has a handful.
constexpr int kMaxDepth = 200;
// Names behind names, `a.b.c`, and calls of what calls return.
constexpr int kMaxChain = 200;

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<std::map<std::string, ClassCode, std::less<>>> run() {
    std::map<std::string, ClassCode, std::less<>> classes;
    while (peek().kind != Token::Kind::kEnd) {
      if (!peek().is_word("class")) {
        skip_line();  // imports, named tuples, free functions' headers: nothing that a traced module needs
        continue;
      }
      take();
      const std::string name = TRY(word("a class name"));
      skip_line();
      classes[name] = TRY(class_body());
    }
    return classes;
  }

 private:
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& take() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }

  Status expected(const char* what) const {
    return invalid_data("code, line {}: expected {}, found '{}'", peek().line, what, peek().text.substr(0, 40));
  }

  bool accept(char sign) {
    if (!peek().is_sign(sign)) return false;
    take();
    return true;
  }

  Status expect(char sign) {
    if (accept(sign)) return {};
    const char text[] = {sign, '\0'};
    return expected(text);
  }

  Result<std::string> word(const char* what) {
    if (peek().kind != Token::Kind::kWord) return expected(what);
    return take().text;
  }

  void skip_line() {
    take();
    while (!peek().begins_line) take();
  }

  // Fields are read over; the pickle has them.
  Result<ClassCode> class_body() {
    ClassCode code;
    while (peek().kind != Token::Kind::kEnd && peek().indent > 0) {
      if (!peek().is_word("def")) {
        skip_line();
        continue;
      }
      const int indent = take().indent;
      const std::string name = TRY(word("a method's name"));
      code.methods[name] = TRY(method(indent));
    }
    return code;
  }

  // Up to one of the signs, outside of brackets.
  Status skip_type(char end, char other_end) {
    int depth = 0;
    while (peek().kind != Token::Kind::kEnd) {
      if (depth == 0 && (peek().is_sign(end) || peek().is_sign(other_end))) return {};
      if (peek().is_sign('[') || peek().is_sign('(')) ++depth;
      if (peek().is_sign(']') || peek().is_sign(')')) --depth;
      take();
    }
    return expected("the end of a type");
  }

  Result<Method> method(int indent) {
    Method result;
    TRY(expect('('));
    while (!accept(')')) {
      result.parameters.push_back(TRY(word("a parameter")));
      if (accept(':')) TRY(skip_type(',', ')'));
      if (!accept(',') && !peek().is_sign(')')) return expected("a comma");
    }
    if (accept('>')) TRY(skip_type(':', ':'));
    TRY(expect(':'));
    while (peek().kind != Token::Kind::kEnd && peek().indent > indent) {
      result.statements.push_back(TRY(statement()));
    }
    return result;
  }

  Result<Statement> statement() {
    for (const char* control : {"if", "for", "while", "else"}) {
      if (!peek().is_word(control)) continue;
      return unsupported(
          "code, line {}: '{}': the module was scripted; trace it instead (torch.jit.trace), or freeze it "
          "(torch.jit.freeze)",
          peek().line, control);
    }
    Statement result;
    if (peek().is_word("return")) {
      take();
    } else if (peek().kind == Token::Kind::kWord &&
               (peek(1).is_sign('=') || peek(1).is_sign(',') || peek(1).is_sign(':'))) {
      while (!peek().is_sign('=')) {
        result.targets.push_back(TRY(word("a name")));
        if (accept(':')) TRY(skip_type('=', '='));
        if (accept(',')) result.unpacks = true;
      }
      TRY(expect('='));
    }
    result.value = TRY(expression(0));
    // A tuple without brackets.
    if (peek().is_sign(',') && !peek().begins_line) {
      auto tuple = make(Kind::kTuple);
      tuple->items.push_back(std::move(result.value));
      while (accept(',')) {
        if (peek().begins_line) break;
        tuple->items.push_back(TRY(expression(0)));
      }
      result.value = std::move(tuple);
    }
    if (!peek().begins_line) return expected("the end of the line");
    return result;
  }

  ExpressionPtr make(Kind kind) const {
    auto made = std::make_unique<Expression>();
    made->kind = kind;
    made->line = peek().line;
    return made;
  }

  // Items up to the closing sign; a trailing comma may stand.
  Status items(char closing, int depth, Expression& into) {
    while (!accept(closing)) {
      const bool is_named = peek().kind == Token::Kind::kWord && peek(1).is_sign('=');
      std::string name;
      if (is_named) {
        name = take().text;
        take();
      }
      into.items.push_back(TRY(expression(depth + 1)));
      into.names.push_back(std::move(name));
      if (!accept(',') && !peek().is_sign(closing)) return expected("a comma");
    }
    return {};
  }

  Result<ExpressionPtr> expression(int depth) {
    ExpressionPtr result = TRY(primary(depth));
    for (int chain = 0;; ++chain) {
      if (chain > kMaxChain) return resource_error("code, line {}: a chain of names that is too long", peek().line);
      if (peek().begins_line) return result;
      if (accept('.')) {
        auto attribute = make(Kind::kAttribute);
        attribute->text = TRY(word("an attribute"));
        attribute->object = std::move(result);
        result = std::move(attribute);
      } else if (accept('(')) {
        auto call = make(Kind::kCall);
        TRY(items(')', depth, *call));
        call->object = std::move(result);
        result = std::move(call);
      } else if (accept('[')) {
        auto index = make(Kind::kIndex);
        TRY(items(']', depth, *index));
        index->object = std::move(result);
        result = std::move(index);
      } else {
        return result;
      }
    }
  }

  Result<ExpressionPtr> primary(int depth) {
    if (depth > kMaxDepth) return resource_error("code, line {}: nested too deeply", peek().line);
    if (accept('-')) {
      ExpressionPtr number = TRY(primary(depth + 1));
      if (number->kind != Kind::kInt && number->kind != Kind::kFloat) return expected("a number");
      number->integer = -number->integer;
      number->number = -number->number;
      return number;
    }
    if (accept('[')) {
      auto list = make(Kind::kList);
      TRY(items(']', depth, *list));
      return list;
    }
    if (accept('(')) {
      auto tuple = make(Kind::kTuple);
      while (!accept(')')) {
        tuple->items.push_back(TRY(expression(depth + 1)));
        const bool has_comma = accept(',');
        // Brackets around one expression are no tuple.
        if (!has_comma && tuple->items.size() == 1 && accept(')')) return std::move(tuple->items[0]);
        if (!has_comma && !peek().is_sign(')')) return expected("a comma");
      }
      return tuple;
    }
    const Token& token = peek();
    switch (token.kind) {
      case Token::Kind::kInt: {
        auto number = make(Kind::kInt);
        number->integer = take().integer;
        return number;
      }
      case Token::Kind::kFloat: {
        auto number = make(Kind::kFloat);
        number->number = take().number;
        return number;
      }
      case Token::Kind::kText: {
        auto text = make(Kind::kText);
        text->text = take().text;
        return text;
      }
      case Token::Kind::kWord:
        return named();
      default:
        return expected("an expression");
    }
  }

  Result<ExpressionPtr> named() {
    const std::string text = take().text;
    if (text == "None") return make(Kind::kNone);
    if (text == "True" || text == "False") {
      auto truth = make(Kind::kBool);
      truth->integer = text == "True" ? 1 : 0;
      return truth;
    }
    auto name = make(Kind::kName);
    name->text = text;
    return name;
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace

Result<std::map<std::string, ClassCode, std::less<>>> parse_code(std::string_view text) {
  return Parser(TRY(tokenize(text))).run();
}

}  // namespace sixtops::importer::torchscript
