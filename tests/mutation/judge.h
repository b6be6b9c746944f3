// How a damaged file is judged: it has to give an error, or a model that loads, within bounds of memory and time; a
// model whose plan fits kMaxPlanBytes has to run.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "runtime/session.h"

namespace sixtops::mutation {

inline constexpr int64_t kMaxPlanBytes = int64_t{1} << 30;

using SessionPtr = std::unique_ptr<runtime::Session>;

// Nothing when all is well. `outcomes` counts what became of the files.
std::string fault_of(size_t file_bytes, const std::function<Result<SessionPtr>()>& load,
                     std::map<std::string, int>& outcomes);

}  // namespace sixtops::mutation
