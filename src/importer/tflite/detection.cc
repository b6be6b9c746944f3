// TFLite_Detection_PostProcess, taken apart: box encodings relative to anchors → corners, non-maximum suppression, the
// best of what is left, as many as the model asks for, filled up with zeros.
//
//   centre = encoding / scale · anchor size + anchor centre,  size = exp(encoding / scale) · anchor size
// Order of encodings and anchors: y, x, h, w; of the results: top, left, bottom, right. Class 0 of the results is the
// first behind the background. use_regular_nms suppresses class by class, otherwise a box counts with its best class.
// Source: TensorFlow Lite, kernels/detection_postprocess.cc.
#include <flatbuffers/flexbuffers.h>

#include <cmath>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

struct Settings {
  int64_t max_detections = 0;
  int64_t detections_per_class = 0;
  int64_t classes = 0;
  bool class_by_class = false;
  float min_score = 0;
  float iou = 0;
  Floats scale;  // y, x, h, w
};

constexpr int64_t kMaxDetections = 100000;

Result<Settings> read_settings(const Translation& op) {
  const auto* bytes = op.wire().custom_options();
  if (bytes == nullptr || !flexbuffers::VerifyBuffer(bytes->data(), bytes->size(), nullptr)) {
    return invalid_data("the options are missing or damaged");
  }
  const flexbuffers::Reference root = flexbuffers::GetRoot(bytes->data(), bytes->size());
  if (!root.IsMap()) return invalid_data("the options are no map");
  const flexbuffers::Map map = root.AsMap();
  Settings settings;
  settings.max_detections = map["max_detections"].AsInt64();
  settings.classes = map["num_classes"].AsInt64();
  settings.class_by_class = map["use_regular_nms"].AsBool();
  settings.detections_per_class =
      map["detections_per_class"].IsNull() ? settings.max_detections : map["detections_per_class"].AsInt64();
  settings.min_score = map["nms_score_threshold"].AsFloat();
  settings.iou = map["nms_iou_threshold"].AsFloat();
  for (const char* name : {"y_scale", "x_scale", "h_scale", "w_scale"}) settings.scale.push_back(map[name].AsFloat());
  if (settings.max_detections < 1 || settings.max_detections > kMaxDetections || settings.classes < 1 ||
      settings.detections_per_class < 1) {
    return invalid_data("{} detections of {} classes", settings.max_detections, settings.classes);
  }
  for (const float scale : settings.scale) {
    if (!std::isfinite(scale) || scale == 0) return invalid_data("a scale of {}", scale);
  }
  if (!settings.class_by_class && map["max_classes_per_detection"].AsInt64() > 1) {
    return unsupported("several classes a box");
  }
  return settings;
}

// The steps of the work, on tensors whose axes are the file's.
class Steps {
 public:
  Steps(Translation& op, const Settings& settings) : op_(op), settings_(settings) {}

  // 1 x N x 4 encodings and N x 4 anchors → 1 x N x 4 corners.
  Result<ValueId> corners(ValueId encodings, ValueId anchors) {
    const std::vector<ValueId> code = TRY(columns(encodings));
    const std::vector<ValueId> anchor = TRY(columns(anchors));
    std::vector<ValueId> low;
    std::vector<ValueId> high;
    for (size_t axis = 0; axis < 2; ++axis) {
      const ValueId offset = TRY(scaled(code[axis], 1 / settings_.scale[axis]));
      const ValueId size_code = TRY(scaled(code[2 + axis], 1 / settings_.scale[2 + axis]));
      const ValueId centre = TRY(step(Op::kAdd, {TRY(step(Op::kMul, {offset, anchor[2 + axis]})), anchor[axis]}));
      const ValueId size = TRY(step(Op::kMul, {TRY(step(Op::kExp, {size_code})), anchor[2 + axis]}));
      const ValueId half = TRY(scaled(size, 0.5F));
      low.push_back(TRY(step(Op::kSub, {centre, half})));
      high.push_back(TRY(step(Op::kAdd, {centre, half})));
    }
    return step(Op::kConcat, {low[0], low[1], high[0], high[1]}, with("axis", int64_t{-1}));
  }

  // Without the background: 1 x N x C.
  Result<ValueId> class_scores(ValueId scores, int64_t columns_there) {
    Attributes attributes = with("starts", Ints{columns_there - settings_.classes});
    attributes.set("ends", Ints{columns_there});
    attributes.set("axes", Ints{2});
    return step(Op::kSlice, {scores}, std::move(attributes));
  }

  // Picks: rows of batch, class, box. scores: 1 x C x N, or 1 x 1 x N where a box counts once.
  Result<ValueId> suppress(ValueId boxes, ValueId scores) {
    const int64_t limit = settings_.class_by_class ? settings_.detections_per_class : settings_.max_detections;
    return step(Op::kNonMaxSuppression, {boxes, scores, op_.add_constant(Tensor::scalar<int64_t>(limit)),
                                         op_.add_constant(Tensor::scalar(settings_.iou)),
                                         op_.add_constant(Tensor::scalar(settings_.min_score))});
  }

  Result<ValueId> column(ValueId picks, int64_t index) {
    return step(Op::kGather, {picks, op_.add_constant(Tensor::scalar(index))}, with("axis", int64_t{1}));
  }

