#include "app/load_model.h"

#include <unistd.h>

#include <utility>

#include "app/source_options.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace sixtops::app {
namespace {

int64_t machine_memory_bytes() {
  return static_cast<int64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<int64_t>(::sysconf(_SC_PAGE_SIZE));
}

Result<std::unique_ptr<runtime::Session>> open(const std::string& path, const SharedBytes& six,
                                               runtime::LoadOptions load) {
  if (load.max_memory_bytes == 0) load.max_memory_bytes = machine_memory_bytes();
  Result<std::unique_ptr<runtime::Session>> session = runtime::Session::open(six, load);
  if (!session.ok()) return session.status().with_prefix(path + ": ");
  return session;
}

}  // namespace

Result<std::unique_ptr<runtime::Session>> load_model(const std::string& path, const SourceOptions& source,
                                                     runtime::LoadOptions load) {
  const SharedBytes bytes = TRY(read_file(path));
  if (!model::recognize(bytes.span())) return load_source(path, bytes, TRY(conversion_options(source)), load);
  if (any_given(source)) {
    return usage_error(
        "{}: is a .six file, which carries its shapes, pre-processing and labels; give those options to "
        "'sixtops convert'",
        path);
  }
  return open(path, bytes, load);
}

Result<std::unique_ptr<runtime::Session>> load_source(const std::string& path, const SharedBytes& bytes,
                                                      const convert::ConvertOptions& options,
                                                      runtime::LoadOptions load) {
  convert::Converted converted = TRY(convert::convert({path, bytes}, options));
  for (const std::string& note : converted.report.notes) log(LogLevel::kInfo, "{}: {}", path, note);
  return open(path, SharedBytes::own(std::move(converted.six)), load);
}

}  // namespace sixtops::app
