// Passwords as cameras have them, made fit for a URL.
#pragma once

#include <string>

namespace sixtops::media {

// "rtsp://admin:p/w@host/x" → "rtsp://admin:p%2Fw@host/x": where the text before the first slash is neither a host nor
// a host with a port, and a later '@' ends a password, its '/', '?', '#' and '@' are escaped. Other URLs stay as they
// are.
std::string with_escaped_password(const std::string& url);

}  // namespace sixtops::media
