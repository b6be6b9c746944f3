// The declaration of every reference kernel, one a row of the op catalogue: Result<Outputs> Conv(const Arguments&), ...
// Definitions stand in the files of this folder, grouped by family.
#pragma once

#include "cpu/reference/kernel.h"

namespace sixtops::cpu::reference::kernels {

#define OP(NAME, ...) Result<Outputs> NAME(const Arguments& arguments);
#include "graph/ops.def"
#undef OP

}  // namespace sixtops::cpu::reference::kernels
