// The instruction sets that the engine has kernels for, and which one to take on this machine.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace sixtops::cpu::engine {

enum class Isa : uint8_t { kPortable, kAvx2, kAvx512Vnni, kNeonDot };

std::string_view isa_name(Isa isa);  // as in SIXTOPS_ISA

struct KernelSet;

// The kernels for an instruction set by name, or for the best one of this machine where `name` is empty. kUsage: no
// such instruction set, or this machine or this build does not have it.
Result<const KernelSet*> find_kernels(std::string_view name);

// The same by the environment variable SIXTOPS_ISA.
Result<const KernelSet*> environment_kernels();

}  // namespace sixtops::cpu::engine
