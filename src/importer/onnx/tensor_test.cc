#include "importer/onnx/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "testing/onnx_builder.h"

namespace sixtops::importer::onnx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wire::onnx::SparseTensorProto;
using wire::onnx::TensorProto;

TensorProto header(int type, const std::vector<int64_t>& dims) {
  TensorProto proto;
  proto.set_data_type(type);
  for (const int64_t extent : dims) proto.add_dims(extent);
  return proto;
}

Result<Tensor> read(const TensorProto& proto) { return TensorReader(nullptr, "model.onnx").read(proto); }

void expect_error(const Result<Tensor>& tensor, StatusCode code, const std::string& words) {
  ASSERT_FALSE(tensor.ok());
  EXPECT_EQ(tensor.status().code(), code) << tensor.status().message();
  EXPECT_THAT(tensor.status().message(), HasSubstr(words));
}

TEST(TensorReader, ReadsTypedFields) {
  TensorProto floats = header(1, {2});
  floats.add_float_data(1.5F);
  floats.add_float_data(-2);
  EXPECT_THAT(read(floats)->values<float>(), ElementsAre(1.5F, -2));
  TensorProto codes = header(3, {2});
  codes.add_int32_data(-7);
  codes.add_int32_data(100);
  EXPECT_THAT(read(codes)->values<int8_t>(), ElementsAre(-7, 100));
  TensorProto halves = header(10, {});
  halves.add_int32_data(0x3C00);
  EXPECT_EQ(static_cast<float>(read(halves)->values<Half>()[0]), 1.0F);
  TensorProto wide = header(13, {1});
  wide.add_uint64_data(UINT64_MAX);
  EXPECT_THAT(read(wide)->values<uint64_t>(), ElementsAre(UINT64_MAX));
}

TEST(TensorReader, RawDataIsNotCopied) {
  TensorProto proto = header(1, {64});
  proto.set_raw_data(std::string(256, '\0'));
  EXPECT_EQ(static_cast<const void*>(read(proto)->bytes().data()), proto.raw_data().data());
}

TEST(TensorReader, BoolsAreZeroOrOne) {
  TensorProto proto = header(9, {2});
  proto.set_raw_data(std::string("\x00\x01", 2));
  EXPECT_THAT(read(proto)->values<bool>(), ElementsAre(false, true));
  proto.set_raw_data(std::string("\x00\x7F", 2));
  expect_error(read(proto), StatusCode::kInvalidData, "bool");
}

TEST(TensorReader, ShapesAndDataHaveToAgree) {
  TensorProto proto = header(1, {3});
  proto.set_raw_data("12345678");
  expect_error(read(proto), StatusCode::kInvalidData, "8 bytes");
  expect_error(read(header(7, {2})), StatusCode::kInvalidData, "0 elements");
  expect_error(read(header(1, {-1})), StatusCode::kInvalidData, "negative extent");
  expect_error(read(header(1, {int64_t{1} << 40, int64_t{1} << 40})), StatusCode::kResource, "overflow");
  expect_error(read(header(1, std::vector<int64_t>(100, 1))), StatusCode::kResource, "100 axes");
}

TEST(TensorReader, ForeignElementTypesAreNamed) {
  expect_error(read(header(8, {0})), StatusCode::kUnsupported, "string");
  expect_error(read(header(17, {0})), StatusCode::kUnsupported, "float8e4m3fn");
  expect_error(read(header(22, {0})), StatusCode::kUnsupported, "int4");
  expect_error(read(header(99, {0})), StatusCode::kInvalidData, "99");
}

SparseTensorProto sparse(const std::vector<int64_t>& dims, const Tensor& values, const Tensor& indices) {
  SparseTensorProto proto;
  *proto.mutable_values() = testing::onnx_tensor("s", values);
  *proto.mutable_indices() = testing::onnx_tensor("", indices);
  for (const int64_t extent : dims) proto.add_dims(extent);
  return proto;
}

