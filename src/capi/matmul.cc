// rknn_matmul_api.h.
#include <rknn_matmul_api.h>

#include <algorithm>
#include <cstring>

#include "capi/context.h"
#include "capi/core_mask.h"
#include "capi/log_level.h"
#include "capi/matmul_context.h"
#include "capi/memory.h"
#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

using runtime::Matmul;
using runtime::MatmulDescription;
using runtime::MatmulShape;
using runtime::MatrixElement;
using runtime::MatrixLayout;
using runtime::MatrixStorage;
using runtime::Operand;
using runtime::ScaleGroups;

constexpr int kCode = RKNN_ERR_PARAM_INVALID;
constexpr int kMaxShapes = RKNN_MAX_DYNAMIC_SHAPE_NUM;

struct Elements {
  rknn_matmul_type type;
  MatrixElement a, b, c;
};

constexpr Elements kElements[] = {
    {RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32, MatrixElement::kF16, MatrixElement::kF16, MatrixElement::kF32},
    {RKNN_INT8_MM_INT8_TO_INT32, MatrixElement::kI8, MatrixElement::kI8, MatrixElement::kI32},
    {RKNN_INT8_MM_INT8_TO_INT8, MatrixElement::kI8, MatrixElement::kI8, MatrixElement::kI8},
    {RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16, MatrixElement::kF16, MatrixElement::kF16, MatrixElement::kF16},
    {RKNN_FLOAT16_MM_INT8_TO_FLOAT32, MatrixElement::kF16, MatrixElement::kI8, MatrixElement::kF32},
    {RKNN_FLOAT16_MM_INT8_TO_FLOAT16, MatrixElement::kF16, MatrixElement::kI8, MatrixElement::kF16},
    {RKNN_FLOAT16_MM_INT4_TO_FLOAT32, MatrixElement::kF16, MatrixElement::kI4, MatrixElement::kF32},
    {RKNN_FLOAT16_MM_INT4_TO_FLOAT16, MatrixElement::kF16, MatrixElement::kI4, MatrixElement::kF16},
    {RKNN_INT8_MM_INT8_TO_FLOAT32, MatrixElement::kI8, MatrixElement::kI8, MatrixElement::kF32},
    {RKNN_INT4_MM_INT4_TO_INT16, MatrixElement::kI4, MatrixElement::kI4, MatrixElement::kI16},
    {RKNN_INT8_MM_INT4_TO_INT32, MatrixElement::kI8, MatrixElement::kI4, MatrixElement::kI32},
    {RKNN_FLOAT16_MM_INT4_TO_BFLOAT16, MatrixElement::kF16, MatrixElement::kI4, MatrixElement::kBF16},
    {RKNN_INT8_MM_INT4_TO_FLOAT16, MatrixElement::kI8, MatrixElement::kI4, MatrixElement::kF16}};

rknn_tensor_type type_of(MatrixElement element) {
  switch (element) {
    case MatrixElement::kF16:
      return RKNN_TENSOR_FLOAT16;
    case MatrixElement::kBF16:
      return RKNN_TENSOR_BFLOAT16;
    case MatrixElement::kI8:
      return RKNN_TENSOR_INT8;
    case MatrixElement::kI4:
      return RKNN_TENSOR_INT4;
    case MatrixElement::kI16:
      return RKNN_TENSOR_INT16;
    case MatrixElement::kI32:
      return RKNN_TENSOR_INT32;
    case MatrixElement::kF32:
      break;
  }
  return RKNN_TENSOR_FLOAT32;
}

ApiStatus describe(const rknn_matmul_info& info, MatmulDescription& description) {
  const auto* elements = std::find_if(std::begin(kElements), std::end(kElements),
                                      [&](const Elements& row) { return row.type == info.type; });
  if (elements == std::end(kElements)) {
    return invalid_parameter("info->type is {}, expected 1 to 12 or 15", static_cast<int>(info.type));
  }
  if (info.B_layout < RKNN_MM_LAYOUT_NORM || info.B_layout > RKNN_MM_LAYOUT_TP_NORM) {
    return invalid_parameter("info->B_layout is {}, expected 0, 1 or 2", info.B_layout);
  }
  if (info.AC_layout != RKNN_MM_LAYOUT_NORM && info.AC_layout != RKNN_MM_LAYOUT_NATIVE) {
    return invalid_parameter("info->AC_layout is {}, expected 0 or 1", info.AC_layout);
  }
  if (info.B_quant_type < RKNN_QUANT_TYPE_PER_LAYER_SYM || info.B_quant_type > RKNN_QUANT_TYPE_PER_GROUP_ASYM) {
    return invalid_parameter("info->B_quant_type is {}, expected 0 to 5", info.B_quant_type);
  }
  if (info.AC_quant_type != RKNN_QUANT_TYPE_PER_LAYER_SYM && info.AC_quant_type != RKNN_QUANT_TYPE_PER_LAYER_ASYM) {
    return invalid_parameter("info->AC_quant_type is {}, expected 0 or 1", info.AC_quant_type);
  }
  constexpr MatrixLayout kLayouts[] = {MatrixLayout::kRows, MatrixLayout::kTiles, MatrixLayout::kTransposedRows};
  constexpr ScaleGroups kGroups[] = {ScaleGroups::kLayer, ScaleGroups::kColumn, ScaleGroups::kGroup};
  description.a = elements->a;
  description.b = elements->b;
  description.c = elements->c;
  description.a_c_native = info.AC_layout == RKNN_MM_LAYOUT_NATIVE;
  description.b_layout = kLayouts[info.B_layout];
  description.b_scales = kGroups[info.B_quant_type / 2];
  description.group_rows = info.group_size;
  return {};
}

