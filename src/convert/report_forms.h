// The two forms of the report.
#pragma once

#include <cmath>
#include <string>

#include "convert/convert.h"

namespace sixtops::convert {

// Whether the integer network was compared with the float one.
inline bool has_figures(const Report& report) {
  return report.precision == Precision::kInt8 && !std::isnan(report.quantization.output_sqnr_db);
}

std::string report_json(const Report& report);
std::string report_html(const Report& report);  // one page without scripts or outside resources

}  // namespace sixtops::convert
