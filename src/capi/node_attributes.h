// The attributes of a node as rknn_custom_op_attr, which point into memory that lives as long as this object.
#pragma once

#include <rknn_custom_op.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/session.h"

namespace sixtops::capi {

// Thread safe. The node outlives it.
class NodeAttributes {
 public:
  explicit NodeAttributes(const Node& node) : node_(node) {}

  // n_elems 0 when there is none of that name, or it is a list of texts. "name" is the node's own name.
  rknn_custom_op_attr find(const std::string& name);

 private:
  struct Stored {
    rknn_tensor_type type = RKNN_TENSOR_UINT8;
    uint32_t count = 0;
    std::vector<std::byte> bytes;
  };
  Stored store(const std::string& name) const;

  const Node& node_;
  std::mutex mutex_;
  std::map<std::string, Stored> stored_;
};

}  // namespace sixtops::capi
