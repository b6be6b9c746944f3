// Training checkpoints of Ultralytics (best.pt, yolov5n.pt): YOLOv5, YOLOv8, YOLO11.
//
// The pickle holds the tree of modules with their settings and weights. The network is rebuilt from it up to the raw
// tensors of its detector; classes, anchors and strides go into the task hints.
#pragma once

#include "importer/importer.h"
#include "importer/torchscript/archive.h"

namespace sixtops::importer::torchscript {

// Input `images`, 1 x 3 x the size that the network was trained with (or 640), unless options.input_shapes says
// otherwise. kUnsupported lists all modules that are not known.
Result<Graph> rebuild_checkpoint(const Archive& archive, const PickleValue& root, const ImportOptions& options);

}  // namespace sixtops::importer::torchscript
