#include "model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/container.h"
#include "testing/six_checksums.h"

namespace sixtops::model {
namespace {

using ::sixtops::testing::fix_checksums;
using ::testing::HasSubstr;

SharedBytes shared(const std::vector<std::byte>& bytes) { return SharedBytes::own(bytes); }

// A convolution and a foreign node, with every kind of attribute, quantization parameters and all descriptions.
Graph small_graph() {
  Graph graph;
  graph.name = "small";
  const ValueId images = graph.add_value("images", DType::kF32, Shape{1, 3, 4, 4});
  const ValueId weights = graph.add_constant("w", Tensor::from_values<float>({2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}));
  const ValueId features = graph.add_value("features", DType::kF32, Shape{1, 2, 4, 4});
  const ValueId codes = graph.add_value("codes", DType::kI8, Shape{1, 2, 4, 4});
  graph.value(codes).quant = QuantParams{{0.5F, 0.25F}, {-3, 4}, 1};

  Node conv{
      .op = Op::kConv, .name = "conv", .inputs = {images, weights, kNoValue}, .outputs = {features}, .attributes = {}};
  conv.attributes.set("kernel_shape", Ints{1, 1});
  Node custom{.op = Op::kCustom, .name = "foreign", .inputs = {features}, .outputs = {codes}, .attributes = {}};
  custom.precision = Precision::kFloat16;
  custom.attributes.set("type", std::string("cstThing"));
  custom.attributes.set("an_int", int64_t{-7});
  custom.attributes.set("a_float", 1.5F);
  custom.attributes.set("floats", Floats{0.5F, -2});
  custom.attributes.set("texts", Texts{"a", ""});
  custom.attributes.set("tensor", Tensor::from_values<int32_t>({2}, {1, -1}));
  graph.nodes = {conv, custom};
  graph.inputs = {images};
  graph.outputs = {codes};
  graph.input_descriptions = {{.is_picture = true,
                               .mean = {1, 2, 3},
                               .std = {4, 5, 6},
                               .color = ColorOrder::kBgr,
                               .resize = ResizeMode::kLetterbox,
                               .pad_color = 7}};
  graph.hints = {HeadKind::kYolox, {"cat", "dog"}, {10, 13}, {8}};
  return graph;
}

std::vector<std::byte> small_file() {
  const auto file = write_model({{small_graph()}, "test 1", "hello"});
  EXPECT_TRUE(file.ok()) << file.status().message();
  return file.ok() ? *file : std::vector<std::byte>();
}

TEST(Model, ComesBackAsItWasWritten) {
  const std::vector<std::byte> file = small_file();
  EXPECT_TRUE(recognize(file));
  const Result<Model> model = read_model(shared(file));
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ(model->producer, "test 1");
  EXPECT_EQ(model->custom_text, "hello");
  ASSERT_EQ(model->variants.size(), 1U);

  const Graph expected = small_graph();
  const Graph& graph = model->variants[0];
  EXPECT_EQ(graph.name, "small");
  ASSERT_EQ(graph.values.size(), expected.values.size());
  EXPECT_EQ(graph.value(3).quant, expected.value(3).quant);
  EXPECT_EQ(values_as<float>(*graph.value(1).constant), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  ASSERT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(graph.nodes[0].inputs, expected.nodes[0].inputs);
  EXPECT_EQ(graph.nodes[0].get_ints("kernel_shape"), (Ints{1, 1}));
  const Node& custom = graph.nodes[1];
  EXPECT_EQ(custom.precision, Precision::kFloat16);
  EXPECT_EQ(custom.get_int("an_int"), -7);
  EXPECT_EQ(custom.get_float("a_float"), 1.5F);
  EXPECT_EQ(custom.get_floats("floats"), (Floats{0.5F, -2}));
  EXPECT_EQ(std::get<Texts>(*custom.attributes.find("texts")), (Texts{"a", ""}));
  EXPECT_EQ(values_as<int64_t>(std::get<Tensor>(*custom.attributes.find("tensor"))), (std::vector<int64_t>{1, -1}));
  EXPECT_EQ(graph.input_descriptions, expected.input_descriptions);
  EXPECT_EQ(graph.hints, expected.hints);

  const auto again = write_model(*model);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, file);
}

TEST(Model, VariantsShareConstants) {
  Graph graph = small_graph();
  graph.value(1).constant = Tensor::from_values<float>({2, 3, 1, 1}, {1, 2, 3, 4, 5, 7});
  const auto file = write_model({{small_graph(), small_graph(), graph}, "", ""});
  ASSERT_TRUE(file.ok());
  const Result<Model> model = read_model(shared(*file));
  ASSERT_TRUE(model.ok()) << model.status().message();
  const auto weights = [&](size_t variant) { return model->variants[variant].value(1).constant->bytes().data(); };
  EXPECT_EQ(weights(0), weights(1));
  EXPECT_NE(weights(0), weights(2));
  // Slices of one buffer.
  const SharedBytes& bytes = model->variants[0].value(1).constant->bytes();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes.data()) % alignof(float), 0U);
  EXPECT_GT(bytes.use_count(), 3);
}

