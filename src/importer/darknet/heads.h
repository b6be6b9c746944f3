// What the [yolo] sections say of the network's outputs.
#pragma once

#include "importer/darknet/network.h"

namespace sixtops::importer::darknet {

// Outputs, finest stride first, and the task hints that decode them. Without detection sections the last layer is the
// output.
Status write_outputs(Network& network);

}  // namespace sixtops::importer::darknet
