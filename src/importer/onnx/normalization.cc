#include "base/error.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// Statistics of the batch itself: y from mean and variance of x, and the running statistics moved towards them.
Status batch_normalization_training(Translation& node, Attributes attributes, float momentum) {
  TRY(node.expect_inputs(5, 5));
  const ValueId x = node.input(0);
  if (!node.shape(x)) return unsupported("training mode on an input of unknown rank");
  Ints axes = {0};
  for (size_t axis = 2; axis < node.shape(x)->size(); ++axis) axes.push_back(static_cast<int64_t>(axis));
  const auto mean_over_batch = [&](ValueId of, int64_t keepdims) {
    Attributes reduce;
    reduce.set("axes", axes);
    reduce.set("keepdims", keepdims);
    return node.step(Op::kReduceMean, {of}, std::move(reduce));
  };
  const ValueId mean = TRY(mean_over_batch(x, 0));
  const ValueId centred = TRY(node.step(Op::kSub, {x, TRY(mean_over_batch(x, 1))}));
  const ValueId variance = TRY(mean_over_batch(TRY(node.step(Op::kMul, {centred, centred})), 0));
  TRY(node.write_output(0, Op::kBatchNormalization, {x, node.input(1), node.input(2), mean, variance},
                        std::move(attributes)));
  const auto factor = [&](float value) -> Result<ValueId> {
    return node.add_constant(TRY(cast(Tensor::scalar(value), node.dtype(mean))));
  };
  for (size_t output = 1; output < 3; ++output) {
    if (!node.has_output(output)) continue;
    const ValueId running = node.input(output + 2);
    const ValueId kept = TRY(node.step(Op::kMul, {running, TRY(factor(momentum))}));
    const ValueId added = TRY(node.step(Op::kMul, {output == 1 ? mean : variance, TRY(factor(1 - momentum))}));
    TRY(node.write_output(output, Op::kAdd, {kept, added}));
  }
  return {};
}

Status batch_normalization(Translation& node) {
  Attributes attributes;
  attributes.set("epsilon", TRY(node.get_float("epsilon", 1e-5F)));
  const float momentum = TRY(node.get_float("momentum", 0.9F));
  if (TRY(node.get_int("spatial", 1)) != 1) return unsupported("spatial 0 (statistics a pixel)");
  if (TRY(node.get_int("training_mode", 0)) != 0) {
    return batch_normalization_training(node, std::move(attributes), momentum);
  }
  if (node.output_count() > 1) return unsupported("training outputs; export the model for inference (model.eval())");
  return node.write(Op::kBatchNormalization, node.inputs(), std::move(attributes));
}

// Up to opset 20 scale and bias had one entry a group; each counts for all channels of its group.
Status group_normalization_by_group(Translation& node) {
  TRY(node.expect_inputs(3, 3));
  const int64_t groups = TRY(node.get_int("num_groups", 0));
  const std::optional<Shape>& shape = node.shape(node.input(0));
  if (!shape || shape->size() < 2 || (*shape)[1] <= 0) return unsupported("an input of unknown channel count");
  const int64_t channels = (*shape)[1];
  if (groups <= 0 || channels % groups != 0) return invalid_data("{} channels in {} groups", channels, groups);
  const auto shape_constant = [&](const Ints& extents) {
    return node.add_constant(Tensor::from_values<int64_t>({static_cast<int64_t>(extents.size())}, extents));
  };
  const auto a_channel = [&](ValueId a_group) -> Result<ValueId> {
    const ValueId column = TRY(node.step(Op::kReshape, {a_group, shape_constant({groups, 1})}));
    const ValueId table = TRY(node.step(Op::kExpand, {column, shape_constant({groups, channels / groups})}));
    return node.step(Op::kReshape, {table, shape_constant({channels})});
  };
  Attributes attributes;
  attributes.set("epsilon", TRY(node.get_float("epsilon", 1e-5F)));
  attributes.set("num_groups", groups);
  return node.write(Op::kGroupNormalization,
                    {node.input(0), TRY(a_channel(node.input(1))), TRY(a_channel(node.input(2)))},
                    std::move(attributes));
}

// Softmax and its kin of opset 12 and older work on the matrix that Flatten(axis) makes of the input.
Status on_flattened_matrix(Translation& node) {
  TRY(node.expect_inputs(1, 1));
  const Op op = *parse_op(node.type());
  const ValueId x = node.input(0);
  const int64_t axis = TRY(node.get_int("axis", 1));
  Attributes last;
  last.set("axis", int64_t{-1});
  const std::optional<Shape>& shape = node.shape(x);
  if (shape) {
    const auto rank = static_cast<int64_t>(shape->size());
    if (axis == rank - 1 || axis == -1) return node.write(op, {x}, std::move(last));
  }
  Attributes flatten;
  flatten.set("axis", axis);
  const ValueId matrix = TRY(node.step(Op::kFlatten, {x}, std::move(flatten)));
  const ValueId result = TRY(node.step(op, {matrix}, std::move(last)));
  return node.write(Op::kReshape, {result, TRY(node.shape_operand(x))});
}

constexpr TranslatorRow kRows[] = {
    {"BatchNormalization", 6, kLatest, batch_normalization, "is_test"},
    {"GroupNormalization", 18, 20, group_normalization_by_group},
    {"GroupNormalization", 21, kLatest, direct, "stash_type"},
    {"InstanceNormalization", 6, kLatest, direct},
    {"LayerNormalization", 17, kLatest, direct, "stash_type"},
    {"RMSNormalization", 23, kLatest, direct, "stash_type"},
    {"LpNormalization", 1, kLatest, direct},
    {"LRN", 1, kLatest, direct},
    {"MeanVarianceNormalization", 9, kLatest, direct},
    {"Softmax", 1, 12, on_flattened_matrix},
    {"Softmax", 13, kLatest, direct},
    {"LogSoftmax", 1, 12, on_flattened_matrix},
    {"LogSoftmax", 13, kLatest, direct},
    {"Hardmax", 1, 12, on_flattened_matrix},
    {"Hardmax", 13, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> normalization_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