TEST(Model, AnyAddressOfTheFileWill) {
  std::vector<std::byte> moved = small_file();
  moved.insert(moved.begin(), 3, std::byte{0});
  const SharedBytes bytes = shared(moved);
  EXPECT_TRUE(read_model(bytes.slice(3, bytes.size() - 3)).ok());
}

TEST(Model, OtherVersionsAreRefusedWithBothNumbers) {
  std::vector<std::byte> file = small_file();
  file[8] = std::byte{9};
  EXPECT_THAT(read_model(shared(file)).status().message(), HasSubstr("format version 9, this SixTOPS reads up to 1"));
  EXPECT_EQ(read_model(shared(file)).status().code(), StatusCode::kUnsupported);
  file = small_file();
  file[12] = std::byte{5};
  EXPECT_THAT(read_model(shared(file)).status().message(), HasSubstr("arithmetic version 5, this SixTOPS computes"));
}

TEST(Model, SectionsOfOthersAreLeftAlone) {
  const std::vector<std::byte> file = small_file();
  Container container = read_container(shared(file)).value();
  container.sections.push_back({"future", shared(std::vector<std::byte>(100))});
  EXPECT_TRUE(read_model(shared(write_container(container))).ok());
  container.sections.push_back({"future", SharedBytes()});
  EXPECT_THAT(read_model(shared(write_container(container))).status().message(), HasSubstr("two sections"));
}

TEST(Model, EveryTruncationIsAnError) {
  const std::vector<std::byte> file = small_file();
  for (size_t size = 0; size < file.size(); ++size) {
    const std::vector<std::byte> cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(read_model(shared(cut)).ok()) << size;
  }
}

TEST(Model, DamageInASectionIsNamed) {
  const std::vector<std::byte> file = small_file();
  const Container container = read_container(shared(file)).value();
  for (const Section& section : container.sections) {
    std::vector<std::byte> damaged = file;
    const SharedBytes whole = shared(file);
    const Container again = read_container(whole).value();
    const size_t at = static_cast<size_t>(again.section(section.name).value().data() - whole.data());
    damaged[at] ^= std::byte{1};
    const std::string message = read_model(shared(damaged)).status().message();
    EXPECT_THAT(message, HasSubstr("checksum"));
    EXPECT_THAT(message, HasSubstr(std::string(section.name)));
  }
}

// Whatever a byte becomes, the reader answers with a model or with a sentence; with the checksums left alone only
// padding between sections may change unnoticed.
TEST(Model, EveryChangedByteIsSurvived) {
  const std::vector<std::byte> file = small_file();
  int errors = 0;
  for (size_t at = 8; at < file.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xFF, 0x7F, 0x10}) {
      std::vector<std::byte> changed = file;
      changed[at] ^= static_cast<std::byte>(change);
      const bool in_sections = at >= kHeaderBytes + 2 * kTableEntryBytes;
      if (!in_sections) {
        EXPECT_FALSE(read_model(shared(changed)).ok()) << at;
      }
      fix_checksums(changed);
      const Result<Model> model = read_model(shared(changed));
      if (!model.ok()) {
        ++errors;
        EXPECT_FALSE(model.status().message().empty());
      }
    }
  }
  EXPECT_GT(errors, 100);
}

}  // namespace
}  // namespace sixtops::model
