#include "passes/graph_editor.h"

#include <algorithm>

namespace sixtops::passes {

GraphEditor::GraphEditor(Graph& graph) : graph_(graph), uses_(find_uses(graph)), retired_(graph.nodes.size(), false) {}

int GraphEditor::producer_index(ValueId id) const {
  return id == kNoValue ? Uses::kNobody : uses_.producer[static_cast<size_t>(id)];
}

const Node* GraphEditor::producer(ValueId id, Op op) const {
  const int index = producer_index(id);
  if (index == Uses::kNobody || node(index).op != op || node(index).outputs[0] != id) return nullptr;
  return &node(index);
}

bool GraphEditor::is_dead(int index) const {
  const std::vector<ValueId>& outputs = node(index).outputs;
  return std::all_of(outputs.begin(), outputs.end(),
                     [&](ValueId id) { return id == kNoValue || (readers(id).empty() && !is_output(id)); });
}

// Takes the node, and those that only it kept alive, out of the uses.
void GraphEditor::retire(int index) {
  std::vector<int> open = {index};
  while (!open.empty()) {
    const int candidate = open.back();
    open.pop_back();
    if (candidate == Uses::kNobody || retired_[static_cast<size_t>(candidate)] || !is_dead(candidate)) continue;
    detach(candidate);
    retired_[static_cast<size_t>(candidate)] = true;
    for (const ValueId id : node(candidate).inputs) open.push_back(producer_index(id));
  }
}

void GraphEditor::detach(int index) {
  if (retired_[static_cast<size_t>(index)]) return;
  for (const ValueId id : node(index).inputs) {
    if (id == kNoValue) continue;
    std::vector<int>& readers = uses_.readers[static_cast<size_t>(id)];
    readers.erase(std::find(readers.begin(), readers.end(), index));
  }
}

void GraphEditor::set_inputs(int index, std::vector<ValueId> inputs) {
  detach(index);
  for (const ValueId id : inputs) {
    if (id != kNoValue && !retired_[static_cast<size_t>(index)])
      uses_.readers[static_cast<size_t>(id)].push_back(index);
  }
  node(index).inputs = std::move(inputs);
}

void GraphEditor::rewrite(int index, Op op, std::vector<ValueId> inputs, Attributes attributes) {
  set_inputs(index, std::move(inputs));
  node(index).op = op;
  node(index).attributes = std::move(attributes);
}

int GraphEditor::add_node(Node added) {
  const int index = node_count();
  for (const ValueId id : added.outputs) {
    if (id != kNoValue) uses_.producer[static_cast<size_t>(id)] = index;
  }
  std::vector<ValueId> inputs;
  inputs.swap(added.inputs);
  graph_.nodes.push_back(std::move(added));
  retired_.push_back(false);
  set_inputs(index, std::move(inputs));
  return index;
}

ValueId GraphEditor::add_value(const std::string& name, DType dtype, std::optional<Shape> shape) {
  uses_.producer.push_back(Uses::kNobody);
  uses_.readers.emplace_back();
  uses_.is_output.push_back(false);
  return graph_.add_value(name, dtype, std::move(shape));
}

ValueId GraphEditor::add_constant(const std::string& name, Tensor tensor) {
  const ValueId id = add_value(name, tensor.dtype(), tensor.shape());
  graph_.value(id).constant = std::move(tensor);
  return id;
}

void GraphEditor::make_constant(ValueId id, Tensor tensor) {
  if (producer_index(id) != Uses::kNobody) {
    std::vector<ValueId>& outputs = node(producer_index(id)).outputs;
    std::replace(outputs.begin(), outputs.end(), id, kNoValue);
    uses_.producer[static_cast<size_t>(id)] = Uses::kNobody;
  }
  Value& value = graph_.value(id);
  value.dtype = tensor.dtype();
  value.shape = tensor.shape();
  value.constant = std::move(tensor);
}

bool GraphEditor::hand_out(ValueId from, ValueId to) {
  if (!is_output(from) || is_output(to) || producer_index(to) == Uses::kNobody) return false;
  std::swap(graph_.value(from).name, graph_.value(to).name);
  std::replace(graph_.outputs.begin(), graph_.outputs.end(), from, to);
  uses_.is_output[static_cast<size_t>(to)] = true;
  uses_.is_output[static_cast<size_t>(from)] = false;
  return true;
}

bool GraphEditor::replace(ValueId from, ValueId to) {
  if (is_output(from) && !hand_out(from, to)) return false;
  std::vector<int>& old_readers = uses_.readers[static_cast<size_t>(from)];
  for (const int reader : old_readers) {
    std::vector<ValueId>& inputs = node(reader).inputs;
    *std::find(inputs.begin(), inputs.end(), from) = to;
    uses_.readers[static_cast<size_t>(to)].push_back(reader);
  }
  old_readers.clear();
  retire(producer_index(from));
  return true;
}

Status GraphEditor::finish() {
  for (int n = 0; n < node_count(); ++n) retire(n);
  remove_nodes(graph_, retired_);
  return sort_nodes(graph_);
}

}  // namespace sixtops::passes
