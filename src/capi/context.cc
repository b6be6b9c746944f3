#include "capi/context.h"

#include "capi/custom_operators.h"
#include "capi/handle_table.h"
#include "capi/matmul_context.h"

namespace sixtops::capi {
namespace {

HandleTable<Context>& contexts() {
  // Never destroyed: threads of the program may still be in a call when the process ends.
  static auto* table = new HandleTable<Context>();
  return *table;
}

}  // namespace

ModelContext::ModelContext() = default;
ModelContext::~ModelContext() = default;
Context::Context() = default;
Context::~Context() = default;

rknn_context add_context(std::shared_ptr<Context> context) { return contexts().add(std::move(context)); }
std::shared_ptr<Context> find_context(rknn_context handle) { return contexts().find(handle); }
std::shared_ptr<Context> remove_context(rknn_context handle) { return contexts().remove(handle); }

ApiStatus check_can_run(const ModelContext& context) {
  if ((context.flags & RKNN_FLAG_COLLECT_MODEL_INFO_ONLY) == 0) return {};
  return invalid_parameter(
      "the context was made with RKNN_FLAG_COLLECT_MODEL_INFO_ONLY, which answers RKNN_QUERY_MEM_SIZE only");
}

ApiStatus decide_transfer(ModelContext& context, Transfer transfer) {
  if (context.transfer == Transfer::kUndecided) context.transfer = transfer;
  if (context.transfer == transfer) return {};
  return invalid_parameter(
      "rknn_set_io_mem and rknn_inputs_set or rknn_outputs_get in one context; use one of the two ways");
}

}  // namespace sixtops::capi
