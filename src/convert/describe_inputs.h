// What the network is for: its head, its labels, and how its inputs are made from pictures.
#pragma once

#include "convert/convert.h"
#include "graph/graph.h"
#include "vision/head.h"

namespace sixtops::convert {

// Recognizes the head and fills the graph's hints and input descriptions: the family's convention, then what the user
// states over it. `notes` gets one line where something was assumed. kInvalidData when a forced head or the labels do
// not fit the outputs.
Status describe_inputs(Graph& graph, const ConvertOptions& options, std::vector<std::string>& notes);

}  // namespace sixtops::convert
