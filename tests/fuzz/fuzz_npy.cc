// A .npy file; what reads is written and reads again as the same tensor.
#include <algorithm>

#include "finding.h"
#include "graph/npy.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<Tensor> tensor = parse_npy(SharedBytes::own(fuzz::copy_of(data, size)));
  if (!fuzz::succeeded(tensor.status())) return 0;
  const Result<std::vector<std::byte>> written = format_npy(*tensor);
  fuzz::expect(written.ok(), written.status().message().c_str());
  const Result<Tensor> again = parse_npy(SharedBytes::own(*written));
  fuzz::expect(again.ok(), again.status().message().c_str());
  fuzz::expect(again->dtype() == tensor->dtype() && again->shape() == tensor->shape() &&
                   std::ranges::equal(again->bytes().span(), tensor->bytes().span()),
               "a written tensor reads as another one");
  return 0;
}
