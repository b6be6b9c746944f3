#include "media/redact.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sixtops::media {
namespace {

constexpr std::string_view kScheme = "://";
constexpr std::string_view kStars = "***";
constexpr std::array<std::string_view, 12> kSecretNames = {
    "password", "pwd", "pass", "passwd", "auth", "token", "key", "secret", "user", "username", "sig", "signature"};

bool is_secret_name(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  // "api_key", "access-token": the last word decides.
  const size_t word = lower.find_last_of("_-");
  const std::string_view last = std::string_view(lower).substr(word == std::string::npos ? 0 : word + 1);
  return std::find(kSecretNames.begin(), kSecretNames.end(), last) != kSecretNames.end();
}

// The query of one URL, without its question mark.
std::string redacted_query(std::string_view query) {
  std::string out;
  while (!query.empty()) {
    const size_t end = std::min(query.find_first_of("&;"), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && is_secret_name(pair.substr(0, equals))) {
      out.append(pair.substr(0, equals + 1)).append(kStars);
    } else {
      out.append(pair);
    }
    if (end < query.size()) out.push_back(query[end]);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

}  // namespace

std::string redacted(std::string_view text) {
  std::string out;
  while (true) {
    const size_t scheme = text.find(kScheme);
    if (scheme == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, scheme + kScheme.size()));
    text.remove_prefix(scheme + kScheme.size());
    const std::string_view url = text.substr(0, std::min(text.find_first_of(" \t\r\n\"'<>"), text.size()));
    text.remove_prefix(url.size());
    // A password may hold '/' or '?' that nobody escaped, so the last '@' counts; then a path with '@' loses its
    // beginning, which does no harm.
    const size_t at = url.rfind('@');
    const std::string_view rest = at == std::string_view::npos ? url : url.substr(at);
    if (at != std::string_view::npos) out.append(kStars);
    const size_t question = std::min(rest.find('?'), rest.size());
    out.append(rest.substr(0, question));
    if (question < rest.size()) out.append("?").append(redacted_query(rest.substr(question + 1)));
  }
}

void hide_in_place(char* word) {
  char* const scheme = std::strstr(word, kScheme.data());
  if (scheme == nullptr) return;
  char* const end = word + std::strlen(word);
  if (char* const at = std::strrchr(word, '@'); at != nullptr && at > scheme) {
    std::fill(scheme + kScheme.size(), at, '*');
  }
  if (char* const query = std::strchr(word, '?'); query != nullptr) std::fill(query + 1, end, '*');
}

}  // namespace sixtops::media
