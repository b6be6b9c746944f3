// The default boxes that SSD heads are relative to. They are no part of the network, so they are made again from the
// published rules, and the number of rows says which rule it was:
//
//   torchvision ssd300_vgg16              300 x 300, 8732 rows
//   torchvision ssdlite320_mobilenet_v3   320 x 320, 3234 rows
//   TensorFlow Object Detection API       any size, six maps from stride 16 on: 1917 rows at 300 x 300
//
// Sources: torchvision models/detection/anchor_utils.py (DefaultBoxGenerator), ssd.py, ssdlite.py;
// TensorFlow models, object_detection/anchor_generators/multiple_grid_anchor_generator.py (create_ssd_anchors) with the
// values of ssd_mobilenet_v1_coco.config.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sixtops::vision {

enum class SsdRule { kTorchvisionSsd300, kTorchvisionSsdLite320, kTensorflow };

// Centre and size, of the whole input.
struct Prior {
  float center_x = 0;
  float center_y = 0;
  float width = 0;
  float height = 0;
};

std::optional<SsdRule> ssd_rule(int64_t rows, int input_width, int input_height);
std::vector<Prior> ssd_priors(SsdRule rule, int input_width, int input_height);

}  // namespace sixtops::vision
