// The two forms of the report.
#pragma once

#include <string>

#include "convert/convert.h"

namespace sixtops::convert {

std::string report_json(const Report& report);
std::string report_html(const Report& report);  // one page without scripts or outside resources

}  // namespace sixtops::convert
