#include "quantize/split_channels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

#include "cpu/interpreter.h"
#include "quantize/job.h"

namespace sixtops::quantize {
namespace {

// A group spans three powers of two: its smallest channel still has 16 of the 128 codes of one sign.
constexpr double kGroupBits = 3;
constexpr int kMaxGroups = 4;
// Sizes of channels settle with few samples.
constexpr size_t kSizingSamples = 4;

// Node indices; an activation is kNoNode where there is none.
struct Chain {
  int convolution = kNoNode;
  int activation = kNoNode;
  int depthwise = kNoNode;
  int depthwise_activation = kNoNode;
  int pointwise = kNoNode;
};

using Groups = std::vector<std::vector<int64_t>>;  // channels of each

class ChainFinder {
 public:
  ChainFinder(const Graph& graph, const Uses& uses) : graph_(graph), uses_(uses) {}

  // The chain whose first node is `index`, or nothing.
  std::optional<Chain> find(int index) const {
    Chain chain;
    chain.convolution = index;
    if (!is_constant_convolution(index) || node(index).get_int("group") != 1) return std::nullopt;
    chain.activation = activation_behind(index);
    chain.depthwise = sole_reader(chain.activation == kNoNode ? index : chain.activation);
    if (chain.depthwise == kNoNode || !is_depthwise(chain.depthwise)) return std::nullopt;
    chain.depthwise_activation = activation_behind(chain.depthwise);
    chain.pointwise = sole_reader(chain.depthwise_activation == kNoNode ? chain.depthwise : chain.depthwise_activation);
    if (chain.pointwise == kNoNode || !is_pointwise(chain.pointwise)) return std::nullopt;
    return chain;
  }

  // The tensor between the convolution and the depthwise layer.
  ValueId middle(const Chain& chain) const { return node(chain.depthwise).inputs[0]; }

 private:
  const Node& node(int index) const { return graph_.nodes[static_cast<size_t>(index)]; }

  int sole_reader(int index) const {
    const auto id = static_cast<size_t>(node(index).outputs[0]);
    return uses_.readers[id].size() == 1 && !uses_.is_output[id] ? uses_.readers[id][0] : kNoNode;
  }
  int activation_behind(int index) const {
    const int reader = sole_reader(index);
    return reader != kNoNode && op_info(node(reader).op).quant_rule == QuantRule::kTable ? reader : kNoNode;
  }
  bool is_constant_convolution(int index) const {
    const Node& n = node(index);
    if (n.op != Op::kConv || n.attributes.has("multiplier")) return false;
    const Tensor* weights = graph_.constant(n.inputs[1]);
    const Tensor* bias = n.has_input(2) ? graph_.constant(n.inputs[2]) : nullptr;
    return weights != nullptr && weights->dtype() == DType::kF32 && weights->rank() == 4 &&
           (!n.has_input(2) || (bias != nullptr && bias->element_count() == weights->shape()[0]));
  }
  bool is_depthwise(int index) const {
    if (!is_constant_convolution(index)) return false;
    const Shape& shape = graph_.constant(node(index).inputs[1])->shape();
    return shape[1] == 1 && node(index).get_int("group") == shape[0];
  }
  bool is_pointwise(int index) const {
    if (!is_constant_convolution(index) || node(index).get_int("group") != 1) return false;
    const Shape& shape = graph_.constant(node(index).inputs[1])->shape();
    const Ints& pads = node(index).get_ints("pads");
    return shape[2] == 1 && shape[3] == 1 &&
           std::all_of(pads.begin(), pads.end(), [](int64_t pad) { return pad == 0; });
  }

