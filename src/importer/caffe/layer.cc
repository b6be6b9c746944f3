#include "importer/caffe/layer.h"

#include "base/error.h"

namespace sixtops::importer::caffe {

Result<ValueId> Layer::bottom(size_t index) const {
  if (index < bottoms.size()) return bottoms[index];
  return invalid_data("it reads {} blobs, expected {}", bottoms.size(), index + 1);
}

Result<ValueId> Layer::blob(size_t index, const char* what, const Shape& shape) const {
  if (index >= blobs.size()) {
    return invalid_data("the weights file has {} blobs for it, expected {}; do the two files belong together?",
                        blobs.size(), index + 1);
  }
  if (blobs[index].element_count() != TRY(element_count(shape))) {
    return invalid_data("its {} have {} elements in the weights file, expected {}; do the two files belong together?",
                        what, blobs[index].element_count(), shape_text(shape));
  }
  return constant(what, TRY(blobs[index].reshaped(shape)));
}

Result<ValueId> Layer::step(Op op, std::vector<ValueId> inputs, Attributes attributes) const {
  return builder.append(op, name, name + "/" + std::string(op_info(op).name), std::move(inputs), std::move(attributes));
}

ValueId Layer::constant(const char* what, Tensor tensor) const {
  return builder.add_constant(name + "." + what, std::move(tensor));
}

Result<ValueId> Layer::reshape(ValueId id, Shape shape) const {
  return step(Op::kReshape, {id}, with("shape", Ints(std::move(shape))));
}

}  // namespace sixtops::importer::caffe