  Result<ValueId> reshape(ValueId id, Ints shape) { return step(Op::kReshape, {id}, with("shape", std::move(shape))); }

  Result<ValueId> gather(ValueId id, ValueId indices) {
    return step(Op::kGather, {id, indices}, with("axis", int64_t{0}));
  }

  Result<ValueId> as_float(ValueId id) { return step(Op::kCast, {id}, with("to", std::string("f32"))); }

  // max_detections rows of zeros behind the picks, so that there are enough.
  Result<ValueId> filled_up(ValueId id, Shape row) {
    row.insert(row.begin(), settings_.max_detections);
    const ValueId zeros = op_.add_constant(TRY(Tensor::allocate(DType::kF32, row)));
    return step(Op::kConcat, {id, zeros}, with("axis", int64_t{0}));
  }

  Result<ValueId> step(Op kind, std::vector<ValueId> inputs, Attributes attributes = {}) {
    return op_.step_in_order(false, kind, std::move(inputs), std::move(attributes));
  }

  static Attributes with(const char* name, Attribute value) {
    Attributes attributes;
    attributes.set(name, std::move(value));
    return attributes;
  }

 private:
  Result<std::vector<ValueId>> columns(ValueId id) {
    Attributes attributes = with("axis", int64_t{-1});
    attributes.set("num_outputs", int64_t{4});
    return op_.step_with_outputs(Op::kSplit, {id}, std::move(attributes), 4);
  }

  Result<ValueId> scaled(ValueId id, float factor) {
    return step(Op::kMul, {id, op_.add_constant(Tensor::scalar(factor))});
  }

  Translation& op_;
  const Settings& settings_;
};

}  // namespace

Status detection_post_process(Translation& op) {
  TRY(op.expect(3, 3, 4));
  const Settings settings = TRY(read_settings(op));
  const ValueId encodings = TRY(op.plain(0));
  const ValueId scores = TRY(op.plain(1));
  const ValueId anchors = TRY(op.plain(2));
  const Shape rows = op.shape(scores);
  if (rows.size() != 3 || rows[0] != 1 || rows[2] < settings.classes || op.shape(encodings) != Shape{1, rows[1], 4} ||
      op.shape(anchors) != Shape{rows[1], 4}) {
    return invalid_data("boxes {}, scores {} and anchors {} do not fit each other", shape_text(op.shape(encodings)),
                        shape_text(rows), shape_text(op.shape(anchors)));
  }
  Steps steps(op, settings);
  const ValueId boxes = TRY(steps.corners(encodings, anchors));
  const ValueId classes = TRY(steps.class_scores(scores, rows[2]));
  const ValueId by_class = TRY(steps.step(Op::kTranspose, {classes}, Steps::with("perm", Ints{0, 2, 1})));
  ValueId counted = by_class;
  if (!settings.class_by_class) {
    counted = TRY(steps.step(Op::kReduceMax, {by_class}, Steps::with("axes", Ints{1})));
  }
  const ValueId picks = TRY(steps.suppress(boxes, counted));
  const ValueId box = TRY(steps.column(picks, 2));
  ValueId class_id = TRY(steps.column(picks, 1));
  const ValueId score_matrix = TRY(steps.reshape(counted, {-1, rows[1]}));
  Attributes pair = Steps::with("axes", Ints{1});
  const ValueId place = TRY(steps.step(
      Op::kConcat, {TRY(steps.step(Op::kUnsqueeze, {class_id}, pair)), TRY(steps.step(Op::kUnsqueeze, {box}, pair))},
      Steps::with("axis", int64_t{1})));
  const ValueId score = TRY(steps.step(Op::kGatherND, {score_matrix, place}));
  if (!settings.class_by_class) {
    Attributes best = Steps::with("axis", int64_t{1});
    best.set("keepdims", int64_t{0});
    const ValueId best_class = TRY(steps.step(Op::kArgMax, {by_class}, std::move(best)));
    class_id = TRY(steps.gather(TRY(steps.reshape(best_class, {rows[1]})), box));
  }
  const ValueId corners = TRY(steps.gather(TRY(steps.reshape(boxes, {rows[1], 4})), box));
  const std::vector<ValueId> best = TRY(
      op.step_with_outputs(Op::kTopK, {TRY(steps.filled_up(score, {}))}, Steps::with("k", settings.max_detections), 2));
  const ValueId best_boxes = TRY(steps.gather(TRY(steps.filled_up(corners, {4})), best[1]));
  const ValueId all_classes = TRY(steps.filled_up(TRY(steps.as_float(class_id)), {}));
  TRY(op.write(TRY(steps.reshape(best_boxes, {1, settings.max_detections, 4})), 0));
  TRY(op.write(TRY(steps.reshape(TRY(steps.gather(all_classes, best[1])), {1, settings.max_detections})), 1));
  TRY(op.write(TRY(steps.reshape(best[0], {1, settings.max_detections})), 2));
  const ValueId found = TRY(steps.as_float(TRY(steps.step(Op::kShape, {box}))));
  const ValueId limit = op.add_constant(Tensor::from_values<float>({1}, {static_cast<float>(settings.max_detections)}));
  return op.write(TRY(steps.step(Op::kMin, {found, limit})), 3);
}

}  // namespace sixtops::importer::tflite
