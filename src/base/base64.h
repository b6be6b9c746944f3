// Base64 (RFC 4648, section 4, with padding): bytes inside of text forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sixtops {

std::string encode_base64(ByteSpan bytes);

// Nothing when the text is not base64.
std::optional<std::vector<std::byte>> decode_base64(std::string_view text);

}  // namespace sixtops
