// Random integer networks for tests: small, odd in every way that the engine has to handle.
#pragma once

#include <random>

#include "graph/graph.h"

namespace sixtops::testing {

// Up to `nodes` nodes of every integer form, with branches, residuals, concatenations and several outputs; shapes are
// inferred, and every accumulator fits int32.
Graph random_network(std::mt19937& random, int nodes);

}  // namespace sixtops::testing
