// Counts the calls of operator new in a test program that asks for the count. Tensors count too: their memory comes
// with an owner from operator new.
#pragma once

#include <cstdint>

namespace sixtops::testing {

int64_t allocation_count();  // since the program began, by all threads

}  // namespace sixtops::testing
