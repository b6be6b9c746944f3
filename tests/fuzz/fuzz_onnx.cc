// An ONNX file through importer and passes.
#include "imported.h"
#include "importer/importer.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::check_imported(importer::import_model({"fuzz.onnx", SharedBytes::own(fuzz::copy_of(data, size))}, {}));
}
