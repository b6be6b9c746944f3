#include "vision/find_objects.h"

#include "vision/nms.h"

namespace sixtops::vision {

Result<std::vector<Detection>> find_objects(const HeadDescription& head, std::span<const TensorView> outputs,
                                            const Placement& placement, const PictureSizes& sizes,
                                            const FindOptions& options) {
  const DecodeOptions decode{options.min_score, sizes.input_width, sizes.input_height, options.hints};
  std::vector<Detection> candidates = TRY(decode_head(head, outputs, decode));
  std::vector<Detection> kept = non_maximum_suppression(std::move(candidates), options.max_iou, options.max_count);
  return map_to_picture(std::move(kept), placement, sizes.picture_width, sizes.picture_height);
}

}  // namespace sixtops::vision
