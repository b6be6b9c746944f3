#include "cpu/engine/kernel/isa.h"

#include <array>
#include <cstdlib>

#include "base/error.h"
#include "cpu/engine/kernel/avx2/avx2.h"
#include "cpu/engine/kernel/avx512_vnni/avx512_vnni.h"
#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/kernel/neon_dot/neon_dot.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {
namespace {

struct Choice {
  std::string_view name;
  const KernelSet* kernels;  // nothing: not on this machine, or not in this build
};

// The best first.
std::array<Choice, 5> choices() {
  return {Choice{"avx512_vnni", avx512_vnni_kernels()}, Choice{"avx2", avx2_kernels()},
          Choice{"neon_dot", neon_dot_kernels()}, Choice{"amx", nullptr}, Choice{"portable", &portable_kernels()}};
}

}  // namespace

std::string_view isa_name(Isa isa) {
  switch (isa) {
    case Isa::kAvx2:
      return "avx2";
    case Isa::kAvx512Vnni:
      return "avx512_vnni";
    case Isa::kNeonDot:
      return "neon_dot";
    case Isa::kPortable:
      break;
  }
  return "portable";
}

Result<const KernelSet*> find_kernels(std::string_view name) {
  std::string available;
  bool known = false;
  for (const Choice& choice : choices()) {
    known = known || choice.name == name;
    if (choice.kernels == nullptr) continue;
    if (name.empty() || choice.name == name) return choice.kernels;
    available += available.empty() ? "" : ", ";
    available += choice.name;
  }
  return usage_error("instruction set '{}' (SIXTOPS_ISA) {}; this machine has kernels for {}", name,
                     known ? "has no kernels on this machine" : "is not known", available);
}

Result<const KernelSet*> environment_kernels() {
  const char* const name = std::getenv("SIXTOPS_ISA");
  return find_kernels(name == nullptr ? "" : name);
}

}  // namespace sixtops::cpu::engine
