// Parts of a picture that nobody may see: black before the network looks, and in everything that is stored or shown.
#pragma once

#include <span>

#include "media/yuv_picture.h"
#include "vision/region.h"

namespace sixtops::media {

// Every pixel whose centre lies in a polygon becomes black, and so do its neighbours that share its chroma. The
// picture's pixels must be its own.
void black_out(const YuvPicture& picture, std::span<const vision::Polygon> polygons);

}  // namespace sixtops::media
