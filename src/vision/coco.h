// Annotations of the COCO format (cocodataset.org, "Data format", object detection), read from untrusted JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace sixtops::vision {

struct CocoPicture {
  int64_t id = 0;
  std::string file_name;
};

struct CocoObject {
  int64_t picture_id = 0;
  int64_t category_id = 0;
  double left = 0;  // pixels
  double top = 0;
  double width = 0;
  double height = 0;
  double area = 0;     // of the object's outline; of the box where the file has none
  bool crowd = false;  // a group that is not told apart: never missed, and may be hit often
};

struct CocoCategory {
  int64_t id = 0;
  std::string name;
};

// In the order of the file: class c of a detector is categories[c]. Ids of pictures and categories are unique. Objects
// may name pictures that are not listed (files are cut to a few pictures in that way); nothing counts them.
struct CocoAnnotations {
  std::vector<CocoPicture> pictures;
  std::vector<CocoObject> objects;
  std::vector<CocoCategory> categories;
};

// kInvalidData names what is missing or wrong, and its place in the list.
Result<CocoAnnotations> read_coco(const std::string& path);
Result<CocoAnnotations> parse_coco(ByteSpan json, const std::string& name);

}  // namespace sixtops::vision
