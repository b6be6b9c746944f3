// The wire form of protobuf, as far as recognizing a format by its first fields needs it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace sixtops::importer {

// The varint at the front of `bytes`, which moves behind it. Nothing when the bytes end within it.
std::optional<uint64_t> take_varint(ByteSpan& bytes);

}  // namespace sixtops::importer
