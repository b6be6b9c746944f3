// From the words of the command line to conversion options.
#pragma once

#include "app/commands.h"
#include "convert/convert.h"

namespace sixtops::app {

// Sets of shapes for one network, one shape an input by name.
using ShapeSets = std::vector<std::map<std::string, Shape>>;

// "name:1x3x640x640", or "name:1x3x640x640,1x3x320x320" for several sets; the name may contain colons. An input with
// one shape has it in every set. At least one set. kUsage otherwise.
Result<ShapeSets> parse_shape_sets(const std::vector<std::string>& words);

// Reads the label file and constants too.
Result<convert::ConvertOptions> conversion_options(const SourceOptions& source);

// True when the user gave any of the options.
bool any_given(const SourceOptions& source);

}  // namespace sixtops::app
