// Pictures as JPEG files of a folder: 00000000.jpg and so on, by their numbers.
#pragma once

#include "media/sink.h"

namespace sixtops::media {

// The folder is made at the first picture.
std::unique_ptr<PictureSink> make_jpeg_folder(const std::string& folder);

}  // namespace sixtops::media
