// What each class of module computes.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "importer/torchscript/modules.h"

namespace sixtops::importer::torchscript {
namespace {

// Modules in modules; real networks have a handful.
constexpr int kMaxDepth = 50;

struct Job {
  ModuleBuilder& builder;
  const Module& module;
  const std::vector<ValueId>& inputs;
  int depth;

  ValueId x() const { return inputs[0]; }
  // A part of the module, applied.
  Result<ValueId> part(const std::string& name, ValueId input) const {
    return builder.apply(TRY(module.child(name)), {input}, depth + 1);
  }
  Result<ValueId> step(Op op, std::vector<ValueId> operands, Attributes attributes = {}) const {
    return builder.step(module, op, std::move(operands), std::move(attributes));
  }
};

Attributes with(const char* name, Attribute value) {
  Attributes attributes;
  attributes.set(name, std::move(value));
  return attributes;
}

Ints both_ends(const Ints& padding) { return {padding[0], padding[1], padding[0], padding[1]}; }

// ---- torch.nn

Result<ValueId> convolution(const Job& job, Op op, const char* extra, Ints values) {
  Attributes attributes = with("strides", TRY(job.module.pair("stride")));
  attributes.set("pads", both_ends(TRY(job.module.pair("padding"))));
  attributes.set("group", TRY(job.module.integer("groups")));
  attributes.set(extra, std::move(values));
  const ValueId weight = TRY(job.builder.parameter(job.module, "weight"));
  if (weight == kNoValue) return invalid_data("module '{}' has no weights", job.module.place);
  return job.step(op, {job.x(), weight, TRY(job.builder.parameter(job.module, "bias"))}, std::move(attributes));
}

Result<ValueId> conv2d(const Job& job) {
  return convolution(job, Op::kConv, "dilations", TRY(job.module.pair("dilation")));
}

Result<ValueId> conv_transpose2d(const Job& job) {
  return convolution(job, Op::kConvTranspose, "output_padding", TRY(job.module.pair("output_padding")));
}

Result<ValueId> batch_norm(const Job& job) {
  std::vector<ValueId> operands = {job.x()};
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    operands.push_back(TRY(job.builder.parameter(job.module, name)));
    if (operands.back() == kNoValue) return unsupported("module '{}' without '{}'", job.module.place, name);
  }
  return job.step(Op::kBatchNormalization, std::move(operands),
                  with("epsilon", static_cast<float>(TRY(job.module.number_or("eps", 1e-5)))));
}

Result<ValueId> max_pool(const Job& job) {
  Attributes attributes = with("kernel_shape", TRY(job.module.pair("kernel_size")));
  attributes.set("strides", TRY(job.module.pair("stride")));
  attributes.set("pads", both_ends(TRY(job.module.pair("padding"))));
  attributes.set("ceil_mode", int64_t{job.module.flag_or("ceil_mode", false)});
  return job.step(Op::kMaxPool, {job.x()}, std::move(attributes));
}

Result<ValueId> upsample(const Job& job) {
  const PickleRef mode = job.module.attribute("mode");
  const double factor = TRY(job.module.number_or("scale_factor", 0));
  if (mode == nullptr || mode->text != "nearest" || !(factor > 0)) {
    return unsupported("module '{}': an upsampling that is not by a factor and 'nearest'", job.module.place);
  }
  const auto scale = static_cast<float>(factor);
  Attributes attributes = with("scales", Floats{1, 1, scale, scale});
  attributes.set("mode", std::string("nearest"));
  attributes.set("coordinate_transformation_mode", std::string("asymmetric"));
  attributes.set("nearest_mode", std::string("floor"));
  return job.step(Op::kResize, {job.x()}, std::move(attributes));
}

Result<ValueId> sequential(const Job& job) {
  ValueId x = job.x();
  for (const Module& part : TRY(job.module.children())) x = TRY(job.builder.apply(part, {x}, job.depth + 1));
  return x;
}

Result<ValueId> pass_on(const Job& job) { return job.x(); }

template <Op kOp>
Result<ValueId> activation(const Job& job) {
  return job.step(kOp, {job.x()});
}

Result<ValueId> leaky_relu(const Job& job) {
  return job.step(Op::kLeakyRelu, {job.x()},
                  with("alpha", static_cast<float>(TRY(job.module.number_or("negative_slope", 0.01)))));
}

Result<ValueId> relu6(const Job& job) {
  Attributes attributes = with("min", 0.0F);
  attributes.set("max", 6.0F);
  return job.step(Op::kClip, {job.x()}, std::move(attributes));
}

// ---- Ultralytics

// A network that was fused has no bn any more.
Result<ValueId> conv(const Job& job) {
  ValueId x = TRY(job.part("conv", job.x()));
  if (job.module.has_child("bn")) x = TRY(job.part("bn", x));
  return job.module.has_child("act") ? job.part("act", x) : Result<ValueId>(x);
}

Result<ValueId> bottleneck(const Job& job) {
  const ValueId x = TRY(job.part("cv2", TRY(job.part("cv1", job.x()))));
  return job.module.flag_or("add", false) ? job.step(Op::kAdd, {job.x(), x}) : Result<ValueId>(x);
}

Result<ValueId> c3(const Job& job) {
  const ValueId deep = TRY(job.part("m", TRY(job.part("cv1", job.x()))));
  return job.part("cv3", TRY(job.builder.concat(job.module, {deep, TRY(job.part("cv2", job.x()))})));
}

Result<std::vector<ValueId>> halves(const Job& job, ValueId x) {
  const int64_t channels = TRY(job.builder.shape(x))[1];
  return job.builder.split(job.module, x, 1, {channels / 2, channels - channels / 2});
}

Result<ValueId> c2f(const Job& job) {
  std::vector<ValueId> parts = TRY(halves(job, TRY(job.part("cv1", job.x()))));
  for (const Module& block : TRY(TRY(job.module.child("m")).children())) {
    parts.push_back(TRY(job.builder.apply(block, {parts.back()}, job.depth + 1)));
  }
  return job.part("cv2", TRY(job.builder.concat(job.module, std::move(parts))));
}

Result<ValueId> sppf(const Job& job) {
  std::vector<ValueId> parts = {TRY(job.part("cv1", job.x()))};
  for (int i = 0; i < 3; ++i) parts.push_back(TRY(job.part("m", parts.back())));
  return job.part("cv2", TRY(job.builder.concat(job.module, std::move(parts))));
}

Result<ValueId> spp(const Job& job) {
  std::vector<ValueId> parts = {TRY(job.part("cv1", job.x()))};
  for (const Module& pool : TRY(TRY(job.module.child("m")).children())) {
    parts.push_back(TRY(job.builder.apply(pool, {parts[0]}, job.depth + 1)));
  }
  return job.part("cv2", TRY(job.builder.concat(job.module, std::move(parts))));
}

// Every second pixel, in four phases: even rows and columns, odd rows, odd columns, both odd.
Result<ValueId> focus(const Job& job) {
  constexpr int64_t kEnd = INT32_MAX;
  std::vector<ValueId> phases;
  for (const Ints& starts : {Ints{0, 0}, Ints{1, 0}, Ints{0, 1}, Ints{1, 1}}) {
    Attributes attributes = with("starts", starts);
    attributes.set("ends", Ints{kEnd, kEnd});
    attributes.set("axes", Ints{2, 3});
    attributes.set("steps", Ints{2, 2});
    phases.push_back(TRY(job.step(Op::kSlice, {job.x()}, std::move(attributes))));
  }
  return job.part("conv", TRY(job.builder.concat(job.module, std::move(phases))));
}

Result<ValueId> concat(const Job& job) {
  return job.step(Op::kConcat, job.inputs, with("axis", TRY(job.module.integer_or("d", 1))));
}

Result<ValueId> c2psa(const Job& job) {
  const std::vector<ValueId> parts = TRY(halves(job, TRY(job.part("cv1", job.x()))));
  return job.part("cv2", TRY(job.builder.concat(job.module, {parts[0], TRY(job.part("m", parts[1]))})));
}

Result<ValueId> psa_block(const Job& job) {
  const bool adds = job.module.flag_or("add", true);
  ValueId x = job.x();
  for (const char* name : {"attn", "ffn"}) {
    const ValueId y = TRY(job.part(name, x));
    x = adds ? TRY(job.step(Op::kAdd, {x, y})) : y;
  }
  return x;
}

// softmax(qᵀ · k · scale) over the pixels, by heads; pe is a depthwise convolution of v.
Result<ValueId> attention(const Job& job) {
  const Shape s = TRY(job.builder.shape(job.x()));
  const int64_t heads = TRY(job.module.integer("num_heads"));
  const int64_t key = TRY(job.module.integer("key_dim"));
  const int64_t head = TRY(job.module.integer("head_dim"));
  if (s.size() != 4) return invalid_data("module '{}' reads shape {}", job.module.place, shape_text(s));
  const int64_t pixels = s[2] * s[3];
  const auto reshaped = [&](ValueId id, Ints shape) {
    return job.step(Op::kReshape, {id}, with("shape", std::move(shape)));
  };
  const ValueId qkv = TRY(reshaped(TRY(job.part("qkv", job.x())), {s[0], heads, 2 * key + head, pixels}));
  const std::vector<ValueId> parts = TRY(job.builder.split(job.module, qkv, 2, {key, key, head}));
  const auto flipped = [&](ValueId id) { return job.step(Op::kTranspose, {id}, with("perm", Ints{0, 1, 3, 2})); };
  const auto scale = static_cast<float>(
      TRY(job.module.number_or("scale", 1 / std::sqrt(static_cast<double>(std::max<int64_t>(key, 1))))));
  ValueId weights = TRY(job.step(Op::kMatMul, {TRY(flipped(parts[0])), parts[1]}));
  weights = TRY(job.step(Op::kMul, {weights, TRY(job.builder.scalar(job.module, scale))}));
  weights = TRY(job.step(Op::kSoftmax, {weights}, with("axis", int64_t{-1})));
  const ValueId mixed = TRY(reshaped(TRY(job.step(Op::kMatMul, {parts[2], TRY(flipped(weights))})), Ints(s)));
  const ValueId position = TRY(job.part("pe", TRY(reshaped(parts[2], Ints(s)))));
  return job.part("proj", TRY(job.step(Op::kAdd, {mixed, position})));
}

struct Row {
  std::string_view class_name;
  Result<ValueId> (*apply)(const Job& job);
};

constexpr auto kRows = std::to_array<Row>({
    {"Attention", attention},
    {"BatchNorm2d", batch_norm},
    {"Bottleneck", bottleneck},
    {"C2PSA", c2psa},
    {"C2f", c2f},
    {"C3", c3},
    {"C3k", c3},
    {"C3k2", c2f},
    {"Concat", concat},
    {"Conv", conv},
    {"Conv2d", conv2d},
    {"ConvTranspose2d", conv_transpose2d},
    {"DWConv", conv},
    {"Dropout", pass_on},
    {"Focus", focus},
    {"GELU", activation<Op::kGelu>},
    {"Hardswish", activation<Op::kHardSwish>},
    {"Identity", pass_on},
    {"LeakyReLU", leaky_relu},
    {"MaxPool2d", max_pool},
    {"Mish", activation<Op::kMish>},
    {"PSABlock", psa_block},
    {"ReLU", activation<Op::kRelu>},
    {"ReLU6", relu6},
    {"SPP", spp},
    {"SPPF", sppf},
    {"Sequential", sequential},
    {"SiLU", activation<Op::kSilu>},
    {"Sigmoid", activation<Op::kSigmoid>},
    {"Upsample", upsample},
});

const Row* find_row(std::string_view class_name) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.class_name == class_name; });
  return row == kRows.end() ? nullptr : row;
}

}  // namespace

std::vector<std::string> known_modules() {
  std::vector<std::string> names;
  for (const Row& row : kRows) names.emplace_back(row.class_name);
  return names;
}

bool is_known_module(std::string_view class_name) { return find_row(class_name) != nullptr; }

Result<ValueId> ModuleBuilder::apply(const Module& module, const std::vector<ValueId>& inputs, int depth) {
  if (depth > kMaxDepth) return resource_error("modules in modules, more than {} deep", kMaxDepth);
  if (++applied_ > kMaxModules) return resource_error("more than {} modules", kMaxModules);
  const Row* row = find_row(module.class_name());
  if (row == nullptr) return unsupported("module '{}' of class {}", module.place, module.object->text);
  return row->apply(Job{*this, module, inputs, depth});
}

}  // namespace sixtops::importer::torchscript
