#include <algorithm>
#include <cstring>
#include <string_view>

#include "app/commands.h"
#include "media/redact.h"

namespace sixtops::app {

void hide_secrets(int argc, char** argv) {
  constexpr std::string_view kToken = "--token";
  bool follows_token = false;
  for (int i = 1; i < argc; ++i) {
    char* const text = argv[i];
    char* const end = text + std::strlen(text);
    const std::string_view word(text);
    const bool holds_token = word.size() > kToken.size() && word.substr(0, kToken.size() + 1) == "--token=";
    if (holds_token) std::fill(text + kToken.size() + 1, end, '*');
    if (follows_token) std::fill(text, end, '*');
    follows_token = word == kToken;
    media::hide_in_place(text);
  }
}

}  // namespace sixtops::app
