#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace sixtops {
namespace {

// Closes on every way out; close() itself is checked where its answer matters.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Status write_all(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error("{}", std::strerror(errno));
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return {};
}

// A device or a pipe (/dev/stdout) cannot be replaced by a renamed file: it is written where it is. So is the target of
// a link, which stays a link.
bool is_written_in_place(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

Status write_in_place(const std::string& path, ByteSpan bytes) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.get() < 0) return io_error("{}: cannot be written: {}", path, std::strerror(errno));
  Status status = write_all(file.get(), bytes);
  if (::close(file.release()) != 0 && status.ok()) status = io_error("{}", std::strerror(errno));
  return status.with_prefix(path + ": cannot be written: ");
}

}  // namespace

Result<SharedBytes> read_file(const std::string& path, int64_t max_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return not_found("{}: no such file", path);
    return io_error("{}: cannot be opened: {}", path, std::strerror(errno));
  }
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return io_error("{}: {}", path, std::strerror(errno));
  if (S_ISDIR(info.st_mode)) return io_error("{}: is a folder, expected a file", path);
  if (!S_ISREG(info.st_mode)) return io_error("{}: is not a regular file", path);
  if (info.st_size > max_bytes) {
    return resource_error("{}: {} bytes, more than the limit of {}", path, info.st_size, max_bytes);
  }
  const auto size = static_cast<size_t>(info.st_size);
  SharedBytes bytes = TRY(allocate_bytes(size));
  auto* target = const_cast<std::byte*>(bytes.data());
  size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(file.get(), target + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("{}: cannot be read: {}", path, std::strerror(errno));
    if (count == 0) break;  // truncated while we read: what is left stays zero and the parser judges it
    done += static_cast<size_t>(count);
  }
  return bytes.slice(0, done);
}

Status write_file(const std::string& path, ByteSpan bytes) {
  if (is_written_in_place(path)) return write_in_place(path, bytes);
  std::string temporary = path + ".XXXXXX";
  FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return io_error("{}: cannot be written: {}", path, std::strerror(errno));
  Status status = write_all(file.get(), bytes);
  // mkstemp makes files that only the owner reads; a result file follows the umask like any other.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (status.ok() && ::fchmod(file.get(), 0666 & ~mask) != 0) status = io_error("{}", std::strerror(errno));
  if (::close(file.release()) != 0 && status.ok()) status = io_error("{}", std::strerror(errno));
  if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) status = io_error("{}", std::strerror(errno));
  if (!status.ok()) {
    ::unlink(temporary.c_str());
    return status.with_prefix(path + ": cannot be written: ");
  }
  return {};
}

Status write_file(const std::string& path, std::string_view text) {
  return write_file(path, std::as_bytes(std::span(text)));
}

}  // namespace sixtops
