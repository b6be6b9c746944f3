#include "base/near_names.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace sixtops {
namespace {

constexpr size_t kMaxSuggestions = 3;
// Longer names are compared by containment alone: the distance is quadratic.
constexpr size_t kMaxComparedLength = 128;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// Insertions, deletions and substitutions from one to the other (Levenshtein).
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t k = 0; k < b.size(); ++k) {
      const size_t substituted = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({row[k] + 1, diagonal + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string suggest_names(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string wanted = lower(name);
  if (wanted.empty()) return {};
  std::vector<std::pair<size_t, const std::string*>> near;
  for (const std::string& candidate : candidates) {
    const std::string have = lower(candidate);
    if (std::max(have.size(), wanted.size()) <= kMaxComparedLength) {
      const size_t distance = edit_distance(wanted, have);
      if (distance <= 1 + wanted.size() / 4) near.emplace_back(distance, &candidate);
    }
    const bool held =
        have.find(wanted) != std::string::npos || (have.size() > 2 && wanted.find(have) != std::string::npos);
    if (held && (near.empty() || near.back().second != &candidate)) {
      near.emplace_back(std::max(have.size(), wanted.size()) - std::min(have.size(), wanted.size()), &candidate);
    }
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  near.resize(std::min(near.size(), kMaxSuggestions));
  std::string text;
  for (size_t i = 0; i < near.size(); ++i) {
    text += i == 0 ? "; did you mean " : (i + 1 == near.size() ? " or " : ", ");
    text += "'" + *near[i].second + "'";
  }
  return text.empty() ? text : text + "?";
}

}  // namespace sixtops
