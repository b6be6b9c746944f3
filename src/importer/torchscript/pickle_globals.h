// Which names a pickle may use.
#pragma once

#include <string_view>

namespace sixtops::importer::torchscript {

// "collections.OrderedDict" and the like: containers, tensor makers, storages, modules and settings of networks.
bool is_allowed_global(std::string_view name);

}  // namespace sixtops::importer::torchscript
