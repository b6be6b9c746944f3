// A path on the command line → a session: .six files are opened, source models are converted in memory to float32.
#pragma once

#include <memory>
#include <string>

#include "app/commands.h"
#include "convert/convert.h"
#include "runtime/session.h"

namespace sixtops::app {

// Without a limit of the user's, a plan may take what the machine has. Notes of the conversion (assumed pre-processing)
// go to stderr. kUsage when `source` is given for a .six file. Errors name the path.
Result<std::unique_ptr<runtime::Session>> load_model(const std::string& path, const SourceOptions& source,
                                                     runtime::LoadOptions load = {});

// The same from conversion options, for a source model only.
Result<std::unique_ptr<runtime::Session>> load_source(const std::string& path, const SharedBytes& bytes,
                                                      const convert::ConvertOptions& options,
                                                      runtime::LoadOptions load = {});

}  // namespace sixtops::app
