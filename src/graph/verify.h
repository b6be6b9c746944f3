// Checks a graph completely: after import, after every pass in tests and debug builds, after reading a file.
//
// Imported level: ids in range, single assignment, topological order, names unique, arity, attributes known to the row
// with the right type, range and choice, constants whose size fits, input and output lists.
// Static level: besides, no unknown shape (except behind data-dependent ops), shapes equal to what the rules infer,
// integer nodes complete (multiplier and bias lengths, dtypes, table of 256 entries).
// The error names node, tensor or attribute, what was expected and what was found.
#pragma once

#include "graph/graph.h"

namespace sixtops {

enum class VerifyLevel { kImported, kStatic };

Status verify(const Graph& graph, VerifyLevel level);

}  // namespace sixtops
