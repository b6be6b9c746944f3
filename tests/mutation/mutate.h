// One damaged or hostile version of a file, the same for the same seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "source_files.h"

namespace sixtops::mutation {

struct Mutant {
  std::vector<std::byte> bytes;
  std::string what;  // for messages: which mutations were made
};

// `beside_weights`: nothing but the description of the network changes, where a wrong byte hurts most. The checksums
// of .six files are right again afterwards.
Mutant mutate(const SourceFile& source, uint32_t seed, bool beside_weights);

}  // namespace sixtops::mutation