TEST(TensorReader, SparseTensorsBecomeDense) {
  TensorReader reader(nullptr, "");
  const Tensor values = Tensor::from_values<float>({2}, {5, 7});
  const SparseTensorProto flat = sparse({2, 3}, values, Tensor::from_values<int64_t>({2}, {1, 5}));
  EXPECT_THAT(reader.read_sparse(flat)->values<float>(), ElementsAre(0, 5, 0, 0, 0, 7));
  const SparseTensorProto by_axis = sparse({2, 3}, values, Tensor::from_values<int64_t>({2, 2}, {0, 2, 1, 0}));
  EXPECT_THAT(reader.read_sparse(by_axis)->values<float>(), ElementsAre(0, 0, 5, 7, 0, 0));
}

TEST(TensorReader, HostileSparseTensorsAreRefused) {
  TensorReader reader(nullptr, "");
  const Tensor values = Tensor::from_values<float>({1}, {5});
  const auto at = [](int64_t index) { return Tensor::from_values<int64_t>({1}, {index}); };
  expect_error(reader.read_sparse(sparse({2}, values, at(2))), StatusCode::kInvalidData, "index 2");
  expect_error(reader.read_sparse(sparse({2}, values, at(-1))), StatusCode::kInvalidData, "index -1");
  expect_error(reader.read_sparse(sparse({int64_t{1} << 40}, values, at(0))), StatusCode::kResource, "limit");
  expect_error(reader.read_sparse(sparse({2}, values, Tensor::from_values<int64_t>({2}, {0, 1}))),
               StatusCode::kInvalidData, "indices");
}

class ExternalTensors : public ::testing::Test {
 protected:
  void SetUp() override {
    // Tests of this fixture may run at once, each in a process of its own.
    const std::string test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::filesystem::path(::testing::TempDir()) / ("external_tensors_" + test + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "model");
    std::ofstream(folder_ / "model" / "weights.bin") << "0123" << std::string("\x00\x00\x80\x3F", 4);
    std::ofstream(folder_ / "secret.bin") << "12345678";
    std::filesystem::create_symlink(folder_ / "secret.bin", folder_ / "model" / "link.bin");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<Tensor> read(const std::map<std::string, std::string>& entries) {
    TensorProto proto = header(1, {1});
    proto.set_data_location(1);
    for (const auto& [key, value] : entries) {
      auto& entry = *proto.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    return TensorReader(nullptr, (folder_ / "model" / "model.onnx").string()).read(proto);
  }

  std::filesystem::path folder_;
};

TEST_F(ExternalTensors, AreReadAtTheirOffset) {
  const Result<Tensor> tensor = read({{"location", "weights.bin"}, {"offset", "4"}, {"length", "4"}});
  ASSERT_TRUE(tensor.ok()) << tensor.status().message();
  EXPECT_THAT(tensor->values<float>(), ElementsAre(1.0F));
}

TEST_F(ExternalTensors, StayInTheFolderOfTheModel) {
  expect_error(read({{"location", "../secret.bin"}}), StatusCode::kInvalidData, "'../secret.bin'");
  expect_error(read({{"location", (folder_ / "secret.bin").string()}}), StatusCode::kInvalidData, "secret.bin");
  expect_error(read({{"location", "link.bin"}}), StatusCode::kInvalidData, "leads out");
  expect_error(read({}), StatusCode::kInvalidData, "location");
}

TEST_F(ExternalTensors, SizesAreChecked) {
  expect_error(read({{"location", "missing.bin"}}), StatusCode::kNotFound, "missing.bin");
  expect_error(read({{"location", "weights.bin"}, {"offset", "6"}}), StatusCode::kInvalidData, "4 bytes at 6");
  expect_error(read({{"location", "weights.bin"}, {"offset", "-4"}}), StatusCode::kInvalidData, "'-4'");
  expect_error(read({{"location", "weights.bin"}, {"length", "8"}}), StatusCode::kInvalidData, "length 8");
}

}  // namespace
}  // namespace sixtops::importer::onnx
