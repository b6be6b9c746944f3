// NPU cores that a context asks for.
#pragma once

#include "capi/api_status.h"

namespace sixtops::capi {

// One of the masks of the RK3588. Says at log level 3 that a PC has no NPU.
ApiStatus check_core_mask(rknn_core_mask mask);

}  // namespace sixtops::capi
