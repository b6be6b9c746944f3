// Caffe's two files through importer and passes: the prototxt, a zero byte, the caffemodel.
#include <algorithm>

#include "imported.h"
#include "importer/caffe/caffe_importer.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all = fuzz::text_of(data, size);
  const size_t end = std::min(all.find('\0'), size);
  const size_t weights_at = std::min(end + 1, size);
  const SharedBytes weights = SharedBytes::own(fuzz::copy_of(data + weights_at, size - weights_at));
  return fuzz::check_imported(importer::caffe::import_pair(all.substr(0, end), weights, {}));
}
