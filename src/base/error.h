// Makers of failed Status values with a formatted sentence:
//
//   return invalid_data("{}: node '{}' reads tensor '{}', which nothing writes", path, node, tensor);
#pragma once

#include <fmt/core.h>

#include <utility>

#include "base/status.h"

namespace sixtops {

template <typename... Args>
Status make_error(StatusCode code, fmt::format_string<Args...> format, Args&&... args) {
  return Status(code, fmt::format(format, std::forward<Args>(args)...));
}

#define SIXTOPS_ERROR_MAKER(function, code)                             \
  template <typename... Args>                                           \
  Status function(fmt::format_string<Args...> format, Args&&... args) { \
    return make_error(code, format, std::forward<Args>(args)...);       \
  }

SIXTOPS_ERROR_MAKER(usage_error, StatusCode::kUsage)
SIXTOPS_ERROR_MAKER(invalid_data, StatusCode::kInvalidData)
SIXTOPS_ERROR_MAKER(unsupported, StatusCode::kUnsupported)
SIXTOPS_ERROR_MAKER(not_found, StatusCode::kNotFound)
SIXTOPS_ERROR_MAKER(io_error, StatusCode::kIo)
SIXTOPS_ERROR_MAKER(resource_error, StatusCode::kResource)
SIXTOPS_ERROR_MAKER(internal_error, StatusCode::kInternal)

#undef SIXTOPS_ERROR_MAKER

}  // namespace sixtops
