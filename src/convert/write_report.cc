#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "convert/convert.h"
#include "convert/report_forms.h"

namespace sixtops::convert {

Status write_report(const Report& report, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return io_error("{}: the report folder cannot be made: {}", folder, error.message());
  TRY(write_file((std::filesystem::path(folder) / "report.json").string(), report_json(report)));
  return write_file((std::filesystem::path(folder) / "report.html").string(), report_html(report));
}

}  // namespace sixtops::convert
