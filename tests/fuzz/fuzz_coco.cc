// COCO annotations.
#include <set>

#include "finding.h"
#include "vision/coco.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<vision::CocoAnnotations> coco = vision::parse_coco(fuzz::copy_of(data, size), "fuzz");
  if (!fuzz::succeeded(coco.status())) return 0;
  std::set<int64_t> ids;
  for (const vision::CocoPicture& picture : coco->pictures) ids.insert(picture.id);
  fuzz::expect(ids.size() == coco->pictures.size(), "two pictures share an id");
  return 0;
}
