// What a name stands for while TorchScript code is followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "importer/torchscript/pickle.h"

namespace sixtops::importer::torchscript {

struct Value {
  // kPath: a name of the language, "torch.conv2d". kModule: an object of the pickle; `text` is its place, "model.0".
  enum class Kind : uint8_t { kNone, kBool, kInt, kFloat, kText, kList, kTuple, kTensor, kModule, kPath };
  Kind kind = Kind::kNone;
  int64_t integer = 0;  // kBool, kInt
  double number = 0;    // kFloat
  std::string text;
  std::vector<Value> items;    // kList, kTuple
  ValueId tensor = kNoValue;   // kTensor
  PickleRef module = nullptr;  // kModule

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_number() const { return kind == Kind::kInt || kind == Kind::kFloat || kind == Kind::kBool; }
  double as_double() const { return kind == Kind::kFloat ? number : static_cast<double>(integer); }

  static Value of_int(int64_t value) {
    Value v;
    v.kind = Kind::kInt;
    v.integer = value;
    return v;
  }
  static Value of_float(double value) {
    Value v;
    v.kind = Kind::kFloat;
    v.number = value;
    return v;
  }
  static Value of_tensor(ValueId id) {
    Value v;
    v.kind = Kind::kTensor;
    v.tensor = id;
    return v;
  }
  static Value of_items(Kind kind, std::vector<Value> items) {
    Value v;
    v.kind = kind;
    v.items = std::move(items);
    return v;
  }
};

}  // namespace sixtops::importer::torchscript
