// Detection with the roundings of the vendor's YOLOv5 demo (vision/vendor_post_process.h).
#pragma once

#include <vector>

#include "app/picture_network.h"

namespace sixtops::app {

// kUnsupported for heads other than YOLOv5 with sigmoid outputs, three strides and 80 classes. Float outputs are turned
// into the codes that the demo's model has: 1/255 a step from -128.
Result<std::vector<vision::Detection>> vendor_detect_on_picture(PictureNetwork& network, const vision::Picture& picture,
                                                                const DetectionThresholds& thresholds);

}  // namespace sixtops::app
