#include "cpu/engine/plan/fusion.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cpu/engine/plan/requantization.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

// The one node that reads the value, or nobody.
int only_reader(const Compiler& compiler, ValueId value) {
  const Uses& uses = compiler.uses();
  const auto& readers = uses.readers[static_cast<size_t>(value)];
  return readers.size() == 1 && !uses.is_output[static_cast<size_t>(value)] ? readers.front() : Uses::kNobody;
}

bool same_picture(const Graph& graph, ValueId a, ValueId b) {
  const auto& first = graph.value(a).shape;
  const auto& second = graph.value(b).shape;
  return first && second && *first == *second;
}

}  // namespace

std::optional<std::array<uint8_t, 256>> byte_table(const Node& node) {
  const Ints& entries = node.get_ints("table");
  std::array<uint8_t, 256> table;
  if (entries.size() != table.size()) return std::nullopt;
  // Entry i stands for code i - 128, whose byte is i.
  for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<uint8_t>(entries[i] + 128);
  return table;
}

std::optional<Addition> byte_addition(const Node& node) {
  const Ints& weights = node.get_ints("operand_multiplier");
  if (node.get_ints("multiplier").size() != 1 || weights.size() != 2) return std::nullopt;
  const int64_t bias = node.get_int("operand_bias") - 128 * (weights[0] + weights[1]);
  const double largest =
      256.0 * static_cast<double>(std::abs(weights[0]) + std::abs(weights[1])) + std::abs(static_cast<double>(bias));
  if (largest > INT32_MAX) return std::nullopt;
  Addition addition;
  addition.weight[0] = static_cast<int32_t>(weights[0]);
  addition.weight[1] = static_cast<int32_t>(weights[1]);
  addition.bias = static_cast<int32_t>(bias);
  addition.scale = requantization_scale(node.get_ints("multiplier")[0], static_cast<int>(node.get_int("shift")));
  addition.requantization = {static_cast<int32_t>(node.get_int("output_zero_point")) + 128,
                             requantizes_in_float(largest, addition.scale)};
  return addition;
}

namespace {

Fusion find_table(const Compiler& compiler, ValueId value) {
  Fusion fusion;
  fusion.result = value;
  const int reader = only_reader(compiler, value);
  if (reader == Uses::kNobody) return fusion;
  const Node& node = compiler.graph().nodes[static_cast<size_t>(reader)];
  if (node.op == Op::kTable && (fusion.table = byte_table(node))) {
    fusion.nodes.push_back(reader);
    fusion.result = node.outputs[0];
  }
  return fusion;
}

bool is_addition(const Node& node) {
  return (node.op == Op::kAdd || node.op == Op::kSub) && reference::is_integer_form(node);
}

}  // namespace

std::optional<Fusion> find_table_alone(const Compiler& compiler, ValueId value) {
  Fusion fusion = find_table(compiler, value);
  const int reader = only_reader(compiler, fusion.result);
  if (reader != Uses::kNobody && is_addition(compiler.graph().nodes[static_cast<size_t>(reader)])) return std::nullopt;
  return fusion;
}

Fusion find_fusion(Compiler& compiler, ValueId value) {
  const Graph& graph = compiler.graph();
  Fusion fusion = find_table(compiler, value);
  const int reader = only_reader(compiler, fusion.result);
  if (reader == Uses::kNobody) return fusion;
  const Node& node = graph.nodes[static_cast<size_t>(reader)];
  if (!is_addition(node)) return fusion;
  const bool is_second = node.inputs[1] == fusion.result;
  const ValueId other = node.inputs[is_second ? 0 : 1];
  if (!compiler.is_available(other) || !same_picture(graph, other, fusion.result)) return fusion;
  std::optional<Addition> addition = byte_addition(node);
  const std::optional<View> view = addition ? compiler.view(other) : std::nullopt;
  const auto lines = view && !is_shifted(*view) ? lines_of(*view) : std::nullopt;
  if (!lines) return fusion;
  if (is_second) std::swap(addition->weight[0], addition->weight[1]);
  fusion.addition = addition;
  fusion.residual = *lines;
  fusion.nodes.push_back(reader);
  fusion.result = node.outputs[0];
  return fusion;
}

}  // namespace sixtops::cpu::engine
