// The code that torch.jit.save writes: classes with typed fields and methods of straight-line Python.
//
//   class Conv(Module):
//     conv : __torch__.torch.nn.modules.conv.Conv2d
//     def forward(self: __torch__.Conv, x: Tensor) -> Tensor:
//       _0, _1, = torch.max_pool2d_with_indices(x, [2, 2])
//       return (self.conv).forward(_0, )
//
// This is a reader of exactly that language. Types are read over. Branches and loops, which only scripted modules have,
// are an error that says what to do. Source of the grammar: PyTorch, torch/csrc/jit/serialization/python_print.cpp.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::importer::torchscript {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Expression {
  enum class Kind : uint8_t { kName, kNone, kBool, kInt, kFloat, kText, kList, kTuple, kAttribute, kCall, kIndex };
  Kind kind = Kind::kNone;
  std::string text;                  // kName, kText; kAttribute: the name behind the dot
  int64_t integer = 0;               // kInt, kBool
  double number = 0;                 // kFloat
  ExpressionPtr object;              // kAttribute, kCall, kIndex: what stands before
  std::vector<ExpressionPtr> items;  // kList, kTuple; kCall: arguments; kIndex: one
  std::vector<std::string> names;    // kCall: of arguments, "" for those by position
  int line = 0;
};

// `targets = value`; without targets the value is what the method returns.
struct Statement {
  std::vector<std::string> targets;
  bool unpacks = false;  // a, b, = ...
  ExpressionPtr value;
};

struct Method {
  std::vector<std::string> parameters;  // self first
  std::vector<Statement> statements;
};

struct ClassCode {
  std::map<std::string, Method, std::less<>> methods;
};

// The classes of one file, by name. kInvalidData names the line, kUnsupported control flow.
Result<std::map<std::string, ClassCode, std::less<>>> parse_code(std::string_view text);

}  // namespace sixtops::importer::torchscript
