// One node at a time with the fast kernel of its op, or the reference kernel where there is none.
//
// Results of integer nodes are the reference's bytes; float sums may differ in the last bits (another order of
// addition). Thread safety: may be called from many threads; one at a time gets the process's pool, the others run on
// their own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace sixtops::cpu::engine {

Result<std::vector<Tensor>> run_node(const Node& node, std::span<const Tensor> inputs);

// Who runs nodes of this kind, for time tables and reports: "product" (float/product_kernel.h), "blas", "loops" (plain
// vectorizable ones), or "reference". Kernels of the engine hand rare cases, such as other element types, to the
// reference.
std::string_view kernel_name(const Node& node);

}  // namespace sixtops::cpu::engine
