// Places of a picture that a user draws: points in 0..1 of its sides, so that they fit every resolution of a camera.
#pragma once

#include <vector>

namespace sixtops::vision {

struct Point {
  double x = 0;
  double y = 0;
};

using Polygon = std::vector<Point>;  // closed by itself; three points or more

// Even-odd rule.
bool contains(const Polygon& polygon, Point point);

// Which side of the line from `from` to `to` a step crosses to: +1 to its right as a walker on the line sees it (y
// down), -1 to its left, 0 when it does not cross the segment.
int crossing(Point from, Point to, Point step_begin, Point step_end);

}  // namespace sixtops::vision
