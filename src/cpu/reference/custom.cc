#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {

Result<Outputs> kernels::Custom(const Arguments& arguments) {
  return unsupported("no callback is registered for custom op '{}'; register one with the session that runs the model",
                     arguments.node.get_text("type"));
}

}  // namespace sixtops::cpu::reference
