#include "quantize/other_shapes.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "graph/requantize.h"
#include "graph/shape_rules.h"
#include "quantize/integer_layer.h"

namespace sixtops::quantize {
namespace {

bool same_tensor(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() && a.bytes().text() == b.bytes().text();
}

bool same_attribute(const Attribute& a, const Attribute& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&](const auto& x) {
        const auto& y = std::get<std::decay_t<decltype(x)>>(b);
        if constexpr (std::is_same_v<std::decay_t<decltype(x)>, Tensor>) {
          return same_tensor(x, y);
        } else {
          return x == y;
        }
      },
      a);
}

// Nodes and values by name, in a graph whose names are unique.
template <typename Item>
std::unordered_map<std::string_view, const Item*> by_name(const std::vector<Item>& items) {
  std::unordered_map<std::string_view, const Item*> found;
  for (const Item& item : items) found.emplace(item.name, &item);
  return found;
}

Status check_same_network(const Graph& a, const Graph& b) {
  const auto differs = [](const std::string& where) {
    return unsupported(
        "the network has other nodes for other input shapes (from {} on): one calibration does not serve them; convert "
        "it once for each shape",
        where);
  };
  const auto names = [](const Graph& graph, const std::vector<ValueId>& ids) {
    std::vector<std::string_view> result;
    result.reserve(ids.size());
    for (const ValueId id : ids) result.push_back(id == kNoValue ? std::string_view() : graph.value(id).name);
    return result;
  };
  for (size_t n = 0; n < a.nodes.size() && n < b.nodes.size(); ++n) {
    const Node& x = a.nodes[n];
    const Node& y = b.nodes[n];
    if (x.op != y.op || x.name != y.name || names(a, x.inputs) != names(b, y.inputs) ||
        names(a, x.outputs) != names(b, y.outputs)) {
      return differs("node '" + x.name + "'");
    }
  }
  if (a.nodes.size() != b.nodes.size() || names(a, a.inputs) != names(b, b.inputs)) return differs("its end");
  return {};
}

int64_t averaged_elements(const Graph& graph, const Node& node) {
  int64_t count = 1;
  if (node.has("kernel_shape")) {
    for (const int64_t extent : node.get_ints("kernel_shape")) count *= extent;
    return count;
  }
  const Shape& shape = *graph.value(node.inputs[0]).shape;
  for (size_t axis = 2; axis < shape.size(); ++axis) count *= shape[axis];
  return count;
}

// An average over more or fewer elements: the sum grows with them, so its bias does, and the multiplier shrinks.
Status rescale_average(Node& node, double growth) {
  if (growth == 1) return {};
  node.attributes.set("operand_bias", std::llround(static_cast<double>(node.get_int("operand_bias")) * growth));
  std::vector<double> ratios;
  const int scale = -static_cast<int>(node.get_int("shift")) - kRequantizeStage2Shift;
  for (const int64_t multiplier : node.get_ints("multiplier")) {
    ratios.push_back(std::ldexp(static_cast<double>(multiplier), scale) / growth);
  }
  const std::optional<Requantization> requantization = choose_requantization(ratios);
  if (!requantization) return unsupported("node '{}': its average has no integer form at other shapes", node.name);
  node.attributes.set("multiplier", Ints(requantization->multiplier.begin(), requantization->multiplier.end()));
  node.attributes.set("shift", int64_t{requantization->shift});
  return {};
}

class Mover {
 public:
  Mover(const Graph& integer, const Graph& calibrated, const Graph& other)
      : calibrated_(calibrated), other_(other), result_(integer) {}

  Result<Graph> run() {
    TRY(check_same_network(calibrated_, other_));
    TRY(move_constants());
    TRY(move_nodes());
    for (const ValueId id : other_.inputs) {
      const ValueId input = result_.find_value(other_.value(id).name);
      if (input == kNoValue) return internal_error("input '{}' is lost", other_.value(id).name);
      result_.value(input).shape = other_.value(id).shape;
    }
    TRY(infer_shapes(result_));
    return std::move(result_);
  }

 private:
  // Constants that follow from the shapes.
  Status move_constants() {
    const auto in_other = by_name(other_.values);
    const auto in_calibrated = by_name(calibrated_.values);
    for (Value& value : result_.values) {
      if (!value.constant) continue;
      const auto before = in_calibrated.find(value.name);
      const auto after = in_other.find(value.name);
      if (before == in_calibrated.end() || after == in_other.end()) continue;
      if (!before->second->constant || !after->second->constant) continue;
      if (same_tensor(*before->second->constant, *after->second->constant)) continue;
      if (!same_tensor(*value.constant, *before->second->constant)) {
        return unsupported(
            "constant '{}' became integers and depends on the input shapes: one calibration does not "
            "serve them; convert the network once for each shape",
            value.name);
      }
      value.constant = after->second->constant;
      value.shape = after->second->shape;
    }
    return {};
  }

  Status move_nodes() {
    std::unordered_map<std::string_view, std::vector<Node*>> in_result;
    for (Node& node : result_.nodes) in_result[node.name].push_back(&node);
    for (size_t n = 0; n < other_.nodes.size(); ++n) {
      const Node& before = calibrated_.nodes[n];
      const Node& after = other_.nodes[n];
      for (Node* node : in_result[after.name]) {
        if (node->op == after.op) TRY(move_node(*node, before, after));
      }
    }
    return {};
  }

  Status move_node(Node& node, const Node& before, const Node& after) {
    for (const auto& [name, value] : after.attributes) {
      const Attribute* old = before.attributes.find(name);
      if (old == nullptr || !same_attribute(*old, value)) node.attributes.set(name, value);
    }
    const bool is_average = node.op == Op::kAveragePool || node.op == Op::kGlobalAveragePool;
    if (!is_average || node.precision != Precision::kInt8) return {};
    return rescale_average(node, static_cast<double>(averaged_elements(other_, after)) /
                                     static_cast<double>(averaged_elements(calibrated_, before)));
  }

  const Graph& calibrated_;
  const Graph& other_;
  Graph result_;
};

}  // namespace

Result<Graph> at_other_shapes(const Graph& integer, const Graph& calibrated, const Graph& other) {
  return Mover(integer, calibrated, other).run();
}

}  // namespace sixtops::quantize
