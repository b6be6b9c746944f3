// Shape inference and constant folding in one sweep: because nodes stand in topological order, a shape that a constant
// decides is known when its readers are inferred.
//
// Folded: nodes whose operands are all constant, and Shape and Size of values with a static shape. Not folded: the
// quantization operators (their parameters are what absorb_qdq looks for), Custom nodes, the operators whose cost is
// out of proportion to their result, results that are graph outputs, and whatever would pass the limits below.
#include <algorithm>

#include "base/error.h"
#include "cpu/reference/kernel.h"
#include "graph/shape_rules.h"
#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

// About a second of the reference kernel.
constexpr int64_t kMaxFoldedMacs = int64_t{1} << 28;

// All folded results together may take max_folded_bytes and this many times the bytes of the graph's own constants:
// weights of a float16 file are cast, transposed and reshaped one after the other.
constexpr int64_t kMaxGrowth = 8;

bool is_foldable(Op op) {
  switch (op) {
    case Op::kQuantizeLinear:
    case Op::kDequantizeLinear:
    case Op::kDynamicQuantizeLinear:
    case Op::kQLinearConv:
    case Op::kQLinearMatMul:
    case Op::kCustom:
    // Windows and worse: a small file could ask for hours of work.
    case Op::kConv:
    case Op::kConvTranspose:
    case Op::kConvInteger:
    case Op::kDeformConv:
    case Op::kMatMulInteger:
    case Op::kEinsum:
    case Op::kAveragePool:
    case Op::kLpPool:
    case Op::kMaxPool:
    case Op::kMaxRoiPool:
    case Op::kRoiAlign:
    case Op::kLRN:
    case Op::kDet:
    case Op::kNonMaxSuppression:
      return false;
    default:
      return true;
  }
}

class Folder {
 public:
  Folder(Graph& graph, int64_t max_bytes) : graph_(graph), editor_(graph), max_bytes_(max_bytes), left_(max_bytes) {
    for (const Value& value : graph.values) {
      if (value.constant) left_ += kMaxGrowth * static_cast<int64_t>(value.constant->byte_size());
    }
  }

  Status run() {
    for (int n = 0; n < editor_.node_count(); ++n) {
      TRY(infer(editor_.node(n)));
      TRY(fold(editor_.node(n)));
    }
    return editor_.finish();
  }

 private:
  Status infer(const Node& node) {
    std::vector<ValueType> types = TRY(infer_node(graph_, node));
    for (size_t i = 0; i < types.size(); ++i) {
      if (!node.has_output(i)) continue;
      Value& value = graph_.value(node.outputs[i]);
      value.dtype = types[i].dtype;
      value.shape = std::move(types[i].shape);
    }
    return {};
  }

  bool all_constant(const Node& node) const {
    return std::all_of(node.inputs.begin(), node.inputs.end(),
                       [&](ValueId id) { return id == kNoValue || graph_.constant(id) != nullptr; });
  }

  bool hands_out(const Node& node) const {
    return std::any_of(node.outputs.begin(), node.outputs.end(),
                       [&](ValueId id) { return id != kNoValue && editor_.is_output(id); });
  }

  Status fold(const Node& node) {
    if (!is_foldable(node.op) || hands_out(node)) return {};
    if (node.op == Op::kShape || node.op == Op::kSize) return fold_question(node);
    if (!all_constant(node) || count_macs(graph_, node) > kMaxFoldedMacs) return {};
    std::vector<Tensor> operands;
    for (const ValueId id : node.inputs) operands.push_back(id == kNoValue ? Tensor() : *graph_.constant(id));
    Result<std::vector<Tensor>> results = cpu::reference::run_node(node, operands, std::min(left_, max_bytes_));
    if (!results.ok()) {
      // A result beyond the limits, or without a reference kernel, is the run time's business.
      const StatusCode code = results.status().code();
      return code == StatusCode::kResource || code == StatusCode::kUnsupported ? Status() : results.status();
    }
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.has_output(i)) make_constant(node.outputs[i], std::move(results.value()[i]));
    }
    return {};
  }

  Status fold_question(const Node& node) {
    const std::optional<Shape>& shape = graph_.value(node.inputs[0]).shape;
    if (!shape || !is_static(*shape)) return {};
    if (node.op == Op::kSize) {
      make_constant(node.outputs[0], Tensor::scalar(TRY(element_count(*shape))));
      return {};
    }
    const auto rank = static_cast<int64_t>(shape->size());
    const auto clamp = [rank](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
    const int64_t start = clamp(node.get_int("start"));
    const int64_t end = std::max(start, node.has("end") ? clamp(node.get_int("end")) : rank);
    const std::vector<int64_t> extents(shape->begin() + start, shape->begin() + end);
    make_constant(node.outputs[0], Tensor::from_values<int64_t>({end - start}, extents));
    return {};
  }

  void make_constant(ValueId id, Tensor tensor) {
    left_ -= static_cast<int64_t>(tensor.byte_size());
    editor_.make_constant(id, std::move(tensor));
  }

  Graph& graph_;
  GraphEditor editor_;
  int64_t max_bytes_;
  int64_t left_;
};

}  // namespace

Status infer_and_fold(Graph& graph, const PassOptions& options) {
  return Folder(graph, options.max_folded_bytes).run();
}

}  // namespace sixtops::passes
