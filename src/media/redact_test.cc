#include "media/redact.h"

#include <gtest/gtest.h>

namespace sixtops::media {
namespace {

TEST(Redact, TakesUserAndPasswordOutOfUrls) {
  EXPECT_EQ(redacted("rtsp://admin:geheim@10.0.0.1:554/ch/101"), "rtsp://***@10.0.0.1:554/ch/101");
  EXPECT_EQ(redacted("open 'rtsp://a:b@h/x' and http://c:d@e/: failed"),
            "open 'rtsp://***@h/x' and http://***@e/: failed");
}

TEST(Redact, PasswordsWithSlashesAndAtSigns) {
  EXPECT_EQ(redacted("rtsp://admin:p@ss/w?rd@host/path"), "rtsp://***@host/path");
}

TEST(Redact, QueryParametersThatSpeakOfAccess) {
  EXPECT_EQ(redacted("http://h/v?user=a&pwd=b&channel=1&api_key=c"),
            "http://h/v?user=***&pwd=***&channel=1&api_key=***");
  EXPECT_EQ(redacted("http://h/v?Password=b;x=1"), "http://h/v?Password=***;x=1");
}

TEST(Redact, WordsOfTheCommandLineKeepTheirLength) {
  std::string word = "rtsp://a:b/c@h/x?pwd=d";
  hide_in_place(word.data());
  EXPECT_EQ(word, "rtsp://*****@h/x?*****");
  word = "plain@word?x";
  hide_in_place(word.data());
  EXPECT_EQ(word, "plain@word?x");
}

TEST(Redact, LeavesOtherTextAlone) {
  for (const char* text : {"", "plain", "a@b.c", "rtsp://host/path", "http://h/?monkey=1", "://", "x://"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

}  // namespace
}  // namespace sixtops::media
