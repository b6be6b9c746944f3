#include "cpu/engine/plan/placement.h"

#include <algorithm>
#include <numeric>

#include "base/checked.h"

namespace sixtops::cpu::engine {
namespace {

constexpr int64_t kAlignment = 64;
// Planes begin some lines after a multiple of 4096 from each other, so that they do not fall on the same cache sets.
constexpr int64_t kSkew = 5 * 64;
constexpr int64_t kPage = 4096;

int64_t aligned(int64_t bytes, int64_t to) { return (bytes + to - 1) / to * to; }

// Planes one after the other; pixel 0 of each begins on a cache line. → bytes of the buffer.
Result<int64_t> place_planes(Buffer& buffer) {
  // 2^40 lines of at most 256 bytes keep every sum below within 64 bits.
  constexpr int64_t kMostLines = int64_t{1} << 40;
  const int64_t rows = TRY(checked_multiply(buffer.extent.images + 1, buffer.image_rows()));
  if (TRY(checked_multiply(rows, buffer.pitch())) > kMostLines / static_cast<int64_t>(buffer.planes.size() + 1)) {
    return resource_error("an activation of {} x {} x {} pixels is too large", buffer.extent.images,
                          buffer.extent.height, buffer.extent.width);
  }
  int64_t at = 0;
  for (Plane& plane : buffer.planes) {
    const int64_t front = aligned(buffer.front_bytes(plane), kAlignment);
    plane.offset = at + front;
    const int64_t bytes = front + buffer.plane_bytes(plane) - buffer.front_bytes(plane) + kArenaSlack;
    at += bytes >= kPage ? aligned(bytes, kPage) + kSkew : aligned(bytes, kAlignment);
  }
  return at;
}

}  // namespace

// Greedy by size: large buffers first, each at the lowest place that no buffer of the same time occupies.
Result<int64_t> place(std::vector<Buffer>& buffers) {
  std::vector<int64_t> bytes;
  for (Buffer& buffer : buffers) bytes.push_back(TRY(place_planes(buffer)));
  std::vector<size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return bytes[a] > bytes[b]; });
  int64_t arena = 0;
  std::vector<size_t> placed;  // by offset
  for (const size_t index : order) {
    Buffer& buffer = buffers[index];
    int64_t at = 0;
    for (const size_t other : placed) {
      const Buffer& taken = buffers[other];
      if (taken.last_step < buffer.first_step || buffer.last_step < taken.first_step) continue;
      if (taken.offset >= at + bytes[index]) break;
      at = std::max(at, taken.offset + bytes[other]);
    }
    buffer.offset = at;
    arena = std::max(arena, TRY(checked_add(at, bytes[index])));
    for (Plane& plane : buffer.planes) plane.offset += at;
    placed.insert(std::upper_bound(placed.begin(), placed.end(), index,
                                   [&](size_t a, size_t b) { return buffers[a].offset < buffers[b].offset; }),
                  index);
  }
  return checked_add(arena, kArenaSlack);
}

}  // namespace sixtops::cpu::engine
