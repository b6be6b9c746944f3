#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

const KernelSet& portable_kernels() {
  static constexpr KernelSet kKernels = {
      .isa = Isa::kPortable,
      .channel_slot = [](int, int channel) { return channel; },
      .convolve = portable::convolve,
      .depthwise = portable::depthwise,
      .table = portable::look_up,
      .add = portable::add,
      .multiply = portable::multiply,
      .pool = portable::pool,
      .import_codes = portable::import_codes,
      .export_codes = portable::export_codes,
      .export_sums = portable::export_sums,
  };
  return kKernels;
}

}  // namespace sixtops::cpu::engine
