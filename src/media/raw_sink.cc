#include "media/raw_sink.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "media/free_name.h"

namespace sixtops::media {
namespace {

class RawSink : public PacketSink {
 public:
  explicit RawSink(const SinkOptions& options) : options_(options) {}

  const std::string& name() const override { return options_.url; }

  // A bare stream may change its size at a key picture, so it stays one file.
  Status begin(const StreamFormat& format) override {
    headers_ = format.headers;
    if (file_ != nullptr) return {};
    int index = 1;
    const std::string path = options_.keep_existing ? free_name(options_.url, index) : options_.url;
    file_.reset(std::fopen(path.c_str(), "wb"));
    if (file_ == nullptr) return io_error("{}: {}", path, std::strerror(errno));
    return {};
  }

  Status write(const Packet& packet) override {
    if (packet.key) TRY(put(headers_));
    TRY(put(packet.bytes));
    return std::fflush(file_.get()) == 0 ? Status() : failed();
  }

  Status finish() override {
    if (file_ == nullptr) return {};
    return std::fclose(file_.release()) == 0 ? Status() : failed();
  }

 private:
  Status failed() const { return io_error("{}: {}", options_.url, std::strerror(errno)); }

  Status put(const SharedBytes& bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size() ? Status() : failed();
  }

  struct Closer {
    void operator()(FILE* file) const { std::fclose(file); }
  };

  SinkOptions options_;
  SharedBytes headers_;
  std::unique_ptr<FILE, Closer> file_;
};

}  // namespace

std::unique_ptr<PacketSink> make_raw_sink(const SinkOptions& options) { return std::make_unique<RawSink>(options); }

}  // namespace sixtops::media
