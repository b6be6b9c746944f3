#include "app/json_file.h"

#include <nlohmann/json.hpp>

#include "base/file.h"

namespace sixtops::app {

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Status write_json(const nlohmann::ordered_json& json, const std::string& path) {
  return path.empty() ? Status() : write_file(path, json_text(json));
}

}  // namespace sixtops::app
