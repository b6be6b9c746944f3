// Real networks of each format, from file to boxes, against what their own framework, OpenCV or PyTorch computed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/picture_network.h"
#include "base/file.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "importer/importer.h"
#include "testing/test_data.h"
#include "vision/picture_file.h"
#include "vision/top_k.h"

namespace sixtops {
namespace {

struct Expected {
  int class_id;
  float score;
  vision::Box box;
};

constexpr int kPerson = 0;
constexpr int kBus = 5;

struct Allowed {
  float pixels = 2;
  float score = 0.01F;
};

bool is_near(const vision::Detection& found, const Expected& wanted, const Allowed& allowed) {
  const auto near = [&](float a, float b) { return std::abs(a - b) <= allowed.pixels + 0.5F; };  // tables are rounded
  return found.class_id == wanted.class_id && std::abs(found.score - wanted.score) <= allowed.score &&
         near(found.box.left, wanted.box.left) && near(found.box.top, wanted.box.top) &&
         near(found.box.right, wanted.box.right) && near(found.box.bottom, wanted.box.bottom);
}

// Every expected box is found, and no other. Boxes leave the picture in the tables; ours are clipped.
void expect_detections(const std::string& model, const std::vector<Expected>& wanted,
                       const app::SourceOptions& source = {}, Allowed allowed = {}, float confidence = 0.25F) {
  auto network = app::open_picture_network(testing::test_data_path(model), source);
  ASSERT_TRUE(network.ok()) << network.status().message();
  const auto picture = vision::read_picture(testing::test_data_path("data/img/bus.jpg"));
  ASSERT_TRUE(picture.ok()) << picture.status().message();
  const auto found = app::detect_on_picture(*network, *picture, {confidence, 0.45F, 300});
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->size(), wanted.size());
  for (const Expected& expected : wanted) {
    const bool is_there = std::any_of(found->begin(), found->end(),
                                      [&](const vision::Detection& d) { return is_near(d, expected, allowed); });
    EXPECT_TRUE(is_there) << "class " << expected.class_id << " score " << expected.score;
  }
}

TEST(Darknet, YoloFastest) {
  SIXTOPS_NEED_DATA("models/yolo-fastest/yolo-fastest-1.1.weights");
  expect_detections("models/yolo-fastest/yolo-fastest-1.1.weights", {{kPerson, .959F, {53, 375, 219, 869}},
                                                                     {kBus, .895F, {96, 191, 800, 765}},
                                                                     {kPerson, .802F, {198, 425, 341, 812}}});
}

TEST(Darknet, MobileNetYoloNanoWithGridScales) {
  SIXTOPS_NEED_DATA("models/mobilenet-yolo-nano/MobileNetV2-YOLOv3-Nano-coco.cfg");
  expect_detections("models/mobilenet-yolo-nano/MobileNetV2-YOLOv3-Nano-coco.cfg",
                    {{kPerson, .993F, {50, 366, 212, 895}},
                     {kBus, .955F, {108, 181, 790, 794}},
                     {kPerson, .939F, {205, 377, 364, 830}},
                     {kPerson, .911F, {710, 334, 810, 878}},
                     {kPerson, .433F, {0, 514, 87, 885}}});
}

struct Classified {
  const char* picture;
  int class_id;
};

// The winning class of pictures that are resized whole.
void expect_classes(const std::string& model, const std::vector<Classified>& wanted) {
  auto network = app::open_picture_network(testing::test_data_path(model), {});
  ASSERT_TRUE(network.ok()) << network.status().message();
  for (const Classified& expected : wanted) {
    const auto picture = vision::read_picture(testing::test_data_path(std::string("data/img/") + expected.picture));
    ASSERT_TRUE(picture.ok()) << picture.status().message();
    const auto outputs = app::run_on_picture(*network, *picture, nullptr);
    ASSERT_TRUE(outputs.ok()) << outputs.status().message();
    const auto best = vision::top_k((*outputs)[0].values<float>(), 1);
    ASSERT_EQ(best.size(), 1U);
    EXPECT_EQ(best[0].class_id, expected.class_id) << expected.picture;
  }
}

TEST(Tflite, PerTensorMobileNet) {
  SIXTOPS_NEED_DATA("models/tflite/mobilenet_v1_0.25_128_quant.tflite");
  expect_classes("models/tflite/mobilenet_v1_0.25_128_quant.tflite", {{"grace_hopper.bmp", 401},
                                                                      {"cat.bmp", 283},
                                                                      {"parrot.jpg", 89},
                                                                      {"dog_224x224.jpg", 154},
                                                                      {"space_shuttle_224.jpg", 813}});
}

TEST(Tflite, PerChannelMobileNet) {
  SIXTOPS_NEED_DATA("models/tflite/tf2_mobilenet_v2_1.0_224_ptq.tflite");
  expect_classes("models/tflite/tf2_mobilenet_v2_1.0_224_ptq.tflite", {{"grace_hopper.bmp", 653},
                                                                       {"cat.bmp", 286},
                                                                       {"parrot.jpg", 89},
                                                                       {"dog_224x224.jpg", 156},
                                                                       {"space_shuttle_224.jpg", 813}});
}

// Box sides are squares of codes here: they jump by up to 25 pixels of the picture.
TEST(Tflite, QuantizedYolov5n) {
  SIXTOPS_NEED_DATA("models/yolov5n/yolov5n-int8.tflite");
  expect_detections("models/yolov5n/yolov5n-int8.tflite",
                    {{kPerson, .823F, {219, 408, 349, 863}},
                     {kPerson, .816F, {52, 399, 207, 895}},
                     {kPerson, .676F, {681, 377, 815, 870}},
                     {kBus, .526F, {49, 237, 819, 772}}},
                    {}, {.pixels = 25, .score = 0.05F});
}

const std::vector<Expected> kYolov5nOnBus = {{kPerson, .823F, {219, 408, 349, 863}},
                                             {kPerson, .816F, {52, 399, 207, 895}},
                                             {kPerson, .676F, {681, 377, 810, 870}},
                                             {kBus, .526F, {49, 237, 810, 772}}};

TEST(Torch, TracedYolov5n) {
  SIXTOPS_NEED_DATA("models/yolov5n/yolov5n_heads.torchscript");
  app::SourceOptions source;
  source.input_shapes = {"x:1x3x640x640"};
  expect_detections("models/yolov5n/yolov5n_heads.torchscript", kYolov5nOnBus, source);
}

TEST(Torch, CheckpointOfYolov5n) {
  SIXTOPS_NEED_DATA("models/yolov5n/yolov5n.pt");
  expect_detections("models/yolov5n/yolov5n.pt", kYolov5nOnBus);
  const auto network = app::open_picture_network(testing::test_data_path("models/yolov5n/yolov5n.pt"), {});
  ASSERT_TRUE(network.ok());
  ASSERT_EQ(network->session->graph().hints.labels.size(), 80U);
  EXPECT_EQ(network->session->graph().hints.labels[kBus], "bus");
}

Result<std::vector<Tensor>> run(const std::string& model, const Tensor& input) {
  const std::string path = testing::test_data_path(model);
  const Result<Graph> graph = importer::import_model({path, TRY(read_file(path))}, {});
  if (!graph.ok()) return graph.status();
  return cpu::run_graph(*graph, {&input, 1},
                        [](const Node& node, std::span<const Tensor> in) { return cpu::engine::run_node(node, in); });
}

// x[i] = (i mod 256) / 255 - 0.5; the sums are OpenCV's.
TEST(Caffe, Landmarks) {
  SIXTOPS_NEED_DATA("models/caffe/landmark106.prototxt");
  Tensor input = Tensor::allocate(DType::kF32, {1, 3, 112, 112}).value();
  for (int64_t i = 0; i < input.element_count(); ++i) {
    input.mutable_values<float>()[static_cast<size_t>(i)] = static_cast<float>(i % 256) / 255 - 0.5F;
  }
  const Result<std::vector<Tensor>> outputs = run("models/caffe/landmark106.prototxt", input);
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  ASSERT_EQ(outputs->size(), 1U);
  const std::span<const float> values = (*outputs)[0].values<float>();
  ASSERT_EQ(values.size(), 212U);
  EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), 94.91714, 1e-3);
  EXPECT_NEAR(*std::min_element(values.begin(), values.end()), .12567541, 1e-4);
  EXPECT_NEAR(*std::max_element(values.begin(), values.end()), .7672863, 1e-4);
  const float first[] = {.24817747F, .21219468F, .23213752F, .24854341F, .21269062F, .2809475F};
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(values[i], first[i], 1e-4);
}

const std::vector<Expected> kCenterNetOnBus = {{kPerson, .756F, {46, 396, 222, 903}},
                                               {kPerson, .605F, {223, 411, 341, 866}},
                                               {kPerson, .574F, {683, 370, 810, 881}},
                                               {kBus, .547F, {22, 227, 787, 750}},
                                               {16, .365F, {0, 564, 71, 868}}};

TEST(Tensorflow, FrozenCenterNet) {
  SIXTOPS_NEED_DATA("models/centernet/mb3_centernet_frozen.pb");
  expect_detections("models/centernet/mb3_centernet_frozen.pb", kCenterNetOnBus);
}

TEST(Tensorflow, CenterNetOfTensorflowJs) {
  SIXTOPS_NEED_DATA("models/centernet/centernet.json");
  app::SourceOptions source;
  source.outputs = {"tower_0/keypoints", "tower_0/wh"};
  source.head = "centernet";
  expect_detections("models/centernet/centernet.json", kCenterNetOnBus, source);
}

}  // namespace
}  // namespace sixtops
