// From what a network answers to probabilities.
#pragma once

#include <span>
#include <vector>

namespace sixtops::vision {

float sigmoid(float logit);
float logit(float probability);  // its inverse; -inf at 0, +inf at 1

// Shifted by the maximum, so that it cannot overflow.
void softmax(std::span<float> logits);

// Whether values are probabilities already: all lie in 0..1 (and a rounding error). Scores that a trained network
// gives before its sigmoid or softmax never all do: each class would be at least even odds everywhere.
bool are_probabilities(std::span<const float> values);

}  // namespace sixtops::vision
