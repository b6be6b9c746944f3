// The cheapest way to pair rows with columns (linear assignment).
#pragma once

#include <span>
#include <vector>

namespace sixtops::vision {

// cost: rows x columns, row after row, finite. The column of each row, or -1; every row has one when there are columns
// enough. Shortest augmenting paths (Jonker and Volgenant 1987), O(n³). Pairs that cost more than max_cost are left
// apart.
std::vector<int> assign(std::span<const float> cost, int rows, int columns, float max_cost);

}  // namespace sixtops::vision
