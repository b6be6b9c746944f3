// JSON results on their way out.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"

namespace sixtops::app {

// Two blanks an indent and a final line end. Bytes that are not UTF-8 (names from model files) are replaced; infinite
// numbers become null.
std::string json_text(const nlohmann::ordered_json& json);

// Nothing when `path` is empty: the option was not given.
Status write_json(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace sixtops::app
