// Shapes of a model's inputs: what the file says, what the user binds, and what is left open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer {

struct DeclaredInput {
  std::string name;
  std::optional<Shape> shape;             // extents that the file does not fix are unknown
  std::vector<std::string> extent_names;  // the file's names of open extents, one an axis; empty: it has none
};

// One static shape an input, in the order of the list. An open extent is bound by options.input_shapes, by an input
// bound there that shares the extent's name, or to 1 where axis 0 (the batch) is all that is open.
// kUsage names the input and the option that is missing, does not fit, or names no input.
Result<std::vector<Shape>> bind_input_shapes(const std::vector<DeclaredInput>& inputs, const ImportOptions& options);

}  // namespace sixtops::importer
