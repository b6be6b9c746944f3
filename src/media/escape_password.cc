#include "media/escape_password.h"

#include <fmt/core.h>

#include <algorithm>

namespace sixtops::media {

std::string with_escaped_password(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t at = url.rfind('@');
  if (scheme == std::string::npos || at == std::string::npos || at < scheme + 3) return url;
  const size_t begin = scheme + 3;
  const std::string authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const size_t colon = authority.find(':');
  if (authority.find('@') == std::string::npos) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    // "host" or "host:554", and the '@' belongs to the path.
    if (colon == std::string::npos ||
        std::all_of(authority.begin() + static_cast<std::ptrdiff_t>(colon) + 1, authority.end(), is_digit)) {
      return url;
    }
  } else if (begin + authority.rfind('@') == at || colon == std::string::npos) {
    if (authority.find('@') == authority.rfind('@')) return url;
  }
  const size_t end = authority.find('@') == std::string::npos ? at : begin + authority.rfind('@');
  std::string escaped = url.substr(0, begin);
  for (const char c : url.substr(begin, end - begin)) {
    if (c == '/' || c == '?' || c == '#' || c == '@') {
      escaped += fmt::format("%{:02X}", c);
    } else {
      escaped += c;
    }
  }
  return escaped + url.substr(end);
}

}  // namespace sixtops::media
