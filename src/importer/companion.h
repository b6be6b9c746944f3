// Networks that come in two files: the one beside the other.
#pragma once

#include <initializer_list>
#include <string>

#include "importer/importer.h"

namespace sixtops::importer {

// options.companion when the caller names it, else the file of the same name with one of these extensions (".weights").
// kNotFound says how to name the file.
Result<SharedBytes> read_companion(const Source& source, const ImportOptions& options,
                                   std::initializer_list<const char*> extensions);

}  // namespace sixtops::importer