  const Graph& graph_;
  const Uses& uses_;
};

// Largest magnitude of every channel (axis 1) of the wanted values, over the samples.
Result<std::map<ValueId, std::vector<float>>> channel_sizes(const Graph& graph, const std::vector<ValueId>& wanted,
                                                            const std::vector<Sample>& samples,
                                                            const QuantizeOptions& options) {
  const auto run = [&](const Node& node, std::span<const Tensor> inputs) { return run_node(options, node, inputs); };
  std::map<ValueId, std::vector<float>> sizes;
  for (const ValueId id : wanted) sizes[id].assign(static_cast<size_t>((*graph.value(id).shape)[1]), 0.0F);
  std::mutex mutex;
  TRY(for_each_sample(std::min(samples.size(), kSizingSamples), [&](size_t s) -> Status {
    const auto observe = [&](ValueId id, const Tensor& tensor) {
      const auto it = sizes.find(id);
      if (it == sizes.end() || tensor.empty()) return;
      const auto values = tensor.values<float>();
      const size_t plane = values.size() / static_cast<size_t>(tensor.shape()[0]) / it->second.size();
      const std::lock_guard lock(mutex);
      for (size_t i = 0; i < values.size(); ++i) {
        float& size = it->second[i / plane % it->second.size()];
        size = std::max(size, std::abs(values[i]));
      }
    };
    const auto outputs = cpu::run_graph(graph, samples[s], run, observe);
    return outputs.ok() ? Status() : outputs.status();
  }));
  return sizes;
}

Groups group_by_size(const std::vector<float>& sizes) {
  const double largest = *std::max_element(sizes.begin(), sizes.end());
  Groups groups(kMaxGroups);
  for (size_t c = 0; c < sizes.size(); ++c) {
    const double bits = sizes[c] > 0 ? std::log2(largest / sizes[c]) : kGroupBits * kMaxGroups;
    const int group = std::min(static_cast<int>(bits / kGroupBits), kMaxGroups - 1);
    groups[static_cast<size_t>(group)].push_back(static_cast<int64_t>(c));
  }
  std::erase_if(groups, [](const std::vector<int64_t>& group) { return group.empty(); });
  return groups;
}

// Slices of `tensor` along `axis` (0 or 1), in the order of `indices`.
Result<Tensor> take(const Tensor& tensor, size_t axis, const std::vector<int64_t>& indices) {
  Shape shape = tensor.shape();
  const std::vector<int64_t> strides = row_major_strides(shape);
  const int64_t outer = axis == 0 ? 1 : shape[0];
  const int64_t outer_stride = axis == 0 ? 0 : strides[0];
  shape[axis] = static_cast<int64_t>(indices.size());
  Tensor result = TRY(Tensor::allocate(tensor.dtype(), shape));
  const auto in = tensor.values<float>();
  auto out = result.mutable_values<float>().begin();
  for (int64_t o = 0; o < outer; ++o) {
    for (const int64_t index : indices) {
      const auto begin = in.begin() + o * outer_stride + index * strides[axis];
      out = std::copy(begin, begin + strides[axis], out);
    }
  }
  return result;
}

bool names_any(const Graph& graph, const Chain& chain, const std::vector<std::string>& names) {
  for (const int index :
       {chain.convolution, chain.activation, chain.depthwise, chain.depthwise_activation, chain.pointwise}) {
    if (index == kNoNode) continue;
    if (std::find(names.begin(), names.end(), graph.nodes[static_cast<size_t>(index)].name) != names.end()) return true;
  }
  return false;
}

class Splitter {
 public:
  Splitter(Graph& graph, const Chain& chain, const Groups& groups) : graph_(graph), chain_(chain), groups_(groups) {}

