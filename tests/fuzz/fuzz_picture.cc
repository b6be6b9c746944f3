// JPEG, PNG and BMP files, told apart by their content.
#include "finding.h"
#include "vision/picture_file.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<vision::Picture> picture = vision::decode_picture(fuzz::copy_of(data, size), "fuzz");
  if (!fuzz::succeeded(picture.status())) return 0;
  fuzz::expect(vision::check_picture_size(picture->width, picture->height).ok(), "a picture beyond the limits");
  const auto bytes = static_cast<size_t>(picture->height) * static_cast<size_t>(picture->stride_bytes);
  fuzz::expect(picture->stride_bytes >= 3 * picture->width && picture->rgb.size() >= bytes, "rows without pixels");
  return 0;
}
