// rknn_matmul_api.h: every type and layout against a naive product.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rknn_matmul_api.h>

#include <cmath>
#include <cstring>
#include <random>

#include "capi/open_context.h"
#include "graph/dtype.h"

namespace sixtops::testing {
namespace {

// One matrix of a test: whole numbers, so that every type holds them and every product is exact.
struct Matrix {
  int rows = 0;
  int columns = 0;
  std::vector<int> values;
  int at(int row, int column) const { return values[static_cast<size_t>(row * columns + column)]; }
};

Matrix random_matrix(std::mt19937& random, int rows, int columns, int limit) {
  std::uniform_int_distribution<int> draw(-limit, limit - 1);
  Matrix matrix{rows, columns, std::vector<int>(static_cast<size_t>(rows * columns))};
  for (int& value : matrix.values) value = draw(random);
  return matrix;
}

// The place of an element by the formulas of the chip's documentation, from the dims that the library gave.
size_t place(const rknn_matmul_tensor_attr& attr, bool transposed, int row, int column, int rows) {
  const auto r = static_cast<size_t>(row);
  const auto c = static_cast<size_t>(column);
  if (attr.n_dims == 2) return transposed ? c * attr.dims[1] + r : r * attr.dims[1] + c;
  if (attr.n_dims == 3) return (c / attr.dims[2] * attr.dims[1] + r) * attr.dims[2] + c % attr.dims[2];
  const size_t sub_n = attr.dims[2];
  const size_t sub_k = attr.dims[3];
  constexpr size_t kSegment = 8192;
  const size_t segment = r / kSegment * kSegment;
  const size_t k_in_segment = std::min(kSegment, static_cast<size_t>(rows) - segment);
  const size_t tiles = (k_in_segment + sub_k - 1) / sub_k;
  const size_t k = r - segment;
  return segment * attr.dims[0] * sub_n + ((c / sub_n * tiles + k / sub_k) * sub_n + c % sub_n) * sub_k + k % sub_k;
}

void store(rknn_tensor_mem* mem, rknn_tensor_type type, size_t at, int value) {
  auto* bytes = static_cast<uint8_t*>(mem->virt_addr);
  if (type == RKNN_TENSOR_INT8) {
    bytes[at] = static_cast<uint8_t>(value);
  } else if (type == RKNN_TENSOR_INT4) {
    const auto bits = static_cast<uint8_t>(value & 0xf);
    bytes[at / 2] =
        static_cast<uint8_t>(at % 2 == 0 ? (bytes[at / 2] & 0x0f) | bits << 4 : (bytes[at / 2] & 0xf0) | bits);
  } else {
    const Half half(static_cast<float>(value));
    std::memcpy(bytes + 2 * at, &half, 2);
  }
}

double load(const rknn_tensor_mem* mem, rknn_tensor_type type, size_t at) {
  const auto* bytes = static_cast<const uint8_t*>(mem->virt_addr);
  const auto read = [&]<typename T>(T value) {
    std::memcpy(&value, bytes + at * sizeof(T), sizeof(T));
    return static_cast<double>(static_cast<float>(value));
  };
  switch (type) {
    case RKNN_TENSOR_INT8:
      return read(int8_t{});
    case RKNN_TENSOR_INT16:
      return read(int16_t{});
    case RKNN_TENSOR_INT32:
      return read(int32_t{});
    case RKNN_TENSOR_FLOAT16:
      return read(Half());
    case RKNN_TENSOR_BFLOAT16:
      return read(BFloat16());
    default:
      return read(0.0F);
  }
}

// What the product's whole number becomes in C's type.
double rounded(rknn_tensor_type type, double exact) {
  switch (type) {
    case RKNN_TENSOR_INT8:
      return std::clamp(exact, -128.0, 127.0);
    case RKNN_TENSOR_INT16:
      return std::clamp(exact, -32768.0, 32767.0);
    case RKNN_TENSOR_FLOAT16:
      return static_cast<double>(static_cast<float>(Half(static_cast<float>(exact))));
    case RKNN_TENSOR_BFLOAT16:
      return static_cast<double>(static_cast<float>(BFloat16(static_cast<float>(exact))));
    default:
      return exact;
  }
}

class Product {
 public:
  explicit Product(const rknn_matmul_info& info) : info_(info) {
    EXPECT_EQ(rknn_matmul_create(&context, &info_, &io), RKNN_SUCC);
    const rknn_matmul_tensor_attr* attributes[] = {&io.A, &io.B, &io.C};
    for (int i = 0; i < 3; ++i) mem[i] = rknn_create_mem(context, attributes[i]->size);
  }
  ~Product() {
    for (rknn_tensor_mem* one : mem) rknn_destroy_mem(context, one);
    EXPECT_EQ(rknn_matmul_destroy(context), RKNN_SUCC);
  }
  Product(const Product&) = delete;
  Product& operator=(const Product&) = delete;

