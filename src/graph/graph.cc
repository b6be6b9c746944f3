#include "graph/graph.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/error.h"

namespace sixtops {
namespace {

template <typename T>
const T& get_attribute(const Node& node, std::string_view name) {
  if (const Attribute* attribute = node.attributes.find(name)) {
    const T* value = std::get_if<T>(attribute);
    assert(value != nullptr);
    return *value;
  }
  const Field* field = op_info(node.op).find_field(name);
  assert(field != nullptr && field->default_value.has_value());
  return std::get<T>(*field->default_value);
}

}  // namespace

int64_t Node::get_int(std::string_view field) const { return get_attribute<int64_t>(*this, field); }
float Node::get_float(std::string_view field) const { return get_attribute<float>(*this, field); }
const std::string& Node::get_text(std::string_view field) const { return get_attribute<std::string>(*this, field); }
const Ints& Node::get_ints(std::string_view field) const { return get_attribute<Ints>(*this, field); }
const Floats& Node::get_floats(std::string_view field) const { return get_attribute<Floats>(*this, field); }

ValueId Graph::add_value(std::string value_name, DType dtype, std::optional<Shape> shape) {
  if (find_value(value_name) != kNoValue) {
    int suffix = 1;
    while (find_value(value_name + "." + std::to_string(suffix)) != kNoValue) ++suffix;
    value_name += "." + std::to_string(suffix);
  }
  values.push_back({std::move(value_name), dtype, std::move(shape), std::nullopt, std::nullopt});
  return static_cast<ValueId>(values.size() - 1);
}

ValueId Graph::add_constant(std::string value_name, Tensor tensor) {
  const ValueId id = add_value(std::move(value_name), tensor.dtype(), tensor.shape());
  value(id).constant = std::move(tensor);
  return id;
}

ValueId Graph::find_value(std::string_view value_name) const {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i].name == value_name) return static_cast<ValueId>(i);
  }
  return kNoValue;
}

Uses find_uses(const Graph& graph) {
  Uses uses;
  uses.producer.assign(graph.values.size(), Uses::kNobody);
  uses.readers.resize(graph.values.size());
  uses.is_output.assign(graph.values.size(), false);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    for (const ValueId id : graph.nodes[n].outputs) {
      if (id != kNoValue) uses.producer[static_cast<size_t>(id)] = static_cast<int>(n);
    }
    for (const ValueId id : graph.nodes[n].inputs) {
      if (id != kNoValue) uses.readers[static_cast<size_t>(id)].push_back(static_cast<int>(n));
    }
  }
  for (const ValueId id : graph.outputs) uses.is_output[static_cast<size_t>(id)] = true;
  return uses;
}

void replace_uses(Graph& graph, ValueId from, ValueId to) {
  for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  std::replace(graph.outputs.begin(), graph.outputs.end(), from, to);
}

void remove_nodes(Graph& graph, const std::vector<bool>& marked) {
  std::vector<Node> kept;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!marked[n]) kept.push_back(std::move(graph.nodes[n]));
  }
  graph.nodes = std::move(kept);

  std::vector<bool> alive(graph.values.size(), false);
  const auto mark = [&](const std::vector<ValueId>& ids) {
    for (const ValueId id : ids) {
      if (id != kNoValue) alive[static_cast<size_t>(id)] = true;
    }
  };
  mark(graph.inputs);
  mark(graph.outputs);
  for (const Node& node : graph.nodes) {
    mark(node.inputs);
    mark(node.outputs);
  }

  std::vector<ValueId> renumbered(graph.values.size(), kNoValue);
  std::vector<Value> values;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (!alive[i]) continue;
    renumbered[i] = static_cast<ValueId>(values.size());
    values.push_back(std::move(graph.values[i]));
  }
  graph.values = std::move(values);
  const auto renumber = [&](std::vector<ValueId>& ids) {
    for (ValueId& id : ids) {
      if (id != kNoValue) id = renumbered[static_cast<size_t>(id)];
    }
  };
  renumber(graph.inputs);
  renumber(graph.outputs);
  for (Node& node : graph.nodes) {
    renumber(node.inputs);
    renumber(node.outputs);
  }
}

Status sort_nodes(Graph& graph) {
  const Uses uses = find_uses(graph);
  enum class Mark : uint8_t { kNew, kOpen, kDone };
  std::vector<Mark> marks(graph.nodes.size(), Mark::kNew);
  std::vector<Node> sorted;
  sorted.reserve(graph.nodes.size());
  // Depth first over producers with a stack of our own: a chain in an untrusted file may be any length.
  struct Visit {
    size_t node;
    size_t next_input;
  };
  std::vector<Visit> stack;
  for (size_t root = 0; root < graph.nodes.size(); ++root) {
    if (marks[root] != Mark::kNew) continue;
    marks[root] = Mark::kOpen;
    stack.push_back({root, 0});
    while (!stack.empty()) {
      Visit& top = stack.back();
      const Node& node = graph.nodes[top.node];
      if (top.next_input == node.inputs.size()) {
        marks[top.node] = Mark::kDone;
        const size_t done = top.node;
        stack.pop_back();
        sorted.push_back(graph.nodes[done]);
        continue;
      }
      const ValueId input = node.inputs[top.next_input++];
      if (input == kNoValue) continue;
      const int producer = uses.producer[static_cast<size_t>(input)];
      if (producer == Uses::kNobody) continue;
      const auto p = static_cast<size_t>(producer);
      if (marks[p] == Mark::kOpen) {
        return invalid_data("node '{}' depends on its own output '{}'", graph.nodes[p].name, graph.value(input).name);
      }
      if (marks[p] == Mark::kNew) {
        marks[p] = Mark::kOpen;
        stack.push_back({p, 0});
      }
    }
  }
  graph.nodes = std::move(sorted);
  return {};
}

int64_t count_macs(const Graph& graph, const Node& node) {
  const auto shape_of = [&](size_t index) { return graph.value(node.inputs[index]).shape.value_or(Shape{}); };
  // The terms of one output (for ConvTranspose: input) element, and the shape that counts these.
  Shape terms;
  Shape elements = graph.value(node.outputs[0]).shape.value_or(Shape{kUnknownExtent});
  switch (node.op) {
    case Op::kConvTranspose:
      elements = shape_of(0);
      [[fallthrough]];
    case Op::kConv:
      terms = shape_of(1);
      if (!terms.empty()) terms.erase(terms.begin());
      break;
    case Op::kGemm:
    case Op::kMatMul: {
      const Shape a = shape_of(0);
      if (!a.empty()) terms = {node.op == Op::kGemm && node.get_int("transA") != 0 ? a.front() : a.back()};
      break;
    }
    default:
      return 0;
  }
  if (terms.empty()) return 0;
  elements.insert(elements.end(), terms.begin(), terms.end());
  if (!is_static(elements)) return 0;
  const Result<int64_t> count = element_count(elements);
  return count.ok() ? *count : std::numeric_limits<int64_t>::max();
}

}  // namespace sixtops
