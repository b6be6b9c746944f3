// The folder of models and pictures that are not in the repository: $SIXTOPS_TEST_DATA, default ../shared beside it.
//
//   TEST(Yolov5n, ...) {
//     SIXTOPS_NEED_DATA("models/yolov5n/yolov5n.onnx");   // skipped, with the reason, where there is none
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace sixtops::testing {

std::string test_data_path(const std::string& relative);  // "" when the file is not there

}  // namespace sixtops::testing

#define SIXTOPS_NEED_DATA(relative)                                                                    \
  do {                                                                                                 \
    if (::sixtops::testing::test_data_path(relative).empty()) {                                        \
      GTEST_SKIP() << "test data " << (relative) << " not found; set SIXTOPS_TEST_DATA to its folder"; \
    }                                                                                                  \
  } while (false)
