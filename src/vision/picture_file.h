// JPEG, PNG and BMP files in and out. The format is told from the content when reading, from the suffix when writing.
// EXIF orientation of JPEG files is honoured. Alpha is dropped, grey and palette pictures become RGB, 16 bit becomes 8.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "vision/picture.h"

namespace sixtops::vision {

Result<Picture> read_picture(const std::string& path);
Result<Picture> decode_picture(ByteSpan bytes, const std::string& name);  // name: for messages

bool is_picture_path(const std::string& path);  // by suffix: .jpg .jpeg .png .bmp, any case

// JPEG at quality 95, PNG, or BMP. Written to a temporary name, then renamed. kUsage for other suffixes.
Status write_picture(const Picture& picture, const std::string& path);

// The pictures that a folder, a glob or a file name means, sorted by name. Of folders (not of those inside) and globs
// only what is_picture_path says; a file that is named is taken as it is. kNotFound when that is nothing.
Result<std::vector<std::string>> list_pictures(const std::string& source);

}  // namespace sixtops::vision
