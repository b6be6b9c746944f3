// Lists of pictures with their classes.
#include "finding.h"
#include "vision/class_list.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto list = vision::parse_class_list(fuzz::text_of(data, size), "fuzz");
  if (!fuzz::succeeded(list.status())) return 0;
  for (const vision::ClassifiedPicture& picture : *list) {
    fuzz::expect(!picture.file.empty() && picture.class_index >= 0, "a line without file or class");
  }
  return 0;
}
