// From the words of the command line to conversion options.
#pragma once

#include "app/commands.h"
#include "convert/convert.h"

namespace sixtops::app {

// "name:1x3x640x640"; the name may contain colons. kUsage otherwise.
Result<std::map<std::string, Shape>> parse_input_shapes(const std::vector<std::string>& words);

// Reads the label file too.
Result<convert::ConvertOptions> conversion_options(const SourceOptions& source);

// True when the user gave any of the options.
bool any_given(const SourceOptions& source);

}  // namespace sixtops::app
