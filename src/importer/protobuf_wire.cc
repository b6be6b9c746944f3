#include "importer/protobuf_wire.h"

namespace sixtops::importer {

std::optional<uint64_t> take_varint(ByteSpan& bytes) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<uint64_t>(bytes.front());
    bytes = bytes.subspan(1);
    value |= (byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return {};
}

}  // namespace sixtops::importer
