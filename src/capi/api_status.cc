#include "capi/api_status.h"

#include "base/log.h"

namespace sixtops::capi {

ApiStatus translate(const Status& status, int code) {
  switch (status.code()) {
    case StatusCode::kOk:
      return {};
    case StatusCode::kResource:
      return {RKNN_ERR_MALLOC_FAIL, status.message()};
    case StatusCode::kInternal:
      return {RKNN_ERR_FAIL, status.message()};
    default:
      return {code, status.message()};
  }
}

int answer(const char* function, const ApiStatus& status) {
  if (!status.ok()) log(LogLevel::kError, "{}: {} (code {})", function, status.message(), status.code());
  return status.code();
}

ApiStatus check_not_null(const void* pointer, const char* argument) {
  return pointer != nullptr ? ApiStatus() : invalid_parameter("{} is null", argument);
}

}  // namespace sixtops::capi
