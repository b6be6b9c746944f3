// How many multiply-accumulates a second the cores reach with the instructions of one instruction set: register to
// register, nothing loaded or stored. Speeds of layers and networks are stated as a part of it.
#pragma once

#include <string_view>

namespace sixtops::cpu::engine {

struct PeakRate {
  double int8_gmac_per_s = 0;
  double float_gmac_per_s = 0;
};

// `isa` is one of
//   avx512_vnni  vpdpbusd and vfmadd231ps on zmm registers
//   avx_vnni     vpdpbusd and vfmadd231ps on ymm registers
//   avx2         vpmaddwd with vpaddd (16-bit operands), vfmadd231ps on ymm registers
//   neon_dot     sdot and fmla on 128-bit registers
// and anything else, "portable" included, a plain loop as the compiler makes it. The best of many bursts, one thread a
// core at the same time; takes about 0.1 s. REQUIRES: the machine has the instruction set.
PeakRate measure_peak_rate(std::string_view isa, int threads);

}  // namespace sixtops::cpu::engine
