// Pictures through encoder, sink, source and decoder and back.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "media/encoder.h"
#include "media/pattern_source.h"
#include "media/sink.h"
#include "media/source.h"

// libx265 3.5 does not free all of its in-loop filters when an encoder closes.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() { return "leak:libx265"; }

namespace sixtops::media {
namespace {

namespace fs = std::filesystem;

Clock::time_point soon() { return Clock::now() + std::chrono::seconds(20); }

class RoundTrip : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "sixtops_media_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // `frames` of the pattern into a sink; time stamps as given by the pattern.
  static void record(const std::string& pattern, const std::string& url) {
    const std::unique_ptr<Source> source = open_source({.url = pattern}, soon()).value();
    Sink sink = make_sink({.url = url}).value();
    std::unique_ptr<Encoder> encoder;
    while (true) {
      const std::optional<Frame> frame = source->read(soon()).value();
      if (!frame) break;
      const YuvPicture picture = copy_pixels(frame->picture).value();
      if (encoder == nullptr) {
        encoder = Encoder::open({.codec = sink_codec(url), .fps = source->info().fps}, picture).value();
        ASSERT_TRUE(sink.packets->begin(encoder->format()).ok());
      }
      const std::vector<Packet> packets = encoder->encode(picture, frame->pts_us).value();
      for (const Packet& packet : packets) {
        const Status status = sink.packets->write(packet);
        ASSERT_TRUE(status.ok()) << status.message();
      }
    }
    const std::vector<Packet> rest = encoder->finish().value();
    for (const Packet& packet : rest) ASSERT_TRUE(sink.packets->write(packet).ok());
    ASSERT_TRUE(sink.packets->finish().ok());
  }

