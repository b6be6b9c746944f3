#include "importer/companion.h"

#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace sixtops::importer {

Result<SharedBytes> read_companion(const Source& source, const ImportOptions& options,
                                   std::initializer_list<const char*> extensions) {
  if (!options.companion.empty()) return read_file(options.companion);
  std::string tried;
  for (const char* extension : extensions) {
    const std::string path = std::filesystem::path(source.path).replace_extension(extension).string();
    Result<SharedBytes> bytes = read_file(path);
    if (bytes.ok() || bytes.status().code() != StatusCode::kNotFound) return bytes;
    tried += (tried.empty() ? "" : " or ") + path;
  }
  return not_found("{}: the other half of the network, {}, is missing; give it with --companion FILE", source.path,
                   tried);
}

}  // namespace sixtops::importer
