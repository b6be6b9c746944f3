#include "quantize/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cpu/engine/vector_clones.h"
#include "cpu/reference/kernel.h"

namespace sixtops::quantize {
namespace {

// The formula counts as so many observed values: it decides where there are none and vanishes where there are many.
constexpr double kFormulaWeight = 2;

size_t index_of(int code) {
  const int index = code + 128;
  return static_cast<size_t>(index);
}

constexpr size_t kPiece = 1024;

// index_of(Grid::code) of each value.
SIXTOPS_VECTOR_CLONES
void find_indices(const float* values, size_t count, double scale, int zero_point, int32_t* indices) {
  constexpr double kRound = 0x1.8p52;  // adding it rounds half to even
  const double least = -128 - zero_point;
  const double most = 127 - zero_point;
  const int offset = zero_point + 128;
  for (size_t i = 0; i < count; ++i) {
    double steps = values[i] / scale;
    steps = steps > least ? steps : least;
    steps = steps < most ? steps : most;
    indices[i] = static_cast<int32_t>((steps + kRound) - kRound) + offset;
  }
}

}  // namespace

void TableFit::add(std::span<const float> before, std::span<const float> answer) {
  std::array<int32_t, kPiece> indices;
  for (size_t begin = 0; begin < before.size(); begin += kPiece) {
    const size_t count = std::min(kPiece, before.size() - begin);
    find_indices(before.data() + begin, count, before_.scale, before_.zero_point, indices.data());
    for (size_t i = 0; i < count; ++i) {
      const auto index = static_cast<size_t>(indices[i]);
      count_[index] += 1;
      sum_[index] += answer[begin + i];
    }
  }
}

void TableFit::add(const TableFit& other) {
  for (size_t i = 0; i < count_.size(); ++i) {
    count_[i] += other.count_[i];
    sum_[i] += other.sum_[i];
  }
}

void TableFit::add_codes(std::span<const int8_t> codes, std::span<const float> answer) {
  for (size_t i = 0; i < codes.size(); ++i) {
    count_[index_of(codes[i])] += 1;
    sum_[index_of(codes[i])] += answer[i];
  }
}

Result<std::array<int8_t, 256>> TableFit::finish(const Node& activation, const Grid& after) const {
  std::vector<float> centres;
  for (int code = -128; code <= 127; ++code) centres.push_back(static_cast<float>(before_.real(code)));
  const std::vector<Tensor> inputs = {Tensor::from_values<float>({256}, centres)};
  const std::vector<Tensor> outputs = TRY(cpu::reference::run_node(activation, inputs));
  const auto formula = outputs[0].values<float>();
  std::array<int8_t, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) {
    // Outside of the activation's domain (the logarithm of a negative code) there is no formula; such codes answer
    // zero.
    const double expected = std::isnan(formula[i]) ? 0.0 : formula[i];
    const double answer = (sum_[i] + kFormulaWeight * expected) / (count_[i] + kFormulaWeight);
    table[i] = static_cast<int8_t>(after.code(answer));
  }
  return table;
}

}  // namespace sixtops::quantize
