// What stands behind an rknn_matmul_ctx.
#pragma once

#include <memory>

#include "runtime/matmul.h"

namespace sixtops::capi {

struct MatmulContext {
  std::unique_ptr<runtime::Matmul> matmul;
};

}  // namespace sixtops::capi
