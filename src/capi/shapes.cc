// rknn_set_input_shapes: which of the model's shapes the next runs have.
#include <algorithm>

#include "capi/context.h"
#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

using runtime::BorderTensor;

bool has_shape(const BorderTensor& tensor, const rknn_tensor_attr& attr, runtime::AxisOrder order) {
  const Shape extents = runtime::layout_extents(tensor, {tensor.dtype, order});
  return std::equal(extents.begin(), extents.end(), attr.dims, attr.dims + attr.n_dims,
                    [](int64_t have, uint32_t want) { return have == int64_t{want}; });
}

ApiStatus choose_shapes(ModelContext& context, uint32_t n_inputs, const rknn_tensor_attr* attributes) {
  constexpr int kCode = RKNN_ERR_PARAM_INVALID;
  runtime::Inference& inference = *context.inference;
  const size_t count = inference.inputs().size();
  if (n_inputs != count) return invalid_parameter("n_inputs is {}, expected {}", n_inputs, count);
  for (uint32_t i = 0; i < n_inputs; ++i) {
    if (attributes[i].index >= count) {
      return invalid_parameter("index is {}, expected less than {}", attributes[i].index, count);
    }
    if (attributes[i].n_dims > RKNN_MAX_DIMS) {
      return invalid_parameter("n_dims is {}, expected at most {}", attributes[i].n_dims, RKNN_MAX_DIMS);
    }
  }
  for (size_t set = 0; set < inference.shape_set_count(); ++set) {
    bool fits = true;
    for (uint32_t i = 0; i < n_inputs && fits; ++i) {
      const BorderTensor& tensor = inference.inputs_of_set(set)[attributes[i].index];
      runtime::AxisOrder order = runtime::AxisOrder::kAsIs;
      TRY(order_of_format(attributes[i].fmt, tensor, kCode, order));
      fits = has_shape(tensor, attributes[i], order);
    }
    if (fits) return translate(inference.choose_shape_set(set), RKNN_ERR_FAIL);
  }
  return invalid_parameter("the model has no such set of input shapes; RKNN_QUERY_INPUT_DYNAMIC_RANGE lists its {}",
                           inference.shape_set_count());
}

}  // namespace
}  // namespace sixtops::capi

using namespace sixtops::capi;

int rknn_set_input_shapes(rknn_context context, uint32_t n_inputs, rknn_tensor_attr attr[]) {
  return model_call(__func__, context, [&](ModelContext& model) -> ApiStatus {
    TRY(check_can_run(model));
    TRY(check_not_null(attr, "attr"));
    return choose_shapes(model, n_inputs, attr);
  });
}

int rknn_set_input_shape(rknn_context context, rknn_tensor_attr* attr) {
  return rknn_set_input_shapes(context, 1, attr);
}
