#include "media/escape_password.h"

#include <gtest/gtest.h>

namespace sixtops::media {
namespace {

TEST(EscapePassword, EscapesWhatWouldEndTheHost) {
  EXPECT_EQ(with_escaped_password("rtsp://admin:p/w@h/x"), "rtsp://admin:p%2Fw@h/x");
  EXPECT_EQ(with_escaped_password("rtsp://admin:p@w@h:554/x"), "rtsp://admin:p%40w@h:554/x");
  EXPECT_EQ(with_escaped_password("rtsp://admin:a?b#c@h/x"), "rtsp://admin:a%3Fb%23c@h/x");
}

TEST(EscapePassword, LeavesOtherUrlsAlone) {
  for (const char* url : {"rtsp://h/x", "rtsp://h:554/x@y", "rtsp://h/x@y", "rtsp://a:b@h/x", "rtsp://a:b@h/x@y",
                          "rtsp://a:b%2F@h/x", "file.mp4", "@", "x://"}) {
    EXPECT_EQ(with_escaped_password(url), url);
  }
}

}  // namespace
}  // namespace sixtops::media
