#include "importer/onnx/external_data.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace sixtops::importer::onnx {
namespace {

namespace fs = std::filesystem;

// The file that a location means.
Result<std::string> resolve(const std::string& model_path, const std::string& location) {
  const fs::path relative(location);
  const bool climbs = std::find(relative.begin(), relative.end(), fs::path("..")) != relative.end();
  if (location.empty() || relative.is_absolute() || climbs || location.find('\0') != std::string::npos) {
    return invalid_data("external data location '{}' is not a path below the model's folder", location);
  }
  std::error_code error;
  const fs::path parent = fs::path(model_path).parent_path();
  const fs::path folder = fs::canonical(parent.empty() ? fs::path(".") : parent, error);
  if (error) return io_error("{}: {}", parent.string(), error.message());
  const fs::path file = fs::canonical(folder / relative, error);
  if (error) {
    return not_found("external data file '{}' is missing beside the model; keep the two together",
                     (parent / relative).string());
  }
  const auto [folder_end, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  if (folder_end != folder.end()) {
    return invalid_data("external data location '{}' leads out of the model's folder", location);
  }
  return file.string();
}

}  // namespace

Result<SharedBytes> ExternalData::read(const std::string& location, int64_t offset, std::optional<int64_t> length) {
  auto file = files_.find(location);
  if (file == files_.end()) {
    file = files_.emplace(location, TRY(read_file(TRY(resolve(model_path_, location))))).first;
  }
  const auto size = static_cast<int64_t>(file->second.size());
  if (offset < 0 || offset > size || length.value_or(0) < 0 || length.value_or(0) > size - offset) {
    return invalid_data("external data: {} bytes at {} do not lie in '{}' of {} bytes", length.value_or(0), offset,
                        location, size);
  }
  return file->second.slice(static_cast<size_t>(offset), static_cast<size_t>(length.value_or(size - offset)));
}

}  // namespace sixtops::importer::onnx
