// Mean average precision of boxes, as COCO measures it (pycocotools' COCOeval for "bbox", area "all").
//
// A category, over all pictures: the best kMaxDetections boxes of each picture are matched in the order of their
// scores, each to the free true object of the category with the largest overlap of at least t. Boxes matched to crowds
// (which stay free, and whose overlap is measured against the box alone) count as nothing. Precision is made monotone
// from the right and read at the recalls 0, 0.01, ..., 1. That is averaged over these 101 recalls, over the categories
// that have objects that count, and over t = 0.50, 0.55, ..., 0.95.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "vision/coco.h"
#include "vision/detection.h"

namespace sixtops::vision {

inline constexpr int kMaxDetections = 100;  // a picture and category

// What was found on one picture of the annotations; class c is the category at place c of their list.
struct PictureDetections {
  int64_t picture_id = 0;
  std::vector<Detection> detections;
};

struct AveragePrecision {
  double map = 0;                   // t = 0.50 to 0.95; 0 when the pictures show no object
  double map50 = 0;                 // t = 0.50
  std::vector<double> of_category;  // t = 0.50 to 0.95, in the order of the categories; -1 without objects
};

// Only the pictures of `found` count, each once. kInvalidData for a picture twice, one that the annotations do not
// list, or a class beyond their categories.
Result<AveragePrecision> average_precision(const CocoAnnotations& truth, std::span<const PictureDetections> found);

}  // namespace sixtops::vision
