#include "capi/test_models.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "base/file.h"
#include "model/model.h"
#include "testing/text_graph.h"

namespace sixtops::testing {

ModelBytes model_of(std::initializer_list<std::string_view> texts, const std::string& custom_text) {
  model::Model model;
  for (const std::string_view text : texts) model.variants.push_back(graph_of(text));
  model.producer = "test";
  model.custom_text = custom_text;
  const Result<ModelBytes> bytes = model::write_model(model);
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  return bytes.ok() ? *bytes : ModelBytes();
}

ModelBytes code_model() {
  return model_of({R"(graph "codes"
    input %images: i8[1x3x5x7] q(0.003921569, -128) {picture=1 std=[255.0]}
    %output0: i8[1x3x5x7] q(0.003921569, -128) = Identity(%images) : int8
    output %output0)"},
                  "RGB");
}

ModelBytes float_model() {
  return model_of({R"(graph "real"
    input %x: f32[1x2x3x4] {picture=1 mean=[1.0] std=[2.0]}
    %y: f32[1x2x3x4] = Relu(%x)
    output %y)"});
}

ModelBytes many_channels_model() {
  return model_of({R"(graph "many"
    input %x: i8[1x20x3x4] q(0.5, 3)
    %y: i8[1x20x3x4] q(0.5, 3) = Identity(%x) : int8
    output %y)"});
}

ModelBytes two_inputs_model() {
  return model_of({R"(graph "two"
    input %a: f32[2x3]
    input %b: f32[2x3]
    %y: f32[2x3] = Add(%a, %b)
    output %y)"});
}

ModelBytes custom_model() {
  return model_of({R"(graph "custom"
    input %x: f32[1x2x2x2]
    %y: f32[1x2x2x2] = Custom(%x) {type="cstScale" factor=3.0 steps=[4 5] mode="up"} "scale_node"
    output %y)"});
}

ModelBytes two_shapes_model() {
  return model_of({R"(graph "short"
    input %x: f32[1x4]
    %y: f32[1x4] = Relu(%x)
    output %y)",
                   R"(graph "long"
    input %x: f32[1x8]
    %y: f32[1x8] = Relu(%x)
    output %y)"});
}

ModelFile::ModelFile(std::span<const std::byte> bytes, const std::string& suffix) {
  static int count = 0;
  path_ = ::testing::TempDir() + "sixtops-capi-" + std::to_string(::getpid()) + "-" + std::to_string(++count) + suffix;
  EXPECT_TRUE(write_file(path_, bytes).ok());
}

ModelFile::~ModelFile() { std::remove(path_.c_str()); }

}  // namespace sixtops::testing
