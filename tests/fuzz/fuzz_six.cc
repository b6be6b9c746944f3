// A .six file, its checksums made right; what reads is written and reads again as the same bytes.
#include "finding.h"
#include "model/model.h"
#include "testing/six_checksums.h"

using namespace sixtops;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::byte> file = fuzz::copy_of(data, size);
  testing::fix_checksums(file);
  const Result<model::Model> model = model::read_model(SharedBytes::own(std::move(file)));
  if (!fuzz::succeeded(model.status())) return 0;
  const Result<std::vector<std::byte>> written = model::write_model(*model);
  if (!fuzz::succeeded(written.status())) return 0;
  const Result<model::Model> again = model::read_model(SharedBytes::own(*written));
  fuzz::expect(again.ok(), again.status().message().c_str());
  fuzz::expect(model::write_model(*again).value() == *written, "a written model reads as another one");
  return 0;
}
