// Mutations that know nothing of a format.
#pragma once

#include <functional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace sixtops::mutation {

// Numbers that parsers trip over: 0, ±1, around powers of two up to 2^63, plausible extents that are too large.
int64_t hostile_number(std::mt19937& random);

// Where the next change may happen: a position in a file of that size.
using Place = std::function<size_t(std::mt19937&, size_t size)>;

// Applies one mutation chosen at random (flipped bits, cut end, inserted, removed or copied ranges, hostile words and
// varints) and returns its name.
std::string_view mutate_bytes(std::vector<std::byte>& bytes, std::mt19937& random, const Place& place);

}  // namespace sixtops::mutation
