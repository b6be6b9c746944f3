#include "vision/assignment.h"

#include <algorithm>
#include <limits>

namespace sixtops::vision {

std::vector<int> assign(std::span<const float> cost, int rows, int columns, float max_cost) {
  // A square problem; what is missing costs as much as a pair that is not wanted, so that a bad pair never pushes a
  // good one away.
  const int n = std::max(rows, columns);
  const auto cost_of = [&](int row, int column) {
    if (row >= rows || column >= columns) return max_cost;
    return std::min(cost[static_cast<size_t>(row) * static_cast<size_t>(columns) + static_cast<size_t>(column)],
                    max_cost);
  };
  const auto size = static_cast<size_t>(n) + 1;
  std::vector<float> row_price(size, 0), column_price(size, 0);
  std::vector<int> row_of(size, 0), way(size, 0);  // 1-based, 0 is nobody
  for (int row = 1; row <= n; ++row) {
    row_of[0] = row;
    size_t column = 0;
    std::vector<float> least(size, std::numeric_limits<float>::max());
    std::vector<bool> used(size, false);
    do {
      used[column] = true;
      const int current = row_of[column];
      float step = std::numeric_limits<float>::max();
      size_t next = 0;
      for (size_t j = 1; j < size; ++j) {
        if (used[j]) continue;
        const float reduced =
            cost_of(current - 1, static_cast<int>(j) - 1) - row_price[static_cast<size_t>(current)] - column_price[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          way[j] = static_cast<int>(column);
        }
        if (least[j] < step) {
          step = least[j];
          next = j;
        }
      }
      for (size_t j = 0; j < size; ++j) {
        if (used[j]) {
          row_price[static_cast<size_t>(row_of[j])] += step;
          column_price[j] -= step;
        } else {
          least[j] -= step;
        }
      }
      column = next;
    } while (row_of[column] != 0);
    while (column != 0) {
      const auto previous = static_cast<size_t>(way[column]);
      row_of[column] = row_of[previous];
      column = previous;
    }
  }
  std::vector<int> result(static_cast<size_t>(rows), -1);
  for (size_t j = 1; j <= static_cast<size_t>(columns); ++j) {
    const int row = row_of[j] - 1;
    if (row >= 0 && row < rows && cost_of(row, static_cast<int>(j) - 1) < max_cost) {
      result[static_cast<size_t>(row)] = static_cast<int>(j) - 1;
    }
  }
  return result;
}

}  // namespace sixtops::vision
