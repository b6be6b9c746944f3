// A folder or glob of pictures as a video of 25 frames a second.
#pragma once

#include "media/source.h"

namespace sixtops::media {

Result<std::unique_ptr<Source>> open_picture_source(const std::string& pictures);

}  // namespace sixtops::media
