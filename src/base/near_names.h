// "Did you mean ...?" for names that a user mistyped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sixtops {

// "; did you mean 'a', 'b' or 'c'?" with up to three candidates that are near in spelling or hold the name, best first;
// empty when there is none. For the end of an error message.
std::string suggest_names(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace sixtops
