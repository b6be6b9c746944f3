// Kernels that nobody has written yet; a line goes when its kernel comes.
#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference::kernels {

#define UNFINISHED(NAME) \
  Result<Outputs> NAME(const Arguments&) { return unsupported("no reference kernel for " #NAME); }

UNFINISHED(Resize)
UNFINISHED(GridSample)
UNFINISHED(AffineGrid)

}  // namespace sixtops::cpu::reference::kernels
