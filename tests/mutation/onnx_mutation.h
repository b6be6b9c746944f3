// Mutations of an ONNX model that keep its form valid: the network says something absurd in good protobuf.
#pragma once

#include <random>
#include <string_view>

#include "onnx.pb.h"

namespace sixtops::mutation {

// Applies one mutation chosen at random (cycles by renamed operands, hostile extents, attributes and shape operands,
// dropped and doubled nodes, swapped operators) and returns its name. Weights keep their values.
std::string_view mutate_model(wire::onnx::ModelProto& model, std::mt19937& random);

}  // namespace sixtops::mutation
