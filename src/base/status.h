// Status and Result<T>: how every function of SixTOPS that can fail says so.
//
// A Status is a code and one sentence. The sentence names the thing (file, node, tensor, option), what was expected and
// what was found, and what to do; the command line prints it as it is. Result<T> is either a T or a Status that is not
// ok.
//
//   Result<Graph> read(const std::string& path) {
//     const SharedBytes bytes = TRY(read_file(path));     // returns the Status of read_file when it failed
//     TRY(check(bytes));                                  // works for a Status too
//     return parse(bytes);
//   }
//
// Nothing in the libraries throws across a folder, aborts, or prints.
// Thread safety: both are plain values.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace sixtops {

enum class StatusCode {
  kOk = 0,
  kUsage,        // the caller's option or argument makes no sense, whatever the files hold (exit code 2)
  kInvalidData,  // a file, model, picture or stream breaks the rules of its format
  kUnsupported,  // well formed, but beyond what this version does
  kNotFound,     // a named thing (file, tensor, label) does not exist
  kIo,           // the operating system refused: permissions, disk full, broken pipe
  kResource,     // a limit on memory, size or count would be passed
  kInternal,     // an invariant of SixTOPS itself broke: always a bug
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same failure, told from one level up: "calibration picture 3: " + message.
  Status with_prefix(const std::string& prefix) const { return ok() ? *this : Status(code_, prefix + message_); }

  // So that TRY reads the same for Status and Result.
  Status status() const { return *this; }
  void value() const { assert(ok()); }

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  // REQUIRES: ok()
  T& value() & {
    assert(ok());
    return *value_;
  }
  const T& value() const& {
    assert(ok());
    return *value_;
  }
  T&& value() && {
    assert(ok());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Status status_;
};

// The value of a Result, or nothing for a Status; leaves the enclosing function with the Status when it is not ok.
#define TRY(expression)                                       \
  __extension__({                                             \
    auto&& try_result_ = (expression);                        \
    if (!try_result_.ok()) return try_result_.status();       \
    std::forward<decltype(try_result_)>(try_result_).value(); \
  })

}  // namespace sixtops
