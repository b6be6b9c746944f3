// A TensorFlow Lite file through importer and passes.
#include "imported.h"
#include "importer/tflite/tflite_importer.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::check_imported(
      importer::tflite::import_model({"fuzz.tflite", SharedBytes::own(fuzz::copy_of(data, size))}, {}));
}
