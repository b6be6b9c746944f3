#include "cpu/engine/plan/view.h"

#include <algorithm>

namespace sixtops::cpu::engine {

void Halo::include(const Halo& other) {
  top = std::max(top, other.top);
  bottom = std::max(bottom, other.bottom);
  left = std::max(left, other.left);
  right = std::max(right, other.right);
}

Geometry Buffer::geometry(const Plane& plane) const {
  const int64_t row = pitch() * plane.line_bytes;
  return {image_rows() * row, row, plane.line_bytes, 0};
}

int64_t Buffer::front_bytes(const Plane& plane) const { return (halo.top * pitch() + halo.left) * plane.line_bytes; }

int64_t Buffer::plane_bytes(const Plane& plane) const {
  return front_bytes(plane) + (extent.images * image_rows() * pitch() + halo.right) * plane.line_bytes;
}

Buffer make_buffer(const Extent& extent, int64_t channels, int64_t bytes_per_channel) {
  Buffer buffer;
  buffer.extent = extent;
  for (int64_t c = 0; c < channels; c += kLineBytes) {
    const int64_t count = std::min<int64_t>(kLineBytes, channels - c);
    // Lines of 48 bytes would cross cache lines.
    const int64_t width = count <= 16 ? 16 : count <= 32 ? 32 : 64;
    buffer.planes.push_back({count, width * bytes_per_channel, 0});
  }
  return buffer;
}

Buffer make_dense_buffer(const Extent& extent, int64_t channels) {
  Buffer buffer;
  buffer.extent = extent;
  buffer.planes.push_back({channels, channels, 0});
  return buffer;
}

int64_t View::channels() const {
  int64_t count = 0;
  for (const Part& part : parts) count += part.channels;
  return count;
}

View whole_view(int buffer_index, const Buffer& buffer) {
  View view{buffer.extent, {}, false};
  for (size_t plane = 0; plane < buffer.planes.size(); ++plane) {
    view.parts.push_back({buffer_index, static_cast<int>(plane), 0, buffer.planes[plane].channels, 0, 0, 1, 1, 0});
  }
  return view;
}

View slice_channels(const View& view, int64_t first, int64_t count) {
  View result{view.extent, {}, view.sums};
  int64_t begin = 0;
  for (const Part& part : view.parts) {
    const int64_t from = std::max(first, begin);
    const int64_t to = std::min(first + count, begin + part.channels);
    if (from < to) {
      Part slice = part;
      slice.first_channel += from - begin;
      slice.channels = to - from;
      result.parts.push_back(slice);
    }
    begin += part.channels;
  }
  return result;
}

std::optional<PictureShape> picture_shape(const Shape& shape) {
  if (shape.size() < 2 || shape.size() > 4) return std::nullopt;
  for (const int64_t extent : shape) {
    if (extent < 1) return std::nullopt;
  }
  PictureShape picture;
  picture.extent.images = shape[0];
  picture.channels = shape[1];
  if (shape.size() == 4) picture.extent.height = shape[2];
  if (shape.size() > 2) picture.extent.width = shape.back();
  return picture;
}

}  // namespace sixtops::cpu::engine
