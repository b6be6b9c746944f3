// Einsum: any number of operands, an index letter a number of times, an ellipsis for axes without a name.
//
// Every label of graph/einsum_equation.h gets an extent; an operand's offset is linear in the labels' values. The
// kernel walks the output's labels and, inside, those that only operands have.
#include <map>
#include <string>

#include "base/checked.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"
#include "graph/einsum_equation.h"

namespace sixtops::cpu::reference {
namespace {

// Labels in walking order, their extents, and for each operand the distance between neighbours along each label.
struct Walk {
  Shape output;
  std::string labels;  // those of the output first
  Shape extents;
  std::vector<std::vector<int64_t>> strides;
  int64_t output_count = 1;
  int64_t sum_count = 1;
};

Status set_extent(std::map<char, int64_t>& extents, char label, int64_t extent) {
  const auto [it, is_new] = extents.emplace(label, extent);
  if (is_new || it->second == extent || extent == 1) return {};
  if (it->second != 1) return invalid_data("an index of the equation has extents {} and {}", it->second, extent);
  it->second = extent;
  return {};
}

Result<Walk> plan(const Arguments& arguments) {
  std::vector<int> ranks;
  for (const Tensor& input : arguments.inputs) ranks.push_back(input.rank());
  const EinsumEquation equation = TRY(parse_einsum(arguments.node.get_text("equation"), ranks));
  std::map<char, int64_t> extents;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    const Shape& shape = arguments.input(i).shape();
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      TRY(set_extent(extents, equation.inputs[i][axis], shape[axis]));
    }
  }
  Walk walk;
  walk.labels = equation.output;
  const size_t output_labels = walk.labels.size();
  for (const auto& [label, extent] : extents) {
    if (walk.labels.find(label) == std::string::npos) walk.labels.push_back(label);
  }
  for (size_t i = 0; i < walk.labels.size(); ++i) {
    const int64_t extent = extents[walk.labels[i]];
    walk.extents.push_back(extent);
    int64_t& count = i < output_labels ? walk.output_count : walk.sum_count;
    count = TRY(checked_multiply(count, extent));
    if (i < output_labels) walk.output.push_back(extent);
  }
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    std::vector<int64_t> strides(walk.labels.size(), 0);
    const std::vector<int64_t> dense = row_major_strides(arguments.input(i).shape());
    for (size_t axis = 0; axis < dense.size(); ++axis) {
      const size_t at = walk.labels.find(equation.inputs[i][axis]);
      if (arguments.input(i).shape()[axis] != 1) strides[at] += dense[axis];
    }
    walk.strides.push_back(std::move(strides));
  }
  return walk;
}

// Offset in operand `i` of the walk's position: an index over all labels, the first slowest.
size_t offset(const Walk& walk, size_t operand, int64_t position) {
  int64_t result = 0;
  for (size_t label = walk.labels.size(); label-- > 0;) {
    result += position % walk.extents[label] * walk.strides[operand][label];
    position /= walk.extents[label];
  }
  return static_cast<size_t>(result);
}

}  // namespace

Result<Outputs> kernels::Einsum(const Arguments& arguments) {
  const Walk walk = TRY(plan(arguments));
  TRY(checked_multiply(walk.output_count, walk.sum_count));
  for (size_t i = 1; i < arguments.inputs.size(); ++i) TRY(expect_dtype(arguments, i, arguments.input(0).dtype()));
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<T>, walk.output));
    for (int64_t index = 0; index < walk.output_count; ++index) {
      Sum<T> sum{};
      for (int64_t term = 0; term < walk.sum_count; ++term) {
        auto product = static_cast<Sum<T>>(1);
        for (size_t i = 0; i < arguments.inputs.size(); ++i) {
          product *=
              static_cast<Sum<T>>(arguments.input(i).values<T>()[offset(walk, i, index * walk.sum_count + term)]);
        }
        sum += product;
      }
      output.mutable_values<T>()[static_cast<size_t>(index)] = static_cast<T>(sum);
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
