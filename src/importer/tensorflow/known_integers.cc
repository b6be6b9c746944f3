#include "importer/tensorflow/known_integers.h"

#include <algorithm>
#include <optional>

namespace sixtops::importer::tensorflow {
namespace {

constexpr int64_t kMostNumbers = 1024;

struct Integers {
  Ints values;
  bool is_list = false;  // else one number
  DType dtype = DType::kI32;
};

using Operands = std::vector<Integers>;
using Answer = std::optional<Integers>;

Answer strided_slice(const Translation& node, const Operands& operands) {
  if (operands.size() != 4 || !operands[0].is_list) return {};
  for (size_t i = 1; i < 4; ++i) {
    if (operands[i].values.size() != 1) return {};
  }
  if (node.get_int("ellipsis_mask", 0) != 0 || node.get_int("new_axis_mask", 0) != 0) return {};
  const Ints& from = operands[0].values;
  const auto size = static_cast<int64_t>(from.size());
  const int64_t step = operands[3].values[0];
  int64_t begin = operands[1].values[0];
  int64_t end = operands[2].values[0];
  begin = begin < 0 ? begin + size : begin;
  end = end < 0 ? end + size : end;
  if (node.get_int("shrink_axis_mask", 0) != 0) {
    if (begin < 0 || begin >= size) return {};
    return Integers{{from[static_cast<size_t>(begin)]}, false, operands[0].dtype};
  }
  if (step < 1) return {};
  if (node.get_int("begin_mask", 0) != 0) begin = 0;
  if (node.get_int("end_mask", 0) != 0) end = size;
  Integers result{{}, true, operands[0].dtype};
  for (int64_t i = std::max<int64_t>(begin, 0); i < std::min(end, size); i += std::min(step, size)) {
    result.values.push_back(from[static_cast<size_t>(i)]);
  }
  return result;
}

Answer joined(const Operands& operands, size_t count, bool of_lists) {
  Integers result{{}, true, operands.empty() ? DType::kI32 : operands[0].dtype};
  for (size_t i = 0; i < count; ++i) {
    if (operands[i].is_list != of_lists) return {};
    result.values.insert(result.values.end(), operands[i].values.begin(), operands[i].values.end());
  }
  return result;
}

std::optional<int64_t> compute(const std::string& type, int64_t a, int64_t b) {
  int64_t result = 0;
  const bool divides = b != 0 && !(a == INT64_MIN && b == -1);
  if (type == "Add" || type == "AddV2")
    return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  if (type == "Sub") return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  if (type == "Mul") return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  if (type == "FloorDiv" && divides) return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
  if (type == "Maximum") return std::max(a, b);
  if (type == "Minimum") return std::min(a, b);
  return {};
}

Answer arithmetic(const std::string& type, const Operands& operands) {
  if (operands.size() != 2) return {};
  const Integers& a = operands[0];
  const Integers& b = operands[1];
  const size_t size = std::max(a.values.size(), b.values.size());
  if ((a.values.size() != size && a.values.size() != 1) || (b.values.size() != size && b.values.size() != 1)) return {};
  Integers result{{}, a.is_list || b.is_list, a.dtype};
  for (size_t i = 0; i < size; ++i) {
    const auto value = compute(type, a.values[a.values.size() == 1 ? 0 : i], b.values[b.values.size() == 1 ? 0 : i]);
    if (!value) return {};
    result.values.push_back(*value);
  }
  return result;
}

Answer gather(const Operands& operands) {
  if (operands.size() < 2 || !operands[0].is_list) return {};
  Integers result{{}, operands[1].is_list, operands[0].dtype};
  for (const int64_t index : operands[1].values) {
    if (index < 0 || index >= static_cast<int64_t>(operands[0].values.size())) return {};
    result.values.push_back(operands[0].values[static_cast<size_t>(index)]);
  }
  return result;
}

Answer product(const Translation& node, const Operands& operands) {
  Integers result{{1}, node.get_flag("keep_dims", false), operands[0].dtype};
  for (const int64_t value : operands[0].values) {
    if (__builtin_mul_overflow(result.values[0], value, result.values.data())) return {};
  }
  return result;
}

Answer answer(const Translation& node, const Operands& operands) {
  const std::string& type = node.type();
  if (operands.empty()) return {};
  if (type == "StridedSlice") return strided_slice(node, operands);
  if (type == "Pack") return joined(operands, operands.size(), false);
  if (type == "ConcatV2") return joined(operands, operands.size() - 1, true);
  if (type == "Gather" || type == "GatherV2") return gather(operands);
  if (type == "Prod") return product(node, operands);
  if (type == "ExpandDims" && !operands[0].is_list) return Integers{operands[0].values, true, operands[0].dtype};
  if (type == "Squeeze" && operands[0].values.size() == 1)
    return Integers{operands[0].values, false, operands[0].dtype};
  return arithmetic(type, operands);
}

// nullopt when an operand is not known, or no list of whole numbers.
Result<std::optional<Operands>> known_operands(const Translation& node) {
  Operands operands;
  for (size_t i = 0; i < node.input_count(); ++i) {
    const Tensor* tensor = node.known(TRY(node.input(i)));
    if (tensor == nullptr || tensor->rank() > 1 || tensor->element_count() > kMostNumbers)
      return std::optional<Operands>();
    if (tensor->dtype() != DType::kI32 && tensor->dtype() != DType::kI64) return std::optional<Operands>();
    operands.push_back({values_as<int64_t>(*tensor), tensor->rank() == 1, tensor->dtype()});
  }
  return std::optional(std::move(operands));
}

}  // namespace

Result<bool> write_known_integers(Translation& node) {
  const std::optional<Operands> operands = TRY(known_operands(node));
  if (!operands) return false;
  const Answer result = answer(node, *operands);
  if (!result) return false;
  const Shape shape = result->is_list ? Shape{static_cast<int64_t>(result->values.size())} : Shape{};
  const Tensor tensor = TRY(cast(Tensor::from_values<int64_t>(shape, result->values), result->dtype));
  TRY(node.write(node.add_constant(tensor)));
  return true;
}

}  // namespace sixtops::importer::tensorflow
