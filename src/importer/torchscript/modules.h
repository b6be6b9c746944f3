// Modules of torch and of Ultralytics' networks, rebuilt from the attributes that a checkpoint holds.
//
// A checkpoint has no code, only the names of classes. What each class computes is written down here:
// torch.nn.modules (layers), ultralytics/yolov5 models/common.py, ultralytics nn/modules/{conv,block,head}.py.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "importer/graph_builder.h"
#include "importer/torchscript/archive.h"
#include "importer/torchscript/pickle.h"

namespace sixtops::importer::torchscript {

// A module and its place in the tree, "model.4.cv1".
struct Module {
  PickleRef object = nullptr;
  std::string place;

  // "Conv" of "models.common.Conv".
  std::string_view class_name() const;
  // A sub-module, or an attribute; kInvalidData when there is none.
  Result<Module> child(const std::string& name) const;
  Result<std::vector<Module>> children() const;  // in their order
  bool has_child(const std::string& name) const;
  // Of the module itself, its parameters or its buffers; nullptr when there is none, or it is None.
  PickleRef attribute(const std::string& name) const;
  Result<int64_t> integer(const std::string& name) const;
  Result<int64_t> integer_or(const std::string& name, int64_t fallback) const;
  Result<double> number_or(const std::string& name, double fallback) const;
  bool flag_or(const std::string& name, bool fallback) const;
  // One number stands for both axes.
  Result<Ints> pair(const std::string& name) const;
};

// A small file must not name one module a million times.
inline constexpr int kMaxModules = 100000;

class ModuleBuilder {
 public:
  // Borrows both.
  ModuleBuilder(const Archive& archive, GraphBuilder& builder) : archive_(archive), builder_(builder) {}

  // What the module computes of the inputs. kUnsupported names a class that is not known.
  Result<ValueId> apply(const Module& module, const std::vector<ValueId>& inputs, int depth = 0);

  // A parameter as a float32 constant; kNoValue when there is none.
  Result<ValueId> parameter(const Module& module, const std::string& name);
  Result<Tensor> read(const Module& module, const std::string& name) const;

  Result<ValueId> step(const Module& module, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  Result<ValueId> concat(const Module& module, std::vector<ValueId> parts);
  Result<std::vector<ValueId>> split(const Module& module, ValueId x, int64_t axis, Ints sizes);
  Result<ValueId> scalar(const Module& module, float value) {
    return builder_.add_constant(module.place + "/constant", Tensor::scalar(value));
  }
  Result<Shape> shape(ValueId id) const { return builder_.static_shape(id); }

 private:
  const Archive& archive_;
  GraphBuilder& builder_;
  int applied_ = 0;
};

// Whether apply() knows the class.
bool is_known_module(std::string_view class_name);
std::vector<std::string> known_modules();

}  // namespace sixtops::importer::torchscript