  fs::path folder_;
};

TEST_F(RoundTrip, EveryContainerKeepsPicturesAndTimes) {
  for (const char* name : {"a.mp4", "a.mkv", "a.ts"}) {
    record("test:320x240@30:60", path(name));
    const std::unique_ptr<Source> source = open_source({.url = path(name)}, soon()).value();
    int64_t begin_us = 0;
    for (int64_t i = 0; i < 60; ++i) {
      const std::optional<Frame> frame = source->read(soon()).value();
      ASSERT_TRUE(frame.has_value()) << name << " ends at " << i;
      EXPECT_EQ(read_frame_number(frame->picture), static_cast<uint32_t>(i)) << name;
      EXPECT_EQ(frame->number, i);
      if (i == 0) begin_us = frame->pts_us;
      const int64_t tolerance_us = std::string(name) == "a.mp4" ? 1 : 1000;  // Matroska counts milliseconds
      EXPECT_NEAR(static_cast<double>(frame->pts_us - begin_us), std::floor(static_cast<double>(i) * 1e6 / 30),
                  static_cast<double>(tolerance_us));
    }
    EXPECT_FALSE(source->read(soon()).value().has_value());
    EXPECT_EQ(source->damaged(), 0);
  }
}

TEST_F(RoundTrip, BareStreamsOfBothCodecs) {
  for (const char* name : {"a.h264", "a.h265"}) {
    record("test:320x240@25:30", path(name));
    const std::unique_ptr<Source> source = open_source({.url = path(name)}, soon()).value();
    int frames = 0;
    int64_t last_us = -1;
    while (const std::optional<Frame> frame = source->read(soon()).value()) {
      EXPECT_GT(frame->pts_us, last_us);
      last_us = frame->pts_us;
      ++frames;
    }
    EXPECT_EQ(frames, 30) << name;
  }
}

TEST_F(RoundTrip, OddSizesBecomeEven) {
  record("test:321x241@25:5", path("odd.mp4"));
  const std::optional<Frame> frame = open_source({.url = path("odd.mp4")}, soon()).value()->read(soon()).value();
  EXPECT_EQ(frame->picture.width, 322);
  EXPECT_EQ(frame->picture.height, 242);
}

TEST_F(RoundTrip, SizesFromSixteenToEightThousand) {
  for (const char* size : {"16x16", "7680x4320"}) {
    record(std::string("test:") + size + "@25:2", path("x.mp4"));
    const std::unique_ptr<Source> source = open_source({.url = path("x.mp4")}, soon()).value();
    EXPECT_TRUE(source->read(soon()).value().has_value()) << size;
  }
}

TEST_F(RoundTrip, ASizeChangeInMidStream) {
  record("test:320x240@25:20", path("a.h264"));
  record("test:640x480@25:20", path("b.h264"));
  std::ofstream(path("ab.h264"), std::ios::binary) << std::ifstream(path("a.h264"), std::ios::binary).rdbuf()
                                                   << std::ifstream(path("b.h264"), std::ios::binary).rdbuf();
  const std::unique_ptr<Source> source = open_source({.url = path("ab.h264")}, soon()).value();
  int small = 0, large = 0;
  while (const std::optional<Frame> frame = source->read(soon()).value()) {
    ++(frame->picture.width == 320 ? small : large);
  }
  EXPECT_EQ(small, 20);
  EXPECT_EQ(large, 20);
}

TEST_F(RoundTrip, DamagedStreamsEndWithoutHarm) {
  record("test:320x240@25:60", path("a.h264"));
  std::ifstream in(path("a.h264"), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (size_t i = 997; i < bytes.size(); i += 997) bytes[i] = static_cast<char>(bytes[i] ^ 0x40);
  std::ofstream(path("bad.h264"), std::ios::binary) << bytes;
  const std::unique_ptr<Source> source = open_source({.url = path("bad.h264")}, soon()).value();
  int frames = 0;
  while (const std::optional<Frame> frame = source->read(soon()).value()) ++frames;
  EXPECT_LE(frames, 60);
  EXPECT_GT(source->damaged(), 0);
}

TEST_F(RoundTrip, FilesThatAreNoVideosAreToldInOneSentence) {
  std::ofstream(path("empty.mp4"), std::ios::binary).flush();
  std::ofstream(path("text.mp4")) << "this is no video, however long one looks at it";
  for (const char* name : {"empty.mp4", "text.mp4", "missing.mp4"}) {
    const Status status = open_source({.url = path(name)}, soon()).status();
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_NE(status.message().find(name), std::string::npos) << status.message();
  }
  EXPECT_EQ(open_source({.url = path("missing.mp4")}, soon()).status().code(), StatusCode::kNotFound);
}

TEST(Source, PatternsThatMakeNoSense) {
  for (const char* url : {"test:", "test:0x4@30", "test:64x64", "test:64x64@0", "test:64x64@30:", "test:64x64@30:0x"}) {
    EXPECT_FALSE(open_source({.url = url}, soon()).ok()) << url;
  }
}

TEST(Source, NobodyListens) {
  const auto begin = Clock::now();
  const Status status =
      open_source({.url = "rtsp://admin:geheim@127.0.0.1:9/x"}, Clock::now() + std::chrono::seconds(2)).status();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_EQ(status.message().find("geheim"), std::string::npos) << status.message();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(4));
}

TEST(Source, KindsByName) {
  EXPECT_TRUE(is_video_source("a.MP4"));
  EXPECT_TRUE(is_video_source("rtsp://h/x"));
  EXPECT_FALSE(is_video_source("a.jpg"));
  EXPECT_FALSE(is_video_source("folder"));
  EXPECT_TRUE(is_live_source("usb:0"));
  EXPECT_FALSE(is_live_source("http://h/a.mp4"));
}

TEST(Sink, NamesThatMakeNoSense) {
  for (const char* url : {"", "x.avi", "ftp://h/x.mp4", "folder"}) EXPECT_FALSE(make_sink({.url = url}).ok()) << url;
}

}  // namespace
}  // namespace sixtops::media
