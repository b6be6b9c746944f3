#include "graph/einsum_equation.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/error.h"
#include "graph/shape.h"

namespace sixtops {
namespace {

constexpr std::string_view kEllipsis = "...";

bool is_label(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string ellipsis_labels(size_t axes) {
  std::string labels;
  for (size_t i = axes; i-- > 0;) labels += static_cast<char>('0' + i);
  return labels;
}

// A term with `axes` labels in place of its ellipsis.
Result<std::string> expand(std::string_view term, size_t axes) {
  std::string labels;
  bool seen = false;
  for (size_t i = 0; i < term.size(); ++i) {
    if (is_label(term[i])) {
      labels += term[i];
    } else if (!seen && term.substr(i, kEllipsis.size()) == kEllipsis) {
      seen = true;
      labels += ellipsis_labels(axes);
      i += kEllipsis.size() - 1;
    } else {
      return invalid_data("einsum term '{}' holds other than letters and one ellipsis", term);
    }
  }
  return labels;
}

// Without "->": the ellipsis, then the letters that come once, in alphabetical order.
std::string implicit_output(const std::vector<std::string>& inputs, size_t ellipsis_axes) {
  std::map<char, int> counts;
  for (const std::string& term : inputs) {
    for (const char c : term) ++counts[c];
  }
  std::string output = ellipsis_labels(ellipsis_axes);
  for (const auto& [label, count] : counts) {
    if (is_label(label) && count == 1) output += label;
  }
  return output;
}

}  // namespace

Result<EinsumEquation> parse_einsum(std::string_view equation, std::span<const int> ranks) {
  std::string text(equation);
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const size_t arrow = text.find("->");
  const std::string_view left = std::string_view(text).substr(0, arrow);

  EinsumEquation result;
  size_t ellipsis_axes = 0;
  size_t begin = 0;
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (begin > left.size()) return invalid_data("einsum '{}' for {} operands", equation, ranks.size());
    const size_t end = std::min(left.find(',', begin), left.size());
    const std::string_view term = left.substr(begin, end - begin);
    begin = end + 1;
    const bool has_ellipsis = term.find(kEllipsis) != std::string_view::npos;
    const size_t letters = term.size() - (has_ellipsis ? kEllipsis.size() : 0);
    const auto rank = static_cast<size_t>(ranks[i]);
    if (rank > static_cast<size_t>(kMaxRank) || (has_ellipsis ? letters > rank : letters != rank)) {
      return invalid_data("einsum term '{}' for an operand of rank {}", term, rank);
    }
    result.inputs.push_back(TRY(expand(term, rank - letters)));
    ellipsis_axes = std::max(ellipsis_axes, rank - letters);
  }
  if (begin <= left.size()) return invalid_data("einsum '{}' for {} operands", equation, ranks.size());

  if (arrow == std::string::npos) {
    result.output = implicit_output(result.inputs, ellipsis_axes);
    return result;
  }
  result.output = TRY(expand(std::string_view(text).substr(arrow + 2), ellipsis_axes));
  for (size_t i = 0; i < result.output.size(); ++i) {
    const char label = result.output[i];
    const bool known = std::any_of(result.inputs.begin(), result.inputs.end(),
                                   [&](const std::string& term) { return term.find(label) != std::string::npos; });
    if (!known || result.output.find(label, i + 1) != std::string::npos) {
      return invalid_data("einsum '{}': output axis '{}' comes twice or in no operand", equation, label);
    }
  }
  return result;
}

}  // namespace sixtops
