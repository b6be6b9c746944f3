// A TensorFlow graph through importer and passes.
#include "imported.h"
#include "importer/tensorflow/tensorflow_importer.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return fuzz::check_imported(
      importer::tensorflow::import_model({"fuzz.pb", SharedBytes::own(fuzz::copy_of(data, size))}, {}));
}