  void fill(const Matrix& a, const Matrix& b) {
    for (int m = 0; m < a.rows; ++m) {
      for (int k = 0; k < a.columns; ++k) store(mem[0], io.A.type, place(io.A, false, m, k, a.rows), a.at(m, k));
    }
    const bool transposed = info_.B_layout == RKNN_MM_LAYOUT_TP_NORM;
    for (int k = 0; k < b.rows; ++k) {
      for (int n = 0; n < b.columns; ++n) {
        store(mem[1], io.B.type, place(io.B, transposed, k, n, b.rows), b.at(k, n));
      }
    }
  }
  void bind() {
    EXPECT_EQ(rknn_matmul_set_io_mem(context, mem[0], &io.A), RKNN_SUCC);
    EXPECT_EQ(rknn_matmul_set_io_mem(context, mem[1], &io.B), RKNN_SUCC);
    EXPECT_EQ(rknn_matmul_set_io_mem(context, mem[2], &io.C), RKNN_SUCC);
  }
  double c(int m, int n) const { return load(mem[2], io.C.type, place(io.C, false, m, n, info_.M)); }

  rknn_matmul_ctx context = 0;
  rknn_matmul_io_attr io = {};
  rknn_tensor_mem* mem[3] = {};

 private:
  rknn_matmul_info info_;
};

rknn_matmul_info info_of(rknn_matmul_type type, int m, int k, int n) {
  rknn_matmul_info info = {};
  info.M = m;
  info.K = k;
  info.N = n;
  info.type = type;
  return info;
}

void expect_product(const rknn_matmul_info& info) {
  std::mt19937 random(5);
  Product product(info);
  const int limit_a = product.io.A.type == RKNN_TENSOR_INT8 ? 128 : 8;
  const int limit_b = product.io.B.type == RKNN_TENSOR_INT8 ? 128 : 8;
  const Matrix a = random_matrix(random, info.M, info.K, limit_a);
  const Matrix b = random_matrix(random, info.K, info.N, limit_b);
  product.bind();
  product.fill(a, b);  // after binding: a run reads the memory as it is then
  ASSERT_EQ(rknn_matmul_run(product.context), RKNN_SUCC);
  for (int m = 0; m < info.M; ++m) {
    for (int n = 0; n < info.N; ++n) {
      double exact = 0;
      for (int k = 0; k < info.K; ++k) exact += a.at(m, k) * b.at(k, n);
      ASSERT_EQ(product.c(m, n), rounded(product.io.C.type, exact))
          << get_matmul_type_string(info.type) << " at " << m << "," << n;
    }
  }
}

constexpr rknn_matmul_type kTypes[] = {
    RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32, RKNN_INT8_MM_INT8_TO_INT32,      RKNN_INT8_MM_INT8_TO_INT8,
    RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16, RKNN_FLOAT16_MM_INT8_TO_FLOAT32, RKNN_FLOAT16_MM_INT8_TO_FLOAT16,
    RKNN_FLOAT16_MM_INT4_TO_FLOAT32,    RKNN_FLOAT16_MM_INT4_TO_FLOAT16, RKNN_INT8_MM_INT8_TO_FLOAT32,
    RKNN_INT4_MM_INT4_TO_INT16,         RKNN_INT8_MM_INT4_TO_INT32,      RKNN_FLOAT16_MM_INT4_TO_BFLOAT16,
    RKNN_INT8_MM_INT4_TO_FLOAT16};

TEST(Matmul, EveryTypeAndLayout) {
  for (const rknn_matmul_type type : kTypes) {
    for (const int16_t b_layout : {RKNN_MM_LAYOUT_NORM, RKNN_MM_LAYOUT_NATIVE, RKNN_MM_LAYOUT_TP_NORM}) {
      for (const int16_t ac_layout : {RKNN_MM_LAYOUT_NORM, RKNN_MM_LAYOUT_NATIVE}) {
        rknn_matmul_info info = info_of(type, 3, 64, 64);
        info.B_layout = b_layout;
        info.AC_layout = ac_layout;
        expect_product(info);
      }
    }
  }
}

TEST(Matmul, SizesThatFillNoBlock) {
  for (const rknn_matmul_type type : kTypes) {
    rknn_matmul_info info = info_of(type, 5, 37, 19);
    info.B_layout = info.AC_layout = RKNN_MM_LAYOUT_NATIVE;
    expect_product(info);
    info.B_layout = info.AC_layout = RKNN_MM_LAYOUT_NORM;
    expect_product(info);
  }
  expect_product(info_of(RKNN_INT8_MM_INT8_TO_INT32, 1, 1, 1));
}

TEST(Matmul, DeepProductsAndSegments) {
  rknn_matmul_info info = info_of(RKNN_INT8_MM_INT8_TO_INT32, 2, 8192 + 64, 32);
  info.B_layout = RKNN_MM_LAYOUT_NATIVE;
  expect_product(info);
}

TEST(Matmul, DimsTellTheLayout) {
  rknn_matmul_info info = info_of(RKNN_INT8_MM_INT8_TO_INT32, 4, 64, 32);
  info.B_layout = info.AC_layout = RKNN_MM_LAYOUT_NATIVE;
  const Product native(info);
  const auto dims = [](const rknn_matmul_tensor_attr& attr) {
    return std::vector<uint32_t>(attr.dims, attr.dims + attr.n_dims);
  };
  EXPECT_THAT(dims(native.io.A), ::testing::ElementsAre(4, 4, 16));
  EXPECT_THAT(dims(native.io.B), ::testing::ElementsAre(1, 2, 32, 32));
  EXPECT_THAT(dims(native.io.C), ::testing::ElementsAre(8, 4, 4));
  EXPECT_EQ(native.io.C.size, 512U);
  EXPECT_STREQ(native.io.B.name, "B");
  info = info_of(RKNN_INT4_MM_INT4_TO_INT16, 4, 64, 64);
  info.B_layout = info.AC_layout = RKNN_MM_LAYOUT_NATIVE;
  const Product nibbles(info);
  EXPECT_THAT(dims(nibbles.io.A), ::testing::ElementsAre(2, 4, 32));
  EXPECT_THAT(dims(nibbles.io.B), ::testing::ElementsAre(1, 2, 64, 32));
  EXPECT_THAT(dims(nibbles.io.C), ::testing::ElementsAre(8, 4, 8));
  EXPECT_EQ(nibbles.io.A.size, 128U);
}

TEST(Matmul, NormalLayoutToNative) {
  for (const rknn_matmul_type type :
       {RKNN_INT8_MM_INT8_TO_INT32, RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32, RKNN_INT4_MM_INT4_TO_INT16}) {
    std::mt19937 random(3);
    rknn_matmul_info info = info_of(type, 1, 96, 80);
    info.B_layout = RKNN_MM_LAYOUT_NATIVE;
    Product native(info);
    info.B_layout = RKNN_MM_LAYOUT_NORM;
    Product normal(info);
    const Matrix a = random_matrix(random, 1, 96, 8);
    const Matrix b = random_matrix(random, 96, 80, 8);
    native.fill(a, b);
    normal.fill(a, b);
    std::vector<char> converted(native.io.B.size, 1);
    info.B_layout = RKNN_MM_LAYOUT_NATIVE;
    ASSERT_EQ(rknn_B_normal_layout_to_native_layout(normal.mem[1]->virt_addr, converted.data(), 96, 80, &info),
              RKNN_SUCC);
    EXPECT_EQ(std::memcmp(converted.data(), native.mem[1]->virt_addr, converted.size()), 0);
    EXPECT_EQ(rknn_B_normal_layout_to_native_layout(nullptr, converted.data(), 96, 80, &info), RKNN_ERR_PARAM_INVALID);
    EXPECT_EQ(rknn_B_normal_layout_to_native_layout(converted.data(), nullptr, 96, 80, &info), RKNN_ERR_PARAM_INVALID);
    EXPECT_EQ(rknn_B_normal_layout_to_native_layout(converted.data(), converted.data(), 0, 80, &info),
              RKNN_ERR_PARAM_INVALID);
    EXPECT_EQ(rknn_B_normal_layout_to_native_layout(converted.data(), converted.data(), 96, 80, nullptr),
              RKNN_ERR_PARAM_INVALID);
  }
}

rknn_quant_params params_of(const char* name, std::vector<float>& scale, std::vector<int32_t>& zero) {
  rknn_quant_params params = {};
  std::strcpy(params.name, name);
  params.scale = scale.data();
  params.scale_len = static_cast<int32_t>(scale.size());
  params.zp = zero.empty() ? nullptr : zero.data();
  params.zp_len = static_cast<int32_t>(zero.size());
  return params;
}

TEST(Matmul, QuantizedParameters) {
  std::mt19937 random(9);
  const Matrix a = random_matrix(random, 3, 32, 100);
  const Matrix b = random_matrix(random, 32, 8, 100);
  std::vector<float> scale_a = {0.02F};
  std::vector<int32_t> zero_a = {5};
  std::vector<float> scale_b = {0.01F, 0.02F, 0.03F, 0.04F, 0.05F, 0.06F, 0.07F, 0.08F};
  std::vector<int32_t> zero_b = {0, 1, 2, 3, -4, 5, 6, 7};
  std::vector<float> scale_c = {0.5F};
  std::vector<int32_t> zero_c = {-3};
  for (const rknn_matmul_type type :
       {RKNN_INT8_MM_INT8_TO_INT8, RKNN_INT8_MM_INT8_TO_FLOAT32, RKNN_INT8_MM_INT8_TO_INT32}) {
    rknn_matmul_info info = info_of(type, 3, 32, 8);
    info.B_quant_type = RKNN_QUANT_TYPE_PER_CHANNEL_ASYM;
    info.AC_quant_type = RKNN_QUANT_TYPE_PER_LAYER_ASYM;
    Product product(info);
    product.fill(a, b);
    product.bind();
    rknn_quant_params of_a = params_of("A", scale_a, zero_a);
    rknn_quant_params of_b = params_of("B", scale_b, zero_b);
    rknn_quant_params of_c = params_of("C", scale_c, zero_c);
    ASSERT_EQ(rknn_matmul_set_quant_params(product.context, &of_a), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_set_quant_params(product.context, &of_b), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_set_quant_params(product.context, &of_c), RKNN_SUCC);
    float column_scale = 0;
    const int code = rknn_matmul_get_quant_params(product.context, &of_b, &column_scale);
    EXPECT_EQ(code, type == RKNN_INT8_MM_INT8_TO_INT32 ? RKNN_SUCC : RKNN_ERR_PARAM_INVALID);
    ASSERT_EQ(rknn_matmul_run(product.context), RKNN_SUCC);
    for (int m = 0; m < 3; ++m) {
      for (int n = 0; n < 8; ++n) {
        int64_t sum = 0;
        for (int k = 0; k < 32; ++k) sum += (a.at(m, k) - 5) * (b.at(k, n) - zero_b[static_cast<size_t>(n)]);
        const double column = static_cast<double>(scale_b[static_cast<size_t>(n)]);
        const double real = static_cast<double>(sum) * static_cast<double>(scale_a[0]) * column;
        if (type == RKNN_INT8_MM_INT8_TO_FLOAT32) {
          EXPECT_NEAR(product.c(m, n), real, 1e-5 * std::abs(real));
        }
        if (type == RKNN_INT8_MM_INT8_TO_INT8) {
          EXPECT_EQ(product.c(m, n), std::clamp(std::nearbyint(real / 0.5) - 3, -128.0, 127.0));
        }
        if (type == RKNN_INT8_MM_INT8_TO_INT32) {
          EXPECT_EQ(column_scale, 0.08F);
          EXPECT_EQ(product.c(m, n), std::nearbyint(static_cast<double>(sum) * column / static_cast<double>(0.08F)));
        }
      }
    }
  }
}

TEST(Matmul, AScaleAGroup) {
  std::mt19937 random(11);
  rknn_matmul_info info = info_of(RKNN_FLOAT16_MM_INT4_TO_FLOAT32, 2, 64, 3);
  info.B_quant_type = RKNN_QUANT_TYPE_PER_GROUP_SYM;
  info.group_size = 32;
  Product product(info);
  const Matrix a = random_matrix(random, 2, 64, 8);
  const Matrix b = random_matrix(random, 64, 3, 8);
  product.fill(a, b);
  product.bind();
  std::vector<float> scale = {1, 2, 4, 8, 16, 32};
  std::vector<int32_t> none;
  rknn_quant_params params = params_of("B", scale, none);
  ASSERT_EQ(rknn_matmul_set_quant_params(product.context, &params), RKNN_SUCC);
  ASSERT_EQ(rknn_matmul_run(product.context), RKNN_SUCC);
  for (int m = 0; m < 2; ++m) {
    for (int n = 0; n < 3; ++n) {
      double real = 0;
      for (int k = 0; k < 64; ++k) {
        real += a.at(m, k) * b.at(k, n) * static_cast<double>(scale[static_cast<size_t>(k / 32 * 3 + n)]);
      }
      EXPECT_EQ(product.c(m, n), real);
    }
  }
}

TEST(Matmul, SeveralShapes) {
  rknn_matmul_info info = info_of(RKNN_INT8_MM_INT8_TO_INT32, 0, 0, 0);
  rknn_matmul_shape shapes[] = {{1, 32, 16}, {4, 64, 32}};
  rknn_matmul_io_attr io[2] = {};
  rknn_matmul_ctx context = 0;
  ASSERT_EQ(rknn_matmul_create_dynamic_shape(&context, &info, 2, shapes, io), RKNN_SUCC);
  EXPECT_EQ(io[0].A.size, 32U);
  EXPECT_EQ(io[1].A.size, 256U);
  rknn_tensor_mem* a = rknn_create_mem(context, io[1].A.size);
  rknn_tensor_mem* b = rknn_create_mem(context, io[1].B.size);
  rknn_tensor_mem* c = rknn_create_mem(context, io[1].C.size);
  std::memset(a->virt_addr, 1, a->size);
  std::memset(b->virt_addr, 2, b->size);
  for (int shape = 0; shape < 2; ++shape) {
    ASSERT_EQ(rknn_matmul_set_dynamic_shape(context, &shapes[shape]), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_set_io_mem(context, a, &io[shape].A), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_set_io_mem(context, b, &io[shape].B), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_set_io_mem(context, c, &io[shape].C), RKNN_SUCC);
    ASSERT_EQ(rknn_matmul_run(context), RKNN_SUCC);
    EXPECT_EQ(static_cast<int32_t*>(c->virt_addr)[0], 2 * shapes[shape].K);
  }
  rknn_matmul_shape other = {2, 32, 16};
  EXPECT_EQ(rknn_matmul_set_dynamic_shape(context, &other), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_set_dynamic_shape(context, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_create_dynamic_shape(&context, &info, 0, shapes, io), RKNN_ERR_PARAM_INVALID);
  for (rknn_tensor_mem* mem : {a, b, c}) rknn_destroy_mem(context, mem);
}

TEST(Matmul, RefusesWhatMakesNoSense) {
  rknn_matmul_ctx context = 0;
  rknn_matmul_io_attr io = {};
  const rknn_matmul_info good = info_of(RKNN_INT8_MM_INT8_TO_INT32, 2, 32, 32);
  const auto create = [&](auto change) {
    rknn_matmul_info info = good;
    change(info);
    return rknn_matmul_create(&context, &info, &io);
  };
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.M = 0; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.K = -1; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.K = i.N = 1 << 20; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.type = static_cast<rknn_matmul_type>(13); }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.B_layout = 3; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.AC_layout = RKNN_MM_LAYOUT_TP_NORM; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.B_quant_type = 6; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.AC_quant_type = RKNN_QUANT_TYPE_PER_CHANNEL_SYM; }),
            RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(create([](rknn_matmul_info& i) { i.B_quant_type = RKNN_QUANT_TYPE_PER_GROUP_SYM; }),
            RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(context, 0U);
  rknn_matmul_info info = good;
  EXPECT_EQ(rknn_matmul_create(nullptr, &info, &io), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_create(&context, nullptr, &io), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_create(&context, &info, nullptr), RKNN_ERR_PARAM_INVALID);

  ASSERT_EQ(rknn_matmul_create(&context, &info, &io), RKNN_SUCC);
  EXPECT_EQ(rknn_matmul_run(context), RKNN_ERR_PARAM_INVALID);  // nothing is bound
  rknn_tensor_mem* small = rknn_create_mem(context, io.A.size - 1);
  EXPECT_EQ(rknn_matmul_set_io_mem(context, small, &io.A), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_set_io_mem(context, nullptr, &io.A), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_set_io_mem(context, small, nullptr), RKNN_ERR_PARAM_INVALID);
  rknn_matmul_tensor_attr unnamed = io.A;
  unnamed.name[0] = 0;
  EXPECT_EQ(rknn_matmul_set_io_mem(context, small, &unnamed), RKNN_ERR_PARAM_INVALID);
  std::vector<float> scale = {0};
  std::vector<int32_t> none;
  rknn_quant_params params = params_of("A", scale, none);
  EXPECT_EQ(rknn_matmul_set_quant_params(context, &params), RKNN_ERR_PARAM_INVALID);
  scale = {1, 2};
  params = params_of("A", scale, none);
  EXPECT_EQ(rknn_matmul_set_quant_params(context, &params), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_set_quant_params(context, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_matmul_set_core_mask(context, RKNN_NPU_CORE_0), RKNN_SUCC);
  EXPECT_EQ(rknn_matmul_set_core_mask(context, static_cast<rknn_core_mask>(9)), RKNN_ERR_PARAM_INVALID);
  rknn_destroy_mem(context, small);
  EXPECT_EQ(rknn_destroy(context), RKNN_ERR_CTX_INVALID);  // the other kind of context
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_CTX_INVALID);
  EXPECT_EQ(rknn_matmul_destroy(context), RKNN_SUCC);
  EXPECT_EQ(rknn_matmul_destroy(context), RKNN_ERR_CTX_INVALID);
  EXPECT_EQ(rknn_matmul_run(context), RKNN_ERR_CTX_INVALID);
  const OpenContext model(code_model());
  EXPECT_EQ(rknn_matmul_run(model), RKNN_ERR_CTX_INVALID);
}

}  // namespace
}  // namespace sixtops::testing
