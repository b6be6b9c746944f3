// A PyTorch archive through importer and passes.
#include "imported.h"
#include "importer/torchscript/torchscript_importer.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  importer::ImportOptions options;
  options.input_shapes["x"] = {1, 4, 6, 6};
  return fuzz::check_imported(
      importer::torchscript::import_model({"fuzz.pt", SharedBytes::own(fuzz::copy_of(data, size))}, options));
}
