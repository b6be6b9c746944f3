// Python's pickle format, read as data. Nothing of what a pickle asks for is executed.
//
// Python runs whatever a pickle names. Here a name (GLOBAL) is looked up in a fixed list of what torch.save writes:
// containers, tensors, modules and their settings; any other is an error that says which. A module becomes an inert
// object: the name of its class and its attributes.
// Format: CPython, Lib/pickletools.py, protocols 2 to 4; tensors: torch/_utils.py and torch/serialization.py.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace sixtops::importer::torchscript {

struct PickleValue;
using PickleRef = const PickleValue*;  // owned by its Pickle

// A tensor: elements of a storage, in strides of elements.
struct PickledTensor {
  std::string storage_type;  // "FloatStorage", "HalfStorage", ...
  std::string key;           // the entry data/<key> of the archive
  int64_t storage_elements = 0;
  int64_t offset = 0;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

struct PickleValue {
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInt,
    kFloat,
    kText,
    kList,
    kTuple,
    kDict,
    kObject,
    kTensor,
    kClass,
    kStorage
  };
  Kind kind = Kind::kNone;
  int64_t integer = 0;                                   // kBool, kInt
  double number = 0;                                     // kFloat
  std::string text;                                      // kText; kClass, kObject: "module.Class"
  std::vector<PickleRef> items;                          // kList, kTuple; kObject: arguments
  std::vector<std::pair<PickleRef, PickleRef>> entries;  // kDict; kObject: attributes
  PickledTensor tensor;                                  // kTensor; kStorage: its first three fields

  bool is(Kind wanted) const { return kind == wanted; }
  // The value of a text key; nullptr when there is none. The last one counts.
  PickleRef find(std::string_view key) const;
};

class Pickle {
 public:
  // kUnsupported names a GLOBAL that is not on the list, kInvalidData what is no pickle.
  static Result<Pickle> parse(ByteSpan bytes);

  const PickleValue& root() const { return *root_; }

 private:
  std::vector<std::unique_ptr<PickleValue>> values_;
  PickleRef root_ = nullptr;
};

}  // namespace sixtops::importer::torchscript
