// Which nodes behind a sum of products are computed in its epilogue: a table, an addition of another activation.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "cpu/engine/plan/compiler.h"

namespace sixtops::cpu::engine {

struct Fusion {
  ValueId result = kNoValue;  // what leaves the epilogue
  std::vector<int> nodes;     // that it computes besides the sum of products
  std::optional<std::array<uint8_t, 256>> table;
  std::optional<Addition> addition;
  std::vector<Part> residual;  // one a plane of the result
};

// Follows `value`, the output of node `node`. Only values that nobody else reads are fused away, and an addition only
// where its other operand is there already.
Fusion find_fusion(Compiler& compiler, ValueId value);

// The same with nothing but a table, and nothing at all where an addition would follow that find_fusion() takes sooner
// or later.
std::optional<Fusion> find_table_alone(const Compiler& compiler, ValueId value);

// The table of a Table node from byte to byte; nothing when it has no 256 entries.
std::optional<std::array<uint8_t, 256>> byte_table(const Node& node);

// An Add or Sub in integer form, its operands in the order of the node; nothing when a channel has a multiplier of its
// own or a sum could leave int32.
std::optional<Addition> byte_addition(const Node& node);

}  // namespace sixtops::cpu::engine
