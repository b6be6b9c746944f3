// Einsum: any number of operands, an index letter a number of times, an ellipsis for axes without a name.
//
// Every label gets an extent; an operand's offset is linear in the labels' values. The kernel walks the output's labels
// and, inside, those that only operands have.
#include <algorithm>
#include <map>
#include <string>

#include "base/checked.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// A letter, or an axis of the ellipsis, counted from its last.
using Label = int;
constexpr Label kEllipsis = -1;  // in a parsed term: the place of the ellipsis
constexpr Label kFirstEllipsisAxis = 256;

struct Equation {
  std::vector<std::vector<Label>> operands;
  std::vector<Label> output;
};

Result<std::vector<Label>> parse_term(std::string_view text) {
  std::vector<Label> labels;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (text.substr(i, 3) == "..." && std::count(labels.begin(), labels.end(), kEllipsis) == 0) {
      labels.push_back(kEllipsis);
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      labels.push_back(c);
    } else {
      return invalid_data("unexpected '{}' in the term '{}' of an equation", c, text);
    }
  }
  return labels;
}

// Without an output term, it is the ellipsis and then, in alphabetical order, the letters that occur once.
std::vector<Label> implicit_output(const std::vector<std::vector<Label>>& operands) {
  std::map<Label, int> uses;
  for (const auto& term : operands) {
    for (const Label label : term) ++uses[label];
  }
  std::vector<Label> output;
  for (const auto& [label, count] : uses) {
    if (label == kEllipsis || count == 1) output.push_back(label);
  }
  return output;
}

Result<Equation> parse_equation(std::string_view text) {
  Equation equation;
  const size_t arrow = text.find("->");
  std::string_view left = text.substr(0, arrow);
  while (true) {
    const size_t comma = left.find(',');
    equation.operands.push_back(TRY(parse_term(left.substr(0, comma))));
    if (comma == std::string_view::npos) break;
    left.remove_prefix(comma + 1);
  }
  equation.output =
      arrow == std::string_view::npos ? implicit_output(equation.operands) : TRY(parse_term(text.substr(arrow + 2)));
  return equation;
}

// The same term with a label for each of `axes` ellipsis axes.
std::vector<Label> expand(const std::vector<Label>& term, size_t axes) {
  std::vector<Label> labels;
  for (const Label label : term) {
    if (label != kEllipsis) labels.push_back(label);
    for (size_t i = axes; label == kEllipsis && i-- > 0;) labels.push_back(kFirstEllipsisAxis + static_cast<Label>(i));
  }
  return labels;
}

// Labels in walking order, their extents, and for each operand the distance between neighbours along each label.
struct Walk {
  Shape output;
  std::vector<Label> labels;  // those of the output first
  Shape extents;
  std::vector<std::vector<int64_t>> strides;
  int64_t output_count = 1;
  int64_t sum_count = 1;
};

Status set_extent(std::map<Label, int64_t>& extents, Label label, int64_t extent) {
  const auto [it, is_new] = extents.emplace(label, extent);
  if (is_new || it->second == extent || extent == 1) return {};
  if (it->second != 1) return invalid_data("an index of the equation has extents {} and {}", it->second, extent);
  it->second = extent;
  return {};
}

Result<Walk> plan(const Arguments& arguments, const Equation& equation) {
  if (equation.operands.size() != arguments.inputs.size()) {
    return invalid_data("the equation has {} operands, the node {}", equation.operands.size(), arguments.inputs.size());
  }
  std::map<Label, int64_t> extents;
  std::vector<std::vector<Label>> operands;
  size_t ellipsis_axes = 0;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    const std::vector<Label>& term = equation.operands[i];
    const Shape& shape = arguments.input(i).shape();
    const bool has_ellipsis = std::count(term.begin(), term.end(), kEllipsis) != 0;
    const size_t named = term.size() - (has_ellipsis ? 1 : 0);
    if (shape.size() < named || (!has_ellipsis && shape.size() != named)) {
      return invalid_data("operand {} has shape {}, its term of the equation {} indices", i, shape_text(shape), named);
    }
    ellipsis_axes = std::max(ellipsis_axes, shape.size() - named);
    operands.push_back(expand(term, shape.size() - named));
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      TRY(set_extent(extents, operands.back()[axis], shape[axis]));
    }
  }
  Walk walk;
  walk.labels = expand(equation.output, ellipsis_axes);
  const size_t output_labels = walk.labels.size();
  for (size_t i = 0; i < output_labels; ++i) {
    if (extents.count(walk.labels[i]) == 0 || std::count(walk.labels.begin(), walk.labels.end(), walk.labels[i]) != 1) {
      return invalid_data("an output index of the equation occurs twice, or in no operand");
    }
  }
  for (const auto& [label, extent] : extents) {
    if (std::count(walk.labels.begin(), walk.labels.end(), label) == 0) walk.labels.push_back(label);
  }
  for (size_t i = 0; i < walk.labels.size(); ++i) {
    const int64_t extent = extents[walk.labels[i]];
    walk.extents.push_back(extent);
    int64_t& count = i < output_labels ? walk.output_count : walk.sum_count;
    count = TRY(checked_multiply(count, extent));
    if (i < output_labels) walk.output.push_back(extent);
  }
  for (size_t i = 0; i < operands.size(); ++i) {
    std::vector<int64_t> strides(walk.labels.size(), 0);
    const std::vector<int64_t> dense = row_major_strides(arguments.input(i).shape());
    for (size_t axis = 0; axis < operands[i].size(); ++axis) {
      const auto at = std::find(walk.labels.begin(), walk.labels.end(), operands[i][axis]) - walk.labels.begin();
      if (arguments.input(i).shape()[axis] != 1) strides[static_cast<size_t>(at)] += dense[axis];
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
  const Equation equation = TRY(parse_equation(arguments.node.get_text("equation")));
  const Walk walk = TRY(plan(arguments, equation));
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
