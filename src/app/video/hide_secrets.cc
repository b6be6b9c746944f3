#include <cstring>
#include <string_view>

#include "app/commands.h"

namespace sixtops::app {
namespace {

void hide(char* from, char* to) {
  for (; from < to; ++from) *from = '*';
}

}  // namespace

void hide_secrets(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    char* const text = argv[i];
    char* const end = text + std::strlen(text);
    constexpr std::string_view kToken = "--token";
    const bool follows_token = std::string_view(argv[i - 1]) == kToken;
    if (follows_token) hide(text, end);
    if (std::string_view(text).starts_with("--token=")) hide(text + kToken.size() + 1, end);
    // As media/redact.h: everything between "://" and the last '@', and the query.
    char* const scheme = std::strstr(text, "://");
    if (scheme == nullptr) continue;
    if (char* const at = std::strrchr(text, '@'); at != nullptr) hide(scheme + 3, at);
    if (char* const query = std::strchr(text, '?'); query != nullptr) hide(query + 1, end);
  }
}

}  // namespace sixtops::app
