// The steps of sums of products, once their weights, taps and parameters are read.
#pragma once

#include <vector>

#include "cpu/engine/plan/products.h"

namespace sixtops::cpu::engine {

// Layers that read one input with the same windows, as one task: `layers` are those of the convolutions `nodes`, in one
// group and with codes as results. Each may have a table behind it (find_table_alone).
void add_joined_products(Compiler& compiler, const std::vector<int>& nodes, const View& input, int64_t pad_code,
                         const std::vector<Products>& layers);

// One task a member of `phases`, all writing to one output of `extent` pixels; they share channels and types. The
// epilogue takes what find_fusion() finds behind the node.
void add_products(Compiler& compiler, int node, const View& input, int64_t pad_code, std::vector<Products> phases,
                  const Extent& extent);

}  // namespace sixtops::cpu::engine