  // The nodes that stand in the place of the chain's first four; the pointwise layer is rewritten in place.
  Result<std::vector<Node>> split() {
    std::vector<Node> nodes;
    std::vector<ValueId> parts;
    for (size_t g = 0; g < groups_.size(); ++g) {
      ValueId value = node(chain_.convolution).inputs[0];
      for (const int index : {chain_.convolution, chain_.activation, chain_.depthwise, chain_.depthwise_activation}) {
        if (index == kNoNode) continue;
        nodes.push_back(TRY(part_of(index, g, value)));
        value = nodes.back().outputs[0];
      }
      parts.push_back(value);
    }
    Node& pointwise = node(chain_.pointwise);
    Node concat;
    concat.op = Op::kConcat;
    concat.name = node(chain_.depthwise).name + ".concat";
    concat.attributes.set("axis", int64_t{1});
    concat.inputs = parts;
    concat.outputs = {graph_.add_value(concat.name, DType::kF32, graph_.value(pointwise.inputs[0]).shape)};
    pointwise.inputs[0] = concat.outputs[0];
    std::vector<int64_t> order;
    for (const auto& group : groups_) order.insert(order.end(), group.begin(), group.end());
    const Value& weights = graph_.value(pointwise.inputs[1]);
    pointwise.inputs[1] = graph_.add_constant(weights.name, TRY(take(*weights.constant, 1, order)));
    nodes.push_back(std::move(concat));
    return nodes;
  }

 private:
  Node& node(int index) { return graph_.nodes[static_cast<size_t>(index)]; }

  Result<Node> part_of(int index, size_t group, ValueId input) {
    Node part = node(index);
    const std::string suffix = ".group" + std::to_string(group);
    part.name += suffix;
    part.inputs[0] = input;
    for (size_t i = 1; i < part.inputs.size() && part.op == Op::kConv; ++i) {
      if (part.inputs[i] == kNoValue) continue;
      const std::string name = graph_.value(part.inputs[i]).name + suffix;
      const Tensor constant = *graph_.value(part.inputs[i]).constant;
      part.inputs[i] = graph_.add_constant(name, TRY(take(constant, 0, groups_[group])));
    }
    if (index == chain_.depthwise) part.attributes.set("group", static_cast<int64_t>(groups_[group].size()));
    const Value& whole = graph_.value(part.outputs[0]);
    Shape shape = *whole.shape;
    shape[1] = static_cast<int64_t>(groups_[group].size());
    part.outputs[0] = graph_.add_value(whole.name + suffix, DType::kF32, shape);
    return part;
  }

  Graph& graph_;
  const Chain& chain_;
  const Groups& groups_;
};

}  // namespace

Status split_channels(Graph& graph, const std::vector<Sample>& samples, const QuantizeOptions& options) {
  const Uses uses = find_uses(graph);
  const ChainFinder finder(graph, uses);
  std::vector<Chain> chains;
  std::vector<ValueId> middles;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const std::optional<Chain> chain = finder.find(static_cast<int>(n));
    if (chain && !names_any(graph, *chain, options.keep_float)) {
      chains.push_back(*chain);
      middles.push_back(finder.middle(*chain));
    }
  }
  if (chains.empty()) return {};
  const auto sizes = TRY(channel_sizes(graph, middles, samples, options));

  std::map<int, std::vector<Node>> replacements;  // by index of the chain's first node
  std::vector<bool> replaced(graph.nodes.size(), false);
  for (size_t i = 0; i < chains.size(); ++i) {
    const Groups groups = group_by_size(sizes.at(middles[i]));
    if (groups.size() < 2) continue;
    const Chain& chain = chains[i];
    replacements[chain.convolution] = TRY(Splitter(graph, chain, groups).split());
    for (const int index : {chain.convolution, chain.activation, chain.depthwise, chain.depthwise_activation}) {
      if (index != kNoNode) replaced[static_cast<size_t>(index)] = true;
    }
  }
  std::vector<Node> nodes;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const auto it = replacements.find(static_cast<int>(n));
    if (it != replacements.end()) {
      nodes.insert(nodes.end(), std::make_move_iterator(it->second.begin()), std::make_move_iterator(it->second.end()));
    } else if (!replaced[n]) {
      nodes.push_back(std::move(graph.nodes[n]));
    }
  }
  graph.nodes = std::move(nodes);
  remove_nodes(graph, std::vector<bool>(graph.nodes.size(), false));  // values that nobody reads any more
  return {};
}

}  // namespace sixtops::quantize
