// The version of SixTOPS: what --version prints and what a .six file names as its producer.
#pragma once

namespace sixtops {

inline constexpr const char* kVersion = "0.1.0";
inline constexpr const char* kProducer = "sixtops 0.1.0";

}  // namespace sixtops
