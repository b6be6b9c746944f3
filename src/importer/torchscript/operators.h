// The table of torch operators: which function brings a call into the graph.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "importer/torchscript/call.h"

namespace sixtops::importer::torchscript {

struct OperatorRow {
  std::string_view name;  // without "torch." and without the underscore of in-place forms
  Result<Value> (*translate)(Call& call);
};

// One table a family, each in the file of its name.
std::span<const OperatorRow> elementwise_operators();
std::span<const OperatorRow> layer_operators();
std::span<const OperatorRow> movement_operators();
std::span<const OperatorRow> reduction_operators();
std::span<const OperatorRow> special_functions();

// nullptr when the operator is not known. "relu_" is "relu".
const OperatorRow* find_operator(std::string_view name);
std::vector<std::string> known_operators();

// The adaptive pooling of both forms of networks: output x output cells, `is_maximum` or means.
Result<ValueId> adaptive_pool(Call& call, ValueId x, const Ints& output, bool is_maximum);

}  // namespace sixtops::importer::torchscript
