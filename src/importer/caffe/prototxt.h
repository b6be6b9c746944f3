// Protocol buffers' text format, read without a schema: names, values, and messages in braces.
//
//   layer { name: "conv1"  type: "Convolution"  convolution_param { num_output: 8 kernel_size: [3, 3] } }
//
// Forks of Caffe number the fields of their own layers differently but name them alike, so that names are what can be
// relied on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sixtops::importer::caffe {

class Message {
 public:
  struct Field {
    std::string name;
    std::string value;  // without quotes; empty for messages
    std::shared_ptr<const Message> message;
    int line = 0;
  };

  void add(Field field) { fields_.push_back(std::move(field)); }
  const std::vector<Field>& fields() const { return fields_; }

  bool has(std::string_view name) const;
  // The message of that name; an empty one when there is none. The last one counts, as for all single fields.
  const Message& message(std::string_view name) const;
  std::vector<const Message*> messages(std::string_view name) const;
  std::string text(std::string_view name, const std::string& fallback = "") const;
  std::vector<std::string> texts(std::string_view name) const;
  // kInvalidData names the line when the value is no number, or lies outside of [least, most].
  Result<int64_t> integer(std::string_view name, int64_t fallback, int64_t least, int64_t most) const;
  Result<std::vector<int64_t>> integers(std::string_view name, int64_t least, int64_t most) const;
  Result<float> number(std::string_view name, float fallback) const;
  Result<std::vector<float>> numbers(std::string_view name) const;
  Result<bool> flag(std::string_view name, bool fallback) const;

 private:
  const Field* find(std::string_view name) const;

  std::vector<Field> fields_;
};

// kInvalidData names the line.
Result<Message> parse_prototxt(std::string_view text);

}  // namespace sixtops::importer::caffe
