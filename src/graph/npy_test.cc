#include "graph/npy.h"

#include <gtest/gtest.h>

#include <string>

namespace sixtops {
namespace {

SharedBytes bytes_of(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return SharedBytes::own({data, data + text.size()});
}

// A file of version 1 whose header is `dict`.
std::string file_of(const std::string& dict, const std::string& data) {
  std::string text = "\x93NUMPY";
  text += '\x01';
  text += '\x00';
  text += static_cast<char>(dict.size() & 0xFF);
  text += static_cast<char>(dict.size() >> 8);
  return text + dict + data;
}

TEST(Npy, EveryTypeComesBack) {
  for (const Shape& shape : {Shape{}, Shape{0}, Shape{5}, Shape{2, 3}, Shape{1, 2, 1, 3}}) {
    for (int i = 0; i < kDTypeCount; ++i) {
      const auto dtype = static_cast<DType>(i);
      if (dtype == DType::kBF16) continue;
      const Tensor tensor = Tensor::allocate(dtype, shape).value();
      const auto file = format_npy(tensor);
      ASSERT_TRUE(file.ok());
      const Result<Tensor> back = parse_npy(SharedBytes::own(*file));
      ASSERT_TRUE(back.ok()) << back.status().message();
      EXPECT_EQ(back->dtype(), dtype);
      EXPECT_EQ(back->shape(), shape);
    }
  }
}

TEST(Npy, HeaderIsPaddedTo64Bytes) {
  const auto file = format_npy(Tensor::from_values<float>({2}, {1, -2.5F}));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((file->size() - 8) % 64, 0U);
  const Result<Tensor> back = parse_npy(SharedBytes::own(*file));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->values<float>()[1], -2.5F);
}

TEST(Npy, BrainFloatsAreWrittenAsFloat32) {
  const auto file = format_npy(cast(Tensor::from_values<float>({1}, {1.5F}), DType::kBF16).value());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(parse_npy(SharedBytes::own(*file))->values<float>()[0], 1.5F);
}

TEST(Npy, FortranOrderBecomesRowMajor) {
  // [[1, 2, 3], [4, 5, 6]] by columns.
  const Result<Tensor> tensor =
      parse_npy(bytes_of(file_of("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n", "\1\4\2\5\3\6")));
  ASSERT_TRUE(tensor.ok()) << tensor.status().message();
  EXPECT_EQ(values_as<int64_t>(*tensor), (std::vector<int64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, BrokenFilesAreErrors) {
  const std::string good = file_of("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", "1234");
  ASSERT_TRUE(parse_npy(bytes_of(good)).ok());
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_npy(bytes_of(good.substr(0, size))).ok()) << size;
  for (const char* dict : {
           "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
           "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
           "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
           "{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }",
           "{'descr': '<f4', 'fortran_order': False, }",
           "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
           "",
       }) {
    EXPECT_FALSE(parse_npy(bytes_of(file_of(dict, "1234"))).ok()) << dict;
  }
  EXPECT_FALSE(parse_npy(bytes_of(file_of("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", "\2"))).ok());
}

}  // namespace
}  // namespace sixtops
