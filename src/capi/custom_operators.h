// The operators that a program registered with a context.
#pragma once

#include <rknn_custom_op.h>

#include <memory>
#include <vector>

#include "capi/api_status.h"
#include "runtime/inference.h"

namespace sixtops::capi {

class CustomOperators {
 public:
  CustomOperators();
  ~CustomOperators();  // calls the destroy callbacks

  // Calls init and lets the nodes of the type run `op` from now on. The inference may outlive this object only unused.
  ApiStatus add(runtime::Inference& inference, const rknn_custom_op& op);

 private:
  struct Registered;
  std::vector<std::unique_ptr<Registered>> registered_;
};

}  // namespace sixtops::capi
