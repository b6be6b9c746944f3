// What the fuzz targets hold the parsers to. Sanitizers catch what crashes; these catch what is merely wrong.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace sixtops::fuzz {

[[noreturn]] inline void finding(const std::string& what) {
  std::fprintf(stderr, "finding: %s\n", what.c_str());
  std::abort();
}

inline void expect(bool holds, const char* what) {
  if (!holds) finding(what);
}

// True for success. A failure has to be a sentence that blames the input: an internal error is always a bug.
inline bool succeeded(const Status& status) {
  if (!status.ok() && (status.message().empty() || status.code() == StatusCode::kInternal)) {
    finding("not an answer to bad input: '" + status.message() + "'");
  }
  return status.ok();
}

inline std::vector<std::byte> copy_of(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  return {begin, begin + size};
}

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace sixtops::fuzz
