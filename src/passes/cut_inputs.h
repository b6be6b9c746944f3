// Begins a graph at tensors that the user names (--inputs a,b), or fills inputs with constants.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace sixtops::passes {

// The named tensors become the inputs, in that order; what only made them is gone. A tensor of the file's middle needs
// a shape: its own, or the one of `shapes`. To be used before any other pass, while tensors have the names of the
// source file, and behind cut_at(). kUsage names a tensor that does not exist, with those of similar name, that is a
// constant, named twice, has no shape or is needed by nothing, and an input that is still needed but not named.
Status begin_at(Graph& graph, const std::vector<std::string>& names, const std::map<std::string, Shape>& shapes);

// The named inputs become constants: a tensor of the input's shape (in the graph's order of axes), or one element for
// all of it. kUsage names what is no input, or the shape that does not fit.
Status fill_inputs(Graph& graph, const std::map<std::string, Tensor>& values);

}  // namespace sixtops::passes
