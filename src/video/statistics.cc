#include "video/statistics.h"

namespace sixtops::video {

const char* state_name(StreamState state) {
  switch (state) {
    case StreamState::kConnecting:
      return "connecting";
    case StreamState::kLive:
      return "live";
    case StreamState::kReconnecting:
      return "reconnecting";
    case StreamState::kAccessDenied:
      return "access denied";
    case StreamState::kFailed:
      return "failed";
    case StreamState::kEnded:
      return "ended";
  }
  return "";
}

}  // namespace sixtops::video
