#include "testing/test_data.h"

#include <cstdlib>
#include <filesystem>

namespace sixtops::testing {

std::string test_data_path(const std::string& relative) {
  const char* folder = std::getenv("SIXTOPS_TEST_DATA");
  const std::string path = (folder != nullptr ? std::string(folder) : SIXTOPS_SOURCE_DIR "/../shared") + "/" + relative;
  return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace sixtops::testing
