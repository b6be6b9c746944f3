// Names of classes.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace sixtops::vision {

// One name a line; blanks around it and empty lines at the end do not count. kInvalidData for files without names and
// files that are no text.
Result<std::vector<std::string>> read_labels(const std::string& path);

// The 80 classes of COCO in the order of the detectors, with the spellings of Darknet's coco.names.
const std::vector<std::string>& coco_labels();

// How many of a network's classes come before class 0 of the label list: TensorFlow's ImageNet networks have 1001
// classes, the first of which is the background.
int background_classes(int classes);

// Labels for that many classes: as they are; without their first one, "background", when that is one too many; or with
// one before them when the network has it (background_classes). kInvalidData names both counts otherwise.
Result<std::vector<std::string>> fit_labels(std::vector<std::string> labels, int classes, const std::string& source);

// labels[class_id], or "class 7" where there is none.
std::string label_of(const std::vector<std::string>& labels, int class_id);

}  // namespace sixtops::vision