void fill_attributes(const char* name, const MatrixStorage& storage, rknn_matmul_tensor_attr& attr) {
  attr = {};
  copy_text(name, attr.name, sizeof(attr.name));
  for (const int64_t extent : storage.extents()) attr.dims[attr.n_dims++] = static_cast<uint32_t>(extent);
  attr.size = static_cast<uint32_t>(storage.bytes());
  attr.type = type_of(storage.element);
}

void fill_attributes(const runtime::MatmulStorage& storage, rknn_matmul_io_attr& attributes) {
  fill_attributes("A", storage.a, attributes.A);
  fill_attributes("B", storage.b, attributes.B);
  fill_attributes("C", storage.c, attributes.C);
}

ApiStatus create(rknn_matmul_ctx* handle, const rknn_matmul_info* info, std::vector<MatmulShape> shapes,
                 rknn_matmul_io_attr* attributes) {
  MatmulDescription description;
  TRY(describe(*info, description));
  const size_t count = shapes.size();
  Result<std::unique_ptr<Matmul>> matmul = Matmul::create(description, std::move(shapes));
  if (!matmul.ok()) return translate(matmul.status(), kCode);
  for (size_t i = 0; i < count; ++i) fill_attributes((*matmul)->storage_of(i), attributes[i]);
  auto made = std::make_shared<Context>();
  made->matmul = std::make_unique<MatmulContext>();
  made->matmul->matmul = std::move(matmul).value();
  *handle = add_context(std::move(made));
  return {};
}

