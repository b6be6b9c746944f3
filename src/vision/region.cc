#include "vision/region.h"

#include <cstddef>

namespace sixtops::vision {
namespace {

// Twice the signed area of the triangle; above 0 when c lies right of a → b (y down).
double turn(Point a, Point b, Point c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

}  // namespace

bool contains(const Polygon& polygon, Point point) {
  bool inside = false;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

int crossing(Point from, Point to, Point step_begin, Point step_end) {
  // A point on the line counts to its right, so that a track that rests there crosses once.
  const bool was_right = turn(from, to, step_begin) >= 0;
  const bool is_right = turn(from, to, step_end) >= 0;
  if (was_right == is_right) return 0;
  const bool from_side = turn(step_begin, step_end, from) >= 0;
  const bool to_side = turn(step_begin, step_end, to) >= 0;
  if (from_side == to_side) return 0;  // beside the segment
  return is_right ? 1 : -1;
}

}  // namespace sixtops::vision
