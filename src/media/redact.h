// Secrets taken out of texts before anybody sees them. Every message of media/ goes through here.
#pragma once

#include <string>
#include <string_view>

namespace sixtops::media {

// In every URL of the text "user:password@" becomes "***@", and the value of a query parameter whose name speaks of
// access (password, pwd, pass, passwd, auth, token, key, secret, user, username, sig, signature) becomes "***".
std::string redacted(std::string_view text);

// The same for one word of argv, in place: stars of the same length over everything between "://" and the last '@', and
// over the query.
void hide_in_place(char* word);

}  // namespace sixtops::media
