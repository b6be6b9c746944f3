// Sums of products, windows, normalizations and reductions. Weights come as height, width, input, output.
#include <algorithm>

#include "base/error.h"
#include "importer/permute.h"
#include "importer/tensorflow/families.h"

namespace sixtops::importer::tensorflow {
namespace {

const Ints kWeightOrder = {3, 2, 0, 1};
const Ints kDepthwiseOrder = {2, 3, 0, 1};

// Of four numbers, those of height and width.
Result<Ints> spatial(const Translation& node, const char* name) {
  const Ints all = node.get_ints(name);
  if (all.empty()) return Ints{1, 1};
  if (all.size() != 4 || all[0] != 1 || all[3] != 1) return unsupported("{} over batch or channels", name);
  return Ints{all[1], all[2]};
}

Result<Attributes> window_attributes(const Translation& node) {
  TRY(node.expect_channels_last());
  Attributes attributes = with("strides", TRY(spatial(node, "strides")));
  const std::string padding = node.get_text("padding", "VALID");
  const Ints explicit_pads = node.get_ints("explicit_paddings");
  if (padding == "EXPLICIT" && explicit_pads.size() == 8) {
    attributes.set("pads", Ints{explicit_pads[2], explicit_pads[4], explicit_pads[3], explicit_pads[5]});
  } else if (padding == "SAME" || padding == "VALID") {
    attributes.set("auto_pad", std::string(padding == "SAME" ? "SAME_UPPER" : "VALID"));
  } else {
    return unsupported("padding {}", padding);
  }
  return attributes;
}

Result<ValueId> weights(Translation& node, size_t index, const Ints& order) {
  const Tensor tensor = TRY(node.constant(index));
  if (tensor.shape().size() != order.size()) return invalid_data("weights of shape {}", shape_text(tensor.shape()));
  return node.add_constant(TRY(permute(tensor, order)));
}

// fused_ops: a bias or a normalization first, then an activation.
Result<ValueId> apply_fused(Translation& node, ValueId x, size_t first_input) {
  size_t next = first_input;
  for (const std::string& op : node.get_texts("fused_ops")) {
    if (op == "BiasAdd") {
      std::vector<ValueId> operands = {x, TRY(node.input(next++))};
      TRY(node.layout().align(operands));
      x = TRY(node.step(Op::kAdd, std::move(operands)));
    } else if (op == "FusedBatchNorm") {
      std::vector<ValueId> operands = {x};
      for (int i = 0; i < 4; ++i) operands.push_back(TRY(node.input(next++)));
      x = TRY(
          node.step(Op::kBatchNormalization, std::move(operands), with("epsilon", node.get_float("epsilon", 1e-4F))));
    } else {
      x = TRY(node.activate(x, op, next));
    }
  }
  return x;
}

Status convolution(Translation& node) {
  Attributes attributes = TRY(window_attributes(node));
  attributes.set("dilations", TRY(spatial(node, "dilations")));
  const ValueId x = TRY(node.picture(0));
  const ValueId w = TRY(weights(node, 1, kWeightOrder));
  const int64_t channels = TRY(node.shape(x))[1];
  const int64_t own = TRY(node.shape(w))[1];
  if (own < 1 || channels % own != 0) return invalid_data("{} channels do not fit weights for {}", channels, own);
  attributes.set("group", channels / own);
  return node.write(TRY(apply_fused(node, TRY(node.step(Op::kConv, {x, w}, std::move(attributes))), 2)));
}

// Weights: height, width, channels, outputs a channel.
Status depthwise_convolution(Translation& node) {
  Attributes attributes = TRY(window_attributes(node));
  attributes.set("dilations", TRY(spatial(node, "dilations")));
  const ValueId x = TRY(node.picture(0));
  const Tensor raw = TRY(node.constant(1));
  const int64_t channels = TRY(node.shape(x))[1];
  if (raw.shape().size() != 4 || raw.shape()[2] != channels) {
    return invalid_data("{} channels do not fit weights of shape {}", channels, shape_text(raw.shape()));
  }
  const Tensor ordered = TRY(permute(raw, kDepthwiseOrder));
  const Shape& s = ordered.shape();
  const ValueId w = node.add_constant(TRY(ordered.reshaped({s[0] * s[1], 1, s[2], s[3]})));
  attributes.set("group", channels);
  return node.write(TRY(apply_fused(node, TRY(node.step(Op::kConv, {x, w}, std::move(attributes))), 2)));
}

// Shape of the result, weights (height, width, output, input), input.
Status transposed_convolution(Translation& node) {
  TRY(node.expect_channels_last());
  const Ints result = TRY(node.ints(0));
  const Ints strides = TRY(spatial(node, "strides"));
  const ValueId x = TRY(node.picture(2));
  const ValueId w = TRY(weights(node, 1, kWeightOrder));
  if (result.size() != 4) return invalid_data("a result of {} axes", result.size());
  const Shape in = TRY(node.shape(x));
  const Shape kernel = TRY(node.shape(w));
  Ints pads(4, 0);
  Ints output_padding(2, 0);
  for (size_t axis = 0; axis < 2; ++axis) {
    const int64_t cut = (in[2 + axis] - 1) * strides[axis] + kernel[2 + axis] - result[1 + axis];
    output_padding[axis] = std::max<int64_t>(-cut, 0);
    pads[axis] = std::max<int64_t>(cut, 0) / 2;
    pads[2 + axis] = std::max<int64_t>(cut, 0) - pads[axis];
  }
  Attributes attributes = with("strides", strides);
  attributes.set("pads", pads);
  attributes.set("output_padding", output_padding);
  return node.write(TRY(node.step(Op::kConvTranspose, {x, w}, std::move(attributes))));
}

Status matrix_product(Translation& node) {
  const ValueId a = TRY(node.plain(0));
  const ValueId b = TRY(node.plain(1));
  Attributes attributes = with("transA", int64_t{node.get_flag("transpose_a", false)});
  attributes.set("transB", int64_t{node.get_flag("transpose_b", false)});
  return node.write(
      TRY(apply_fused(node, TRY(node.step_in_order(false, Op::kGemm, {a, b}, std::move(attributes))), 2)));
}

Status batch_matrix_product(Translation& node) {
  if (node.get_flag("adj_x", false) || node.get_flag("adj_y", false)) return unsupported("adjoint operands");
  return node.write(TRY(node.step_in_order(false, Op::kMatMul, {TRY(node.plain(0)), TRY(node.plain(1))})));
}

template <Op kOp>
Status pool(Translation& node) {
  Attributes attributes = TRY(window_attributes(node));
  attributes.set("kernel_shape", TRY(spatial(node, "ksize")));
  return node.write(TRY(node.step(kOp, {TRY(node.picture(0))}, std::move(attributes))));
}

Status batch_norm(Translation& node) {
  TRY(node.expect_channels_last());
  if (node.get_flag("is_training", true))
    return unsupported("a batch normalization in training mode; freeze the graph for inference");
  std::vector<ValueId> operands = {TRY(node.picture(0))};
  for (size_t i = 1; i < 5; ++i) operands.push_back(TRY(node.input(i)));
  return node.write(
      TRY(node.step(Op::kBatchNormalization, std::move(operands), with("epsilon", node.get_float("epsilon", 1e-4F)))));
}

template <Op kOp>
Status along_channels(Translation& node) {
  const ValueId x = TRY(node.input(0));
  return node.write(TRY(node.step(kOp, {x}, with("axis", TRY(node.layout().axis(x, -1))))));
}

Status local_response(Translation& node) {
  const int64_t size = 2 * node.get_int("depth_radius", 5) + 1;
  Attributes attributes = with("size", size);
  attributes.set("alpha", node.get_float("alpha", 1) * static_cast<float>(size));
  attributes.set("beta", node.get_float("beta", 0.5F));
  attributes.set("bias", node.get_float("bias", 1));
  return node.write(TRY(node.step(Op::kLRN, {TRY(node.picture(0))}, std::move(attributes))));
}

template <Op kOp>
Status reduce(Translation& node) {
  const bool keeps = node.get_flag("keep_dims", false);
  ValueId x = TRY(node.input(0));
  Ints axes = TRY(node.ints(1));
  const auto rank = static_cast<int>(TRY(node.shape(x)).size());
  for (int64_t& axis : axes) axis = TRY(normalize_axis(axis, rank));
  std::sort(axes.begin(), axes.end());
  const bool is_global = node.layout().is_channels_first(x) && axes == Ints{1, 2};
  if (kOp == Op::kReduceMean && is_global) {
    const ValueId mean = TRY(node.step(Op::kGlobalAveragePool, {x}));
    const Shape shape = TRY(node.shape(mean));
    if (keeps) return node.write(mean);
    return node.write(TRY(node.step_in_order(false, Op::kReshape, {mean}, with("shape", Ints{shape[0], shape[1]}))));
  }
  if (!keeps) x = TRY(node.plain(0));
  for (int64_t& axis : axes) axis = TRY(node.layout().axis(x, axis));
  Attributes attributes = with("axes", std::move(axes));
  attributes.set("keepdims", int64_t{keeps});
  return node.write(
      TRY(node.step_in_order(keeps && node.layout().is_channels_first(x), kOp, {x}, std::move(attributes))));
}

template <Op kOp>
Status find_extreme(Translation& node) {
  Attributes attributes = with("axis", TRY(node.integer(1)));
  attributes.set("keepdims", int64_t{0});
  return node.write(TRY(node.step_in_order(false, kOp, {TRY(node.plain(0))}, std::move(attributes))));
}

// Places are 32-bit integers here.
Status top_k(Translation& node) {
  const ValueId x = TRY(node.plain(0));
  const std::vector<ValueId> found = TRY(node.step_with_outputs(Op::kTopK, {x}, with("k", TRY(node.integer(1))), 2));
  TRY(node.write(found[0], 0));
  return node.write(TRY(node.step_in_order(false, Op::kCast, {found[1]}, with("to", std::string("i32")))), 1);
}

constexpr TranslatorRow kRows[] = {
    {"ArgMax", find_extreme<Op::kArgMax>},
    {"ArgMin", find_extreme<Op::kArgMin>},
    {"AvgPool", pool<Op::kAveragePool>},
    {"BatchMatMul", batch_matrix_product},
    {"BatchMatMulV2", batch_matrix_product},
    {"Conv2D", convolution},
    {"Conv2DBackpropInput", transposed_convolution},
    {"DepthwiseConv2dNative", depthwise_convolution},
    {"FusedBatchNorm", batch_norm},
    {"FusedBatchNormV2", batch_norm},
    {"FusedBatchNormV3", batch_norm},
    {"FusedDepthwiseConv2dNative", depthwise_convolution},
    {"LRN", local_response},
    {"LogSoftmax", along_channels<Op::kLogSoftmax>},
    {"MatMul", matrix_product},
    {"Max", reduce<Op::kReduceMax>},
    {"MaxPool", pool<Op::kMaxPool>},
    {"Mean", reduce<Op::kReduceMean>},
    {"Min", reduce<Op::kReduceMin>},
    {"Prod", reduce<Op::kReduceProd>},
    {"Softmax", along_channels<Op::kSoftmax>},
    {"Sum", reduce<Op::kReduceSum>},
    {"TopKV2", top_k},
    {"_FusedConv2D", convolution},
    {"_FusedMatMul", matrix_product},
};

}  // namespace

std::span<const TranslatorRow> layer_translators() { return kRows; }

}  // namespace sixtops::importer::tensorflow
