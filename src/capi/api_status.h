// How the functions of the C API fail: a code of rknn_api.h and one sentence.
#pragma once

#include <rknn_api.h>

#include <new>
#include <string>
#include <utility>

#include "base/error.h"

namespace sixtops::capi {

// Has the members that TRY asks for.
class [[nodiscard]] ApiStatus {
 public:
  ApiStatus() = default;
  ApiStatus(int code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == RKNN_SUCC; }
  int code() const { return code_; }
  const std::string& message() const { return message_; }
  ApiStatus status() const { return *this; }
  void value() const {}

 private:
  int code_ = RKNN_SUCC;
  std::string message_;
};

template <typename... Args>
ApiStatus failure(int code, fmt::format_string<Args...> format, Args&&... args) {
  return {code, fmt::format(format, std::forward<Args>(args)...)};
}

template <typename... Args>
ApiStatus invalid_parameter(fmt::format_string<Args...> format, Args&&... args) {
  return {RKNN_ERR_PARAM_INVALID, fmt::format(format, std::forward<Args>(args)...)};
}

// The runtime's status: out of memory and bugs have codes of their own, everything else gets `code`.
ApiStatus translate(const Status& status, int code);

// Logs a failure under the function's name and gives its code.
int answer(const char* function, const ApiStatus& status);

// The body of an API function: nothing that it throws gets out.
template <typename Body>
int api_call(const char* function, Body body) noexcept {
  try {
    return answer(function, body());
  } catch (const std::bad_alloc&) {
    return RKNN_ERR_MALLOC_FAIL;
  } catch (...) {
    return RKNN_ERR_FAIL;
  }
}

// `pointer` is not null.
ApiStatus check_not_null(const void* pointer, const char* argument);

}  // namespace sixtops::capi
