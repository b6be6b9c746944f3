// The ordered list of passes from an imported graph to a static one.
#pragma once

#include <functional>
#include <span>

#include "passes/pass.h"

namespace sixtops::passes {

std::span<const Pass> pipeline();

// Sees the graph after each pass: --dump-after, tests.
using PassObserver = std::function<void(const Pass& pass, const Graph& graph)>;

// Runs all of them; verifies after each in debug builds, and at the static level at the end. Errors name pass and node.
Status run_pipeline(Graph& graph, const PassOptions& options = {}, const PassObserver& observer = {});

}  // namespace sixtops::passes