ApiStatus operand_of(const char* name, Operand& operand) {
  const std::string text(name, strnlen(name, RKNN_MAX_NAME_LEN));
  if (text == "A") {
    operand = Operand::kA;
  } else if (text == "B") {
    operand = Operand::kB;
  } else if (text == "C") {
    operand = Operand::kC;
  } else {
    return invalid_parameter("name is '{}', expected 'A', 'B' or 'C'", text);
  }
  return {};
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops;
using namespace sixtops::capi;
using sixtops::runtime::BoundMemory;
using sixtops::runtime::DeviceMemory;

int rknn_matmul_create(rknn_matmul_ctx* ctx, rknn_matmul_info* info, rknn_matmul_io_attr* io_attr) {
  start_logging();
  return api_call(__func__, [&]() -> ApiStatus {
    TRY(check_not_null(ctx, "ctx"));
    *ctx = 0;
    TRY(check_not_null(info, "info"));
    TRY(check_not_null(io_attr, "io_attr"));
    return create(ctx, info, {{info->M, info->K, info->N}}, io_attr);
  });
}

int rknn_matmul_create_dynamic_shape(rknn_matmul_ctx* ctx, rknn_matmul_info* info, int shape_num,
                                     rknn_matmul_shape dynamic_shapes[], rknn_matmul_io_attr io_attrs[]) {
  start_logging();
  return api_call(__func__, [&]() -> ApiStatus {
    TRY(check_not_null(ctx, "ctx"));
    *ctx = 0;
    TRY(check_not_null(info, "info"));
    TRY(check_not_null(dynamic_shapes, "dynamic_shapes"));
    TRY(check_not_null(io_attrs, "io_attrs"));
    if (shape_num < 1 || shape_num > kMaxShapes) {
      return invalid_parameter("shape_num is {}, expected 1 to {}", shape_num, kMaxShapes);
    }
    std::vector<MatmulShape> shapes;
    shapes.reserve(static_cast<size_t>(shape_num));
    for (int i = 0; i < shape_num; ++i) {
      shapes.push_back({dynamic_shapes[i].M, dynamic_shapes[i].K, dynamic_shapes[i].N});
    }
    return create(ctx, info, std::move(shapes), io_attrs);
  });
}

int rknn_matmul_set_io_mem(rknn_matmul_ctx ctx, rknn_tensor_mem* mem, rknn_matmul_tensor_attr* attr) {
  return matmul_call(__func__, ctx, [&](MatmulContext& context) -> ApiStatus {
    std::shared_ptr<DeviceMemory> memory;
    TRY(find_memory(mem, memory));
    TRY(check_not_null(attr, "attr"));
    Operand operand = Operand::kA;
    TRY(operand_of(attr->name, operand));
    return translate(context.matmul->bind(operand, BoundMemory{memory, memory->bytes()}), kCode);
  });
}

int rknn_matmul_set_core_mask(rknn_matmul_ctx context, rknn_core_mask core_mask) {
  return matmul_call(__func__, context, [&](MatmulContext&) { return check_core_mask(core_mask); });
}

int rknn_matmul_set_quant_params(rknn_matmul_ctx context, rknn_quant_params* params) {
  return matmul_call(__func__, context, [&](MatmulContext& matmul) -> ApiStatus {
    TRY(check_not_null(params, "params"));
    Operand operand = Operand::kA;
    TRY(operand_of(params->name, operand));
    if (params->scale == nullptr || params->scale_len < 1) {
      return invalid_parameter("scale_len is {}, expected the scales of matrix {}", params->scale_len, params->name);
    }
    if (params->zp_len < 0) return invalid_parameter("zp_len is {}, expected 0 or more", params->zp_len);
    std::vector<float> scale(params->scale, params->scale + params->scale_len);
    std::vector<int32_t> zero_point;
    if (params->zp != nullptr) zero_point.assign(params->zp, params->zp + params->zp_len);
    return translate(matmul.matmul->set_scales(operand, std::move(scale), std::move(zero_point)), kCode);
  });
}

int rknn_matmul_get_quant_params(rknn_matmul_ctx ctx, rknn_quant_params* params, float* scale) {
  return matmul_call(__func__, ctx, [&](MatmulContext& context) -> ApiStatus {
    TRY(check_not_null(params, "params"));
    TRY(check_not_null(scale, "scale"));
    const std::optional<float> found = context.matmul->column_scale();
    if (!found) return invalid_parameter("only RKNN_INT8_MM_INT8_TO_INT32 with a scale a channel of B has this scale");
    *scale = *found;
    return {};
  });
}

int rknn_matmul_set_dynamic_shape(rknn_matmul_ctx ctx, rknn_matmul_shape* shape) {
  return matmul_call(__func__, ctx, [&](MatmulContext& context) -> ApiStatus {
    TRY(check_not_null(shape, "shape"));
    return translate(context.matmul->choose_shape({shape->M, shape->K, shape->N}), kCode);
  });
}

int rknn_matmul_run(rknn_matmul_ctx ctx) {
  return matmul_call(__func__, ctx,
                     [](MatmulContext& context) -> ApiStatus { return translate(context.matmul->run(), kCode); });
}

int rknn_matmul_destroy(rknn_matmul_ctx ctx) {
  const int code = matmul_call(__func__, ctx, [](MatmulContext&) { return ApiStatus(); });
  if (code == RKNN_SUCC) remove_context(ctx);
  return code;
}

int rknn_B_normal_layout_to_native_layout(void* B_input, void* B_output, int K, int N, rknn_matmul_info* info) {
  return api_call(__func__, [&]() -> ApiStatus {
    TRY(check_not_null(B_input, "B_input"));
    TRY(check_not_null(B_output, "B_output"));
    TRY(check_not_null(info, "info"));
    MatmulDescription description;
    TRY(describe(*info, description));
    const auto storage_in = [&](MatrixLayout layout, MatrixStorage& storage) -> ApiStatus {
      description.b_layout = layout;
      const Result<runtime::MatmulStorage> found = runtime::matmul_storage(description, {1, K, N});
      if (!found.ok()) return translate(found.status(), kCode);
      storage = found->b;
      return {};
    };
    MatrixStorage rows;
    MatrixStorage tiles;
    TRY(storage_in(MatrixLayout::kRows, rows));
    TRY(storage_in(MatrixLayout::kTiles, tiles));
    const std::span from(static_cast<const std::byte*>(B_input), static_cast<size_t>(rows.bytes()));
    const std::span to(static_cast<std::byte*>(B_output), static_cast<size_t>(tiles.bytes()));
    runtime::change_layout(rows, from, tiles, to);
    return {};
  });
}
