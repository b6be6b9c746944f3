// Shape arithmetic: what graphs compute of their own shapes (Shape, StridedSlice, Pack, Mul, ...) is known while they
// are read, because the sizes of inputs are.
#pragma once

#include "importer/tensorflow/translation.h"

namespace sixtops::importer::tensorflow {

// When the node computes whole numbers, a scalar or a list, of others that are known: writes the answer as a constant
// and returns true. False leaves the node to its translator.
Result<bool> write_known_integers(Translation& node);

}  // namespace sixtops::importer::tensorflow
