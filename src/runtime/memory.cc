#include "runtime/memory.h"

#include <set>

#include "cpu/interpreter.h"

namespace sixtops::runtime {

int64_t constant_bytes(const Graph& graph) {
  std::set<const std::byte*> seen;
  int64_t bytes = 0;
  for (const Value& value : graph.values) {
    if (value.constant && seen.insert(value.constant->bytes().data()).second) {
      bytes += static_cast<int64_t>(value.constant->byte_size());
    }
  }
  return bytes;
}

Result<MemoryNeed> memory_need(const Graph& graph) {
  MemoryNeed need{constant_bytes(graph), TRY(cpu::peak_live_bytes(graph)), 0};
  for (const std::vector<ValueId>& side : {graph.inputs, graph.outputs}) {
    for (const ValueId id : side) {
      const Value& value = graph.value(id);
      if (!value.shape || !is_static(*value.shape)) continue;
      need.borders += TRY(element_count(*value.shape)) * static_cast<int64_t>(dtype_size(value.dtype));
    }
  }
  return need;
}

}  // namespace sixtops::runtime
