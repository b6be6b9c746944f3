#include "cpu/reference/kernel.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

constexpr std::array<Kernel, kOpCount> kKernels = {
#define OP(NAME, ...) kernels::NAME,
#include "graph/ops.def"
#undef OP
};

bool is_short_float(DType dtype) { return dtype == DType::kF16 || dtype == DType::kBF16; }

// Kernels that read and write 16-bit floats as they are: elements only move, or the node itself names the output's
// type.
bool keeps_element_types(Op op) {
  return op_info(op).moves_data || op == Op::kCast || op == Op::kConstantOfShape || op == Op::kEyeLike ||
         op == Op::kOneHot || op == Op::kShape || op == Op::kSize || op == Op::kNonZero;
}

// The 16-bit float that the outputs of a node are rounded to; kF32: they stay as they are. The first float operand
// decides, because the others may be parameters of another type.
DType rounding_dtype(const Node& node, std::span<const Tensor> inputs) {
  if (keeps_element_types(node.op)) return DType::kF32;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (node.has_input(i) && is_float(inputs[i].dtype())) {
      if (is_short_float(inputs[i].dtype())) return inputs[i].dtype();
      break;
    }
  }
  return node.precision == Precision::kFloat16 ? DType::kF16 : DType::kF32;
}

Result<Outputs> run_widened(Kernel kernel, const Node& node, std::span<const Tensor> inputs, int64_t max_output_bytes) {
  if (inputs.size() != node.inputs.size()) {
    return internal_error("{} operands given, the node has {}", inputs.size(), node.inputs.size());
  }
  std::vector<Tensor> widened(inputs.begin(), inputs.end());
  if (!keeps_element_types(node.op)) {
    for (Tensor& tensor : widened) {
      if (is_short_float(tensor.dtype())) tensor = TRY(cast(tensor, DType::kF32));
    }
  }
  Outputs outputs = TRY(kernel({node, widened, max_output_bytes}));
  if (const DType rounded = rounding_dtype(node, inputs); rounded != DType::kF32) {
    for (Tensor& tensor : outputs) {
      if (tensor.dtype() == DType::kF32) tensor = TRY(cast(tensor, rounded));
    }
  }
  return outputs;
}

}  // namespace

std::optional<Ints> Arguments::parameter_ints(std::string_view name, size_t index) const {
  if (const Attribute* attribute = node.attributes.find(name)) {
    if (const auto* value = std::get_if<int64_t>(attribute)) return Ints{*value};
    return std::get<Ints>(*attribute);
  }
  if (!has(index)) return std::nullopt;
  return values_as<int64_t>(input(index));
}

std::optional<Floats> Arguments::parameter_floats(std::string_view name, size_t index) const {
  if (const Attribute* attribute = node.attributes.find(name)) {
    if (const auto* value = std::get_if<float>(attribute)) return Floats{*value};
    return std::get<Floats>(*attribute);
  }
  if (!has(index)) return std::nullopt;
  return values_as<float>(input(index));
}

Status Arguments::check_output(DType dtype, const Shape& shape) const {
  if (shape.size() > kMaxRank) {
    return unsupported("an output of {} axes, at most {} are supported", shape.size(), kMaxRank);
  }
  if (!is_static(shape)) return invalid_data("output shape {} has a negative extent", shape_text(shape));
  const int64_t bytes = TRY(checked_multiply(TRY(element_count(shape)), static_cast<int64_t>(dtype_size(dtype))));
  if (bytes > max_output_bytes) {
    return resource_error("an output of {} bytes ({}[{}]) passes the limit of {} bytes", bytes, dtype_name(dtype),
                          shape_text(shape), max_output_bytes);
  }
  return Status();
}

Result<Tensor> Arguments::allocate(DType dtype, Shape shape) const {
  TRY(check_output(dtype, shape));
  return Tensor::allocate(dtype, std::move(shape));
}

Result<Tensor> Arguments::allocate_for_overwrite(DType dtype, Shape shape) const {
  TRY(check_output(dtype, shape));
  return Tensor::allocate_for_overwrite(dtype, std::move(shape));
}

Kernel find_kernel(Op op) { return kKernels[static_cast<size_t>(op)]; }

Result<Outputs> run_kernel(Kernel kernel, const Node& node, std::span<const Tensor> inputs, int64_t max_output_bytes) {
  Result<Outputs> outputs = run_widened(kernel, node, inputs, max_output_bytes);
  if (!outputs.ok())
    return outputs.status().with_prefix(fmt::format("{} node '{}': ", op_info(node.op).name, node.name));
  return outputs;
}

Result<Outputs> run_node(const Node& node, std::span<const Tensor> inputs, int64_t max_output_bytes) {
  return run_kernel(find_kernel(node.op), node, inputs, max_output_bytes);
}

}  // namespace sixtops::cpu::reference
