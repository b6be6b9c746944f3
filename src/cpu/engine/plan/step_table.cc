#include "cpu/engine/plan/step_table.h"

#include <algorithm>

namespace sixtops::cpu::engine {
namespace {

// Neighbouring taps of one part.
struct Step {
  int geometry = 0;
  int64_t offset = 0;
  int64_t first_channel = 0;  // of the input
  int64_t channels = 0;       // of a tap
  int64_t tap = 0;
  int64_t taps = 1;

  int64_t bytes() const { return channels * taps; }
  int64_t dwords() const { return (bytes() + 3) / 4; }
};

}  // namespace

StepTable make_step_table(const Products& products, const View& input, int64_t first, int64_t count, int rounds,
                          const Lowering& lowering, std::vector<Geometry>& geometries, StepSources& sources) {
  std::vector<Step> steps;
  int64_t channel = first;
  for (const Part& part : slice_channels(input, first, count).parts) {
    const Geometry lines = lowering.geometry(part);
    Geometry geometry = lines;
    geometry.row *= products.stride_y;
    geometry.column *= products.stride_x;
    const int index = intern(geometries, geometry);
    const int64_t base = lowering.base(part);
    bool can_join = false;
    for (size_t t = 0; t < products.taps.size(); ++t) {
      const WindowTap& tap = products.taps[t];
      const bool joins = can_join && lines.column == part.channels && products.taps[t - 1].y == tap.y &&
                         products.taps[t - 1].x + 1 == tap.x;
      can_join = true;
      if (joins) {
        ++steps.back().taps;
      } else {
        steps.push_back({index, base + tap.y * lines.row + tap.x * lines.column, channel, part.channels,
                         static_cast<int64_t>(t), 1});
      }
    }
    channel += part.channels;
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.geometry != b.geometry ? a.geometry < b.geometry : a.dwords() < b.dwords();
  });

  StepTable table;
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const auto dwords = static_cast<int32_t>(step.dwords());
      if (i == 0 || table.segments.back().geometry != step.geometry || table.segments.back().dwords != dwords) {
        table.segments.push_back({step.geometry, static_cast<int32_t>(table.offsets.size()), 0, dwords});
      }
      ++table.segments.back().count;
      table.offsets.push_back(step.offset);
      table.dwords += dwords;
      if (round > 0) continue;
      for (int64_t byte = 0; byte < 4 * step.dwords(); ++byte) {
        const bool real = byte < step.bytes();
        sources.input.push_back(real ? step.first_channel + byte % step.channels : -1);
        sources.tap.push_back(real ? step.tap + byte / step.channels : -1);
      }
    }
  }
  return table;
}

}  // namespace sixtops::cpu::engine
