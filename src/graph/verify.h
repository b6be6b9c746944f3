// Checks a graph completely: after import, after every pass in tests and debug builds, after reading a file.
//
// Imported level: ids in range, everything that is read is written once and before, names unique, ranks and sizes
// within bounds, arity, attributes known to the row with the right type, range and choice, constants and quantization
// parameters that fit their tensor, input and output lists.
// Static level: besides, inputs of known shape, types and shapes equal to what the rules infer (unknown only behind ops
// whose output size depends on data), integer nodes complete (multiplier, bias and weight offset lengths, element
// types, table of 256 entries). That accumulators fit 32 bits is proved by quantize/. The error names node, tensor or
// attribute, what was expected and what was found.
#pragma once

#include "graph/graph.h"

namespace sixtops {

enum class VerifyLevel { kImported, kStatic };

Status verify(const Graph& graph, VerifyLevel level);

// The part of the imported level that concerns one node by itself: operator, precision, arity, ids in range,
// attributes. For whoever infers shapes while a graph is being built.
Status verify_node(const Graph& graph, const Node& node);

}  // namespace sixtops
