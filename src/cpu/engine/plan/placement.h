// Gives buffers their place in the arena: those that live at different times may share memory.
#pragma once

#include <vector>

#include "base/status.h"
#include "cpu/engine/plan/view.h"

namespace sixtops::cpu::engine {

// Sets the offsets of buffers and planes. → bytes of the arena. kResource when sizes overflow.
Result<int64_t> place(std::vector<Buffer>& buffers);

}  // namespace sixtops::cpu::engine
