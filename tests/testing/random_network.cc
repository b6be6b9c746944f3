#include "testing/random_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "graph/shape_rules.h"
#include "testing/random_tensor.h"

namespace sixtops::testing {
namespace {

// fields("axis", int64_t{1}, "split", ...)
void set_all(Attributes&) {}
template <typename Value, typename... More>
void set_all(Attributes& attributes, const char* name, Value value, More... more) {
  attributes.set(name, std::move(value));
  set_all(attributes, std::move(more)...);
}
template <typename... Fields>
Attributes fields(Fields... given) {
  Attributes attributes;
  set_all(attributes, std::move(given)...);
  return attributes;
}

class Maker {
 public:
  explicit Maker(std::mt19937& random) : random_(random) {
    const int64_t channels = draw(0, 2) == 0 ? draw(1, 4) : draw(5, 150);
    const int64_t side = draw(0, 3) == 0 ? 1 : draw(2, channels > 64 ? 9 : 17);
    const ValueId input = graph_.add_value(
        "x", DType::kI8, Shape{draw(0, 4) == 0 ? 2 : 1, channels, side, draw(0, 2) == 0 ? draw(1, 12) : side});
    graph_.inputs = {input};
    values_ = {input};
  }

  void add_node() {
    const ValueId x = any_value();
    switch (draw(0, 15)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return convolution(x);
      case 5:
        return transposed(x);
      case 6:
        return table(x);
      case 7:
      case 8:
        return pair(x);
      case 9:
        return concatenation(x);
      case 10:
        return slices(x);
      case 11:
        return pool(x);
      case 12:
        return resize(x);
      case 13:
        return squeeze_excite(x);
      case 14:
        return branches(x);
      default:
        return matrix_product(x);
    }
  }

  Graph finish() {
    const Uses uses = find_uses(graph_);
    for (const ValueId value : values_) {
      const bool unread = uses.readers[static_cast<size_t>(value)].empty();
      if (unread || draw(0, 9) == 0) graph_.outputs.push_back(value);
    }
    return graph_;
  }

 private:
  int64_t draw(int64_t low, int64_t high) { return random_int(random_, low, high); }
  ValueId any_value() {
    const auto count = static_cast<int64_t>(values_.size());
    return values_[static_cast<size_t>(draw(0, 1) == 0 ? count - 1 : draw(0, count - 1))];
  }
  const Shape& shape(ValueId id) const { return *graph_.value(id).shape; }
  std::string name() { return "n" + std::to_string(graph_.values.size()); }

  // Adds the node if its shapes fit; sums are no codes, so nobody reads them.
  void add(Op op, std::vector<ValueId> inputs, Attributes attributes, int outputs = 1) {
    Node node;
    node.op = op;
    node.name = name();
    node.inputs = std::move(inputs);
    node.precision = Precision::kInt8;
    node.attributes = std::move(attributes);
    for (int i = 0; i < outputs; ++i) node.outputs.push_back(graph_.add_value(name(), DType::kI8));
    const auto types = infer_node(graph_, node);
    ASSERT_TRUE(types.ok()) << types.status().message();
    for (size_t i = 0; i < types->size(); ++i) {
      Value& value = graph_.value(node.outputs[i]);
      value.dtype = (*types)[i].dtype;
      value.shape = (*types)[i].shape;
      if (value.dtype == DType::kI8) values_.push_back(node.outputs[i]);
      if (value.dtype != DType::kI8) graph_.outputs.push_back(node.outputs[i]);
    }
    graph_.nodes.push_back(std::move(node));
  }

  // Multipliers that spread a sum of that size over the codes; now and then any at all.
  void set_requantization(double size, int64_t channels, Attributes& attributes) {
    const bool wild = draw(0, 9) == 0;
    const double multiplier = 80 / size;
    int64_t shift = wild ? draw(0, 31) : 0;
    if (!wild) {
      while (shift < 31 && std::ldexp(multiplier, static_cast<int>(shift) + 13) < 16000) ++shift;
    }
    const auto count = draw(0, 3) == 0 ? size_t{1} : static_cast<size_t>(channels);
    const auto centre =
        std::clamp<int64_t>(std::llround(std::ldexp(multiplier, static_cast<int>(shift) + 12)), 2, 30000);
    attributes.set("multiplier",
                   wild ? random_ints(random_, count, -32768, 32767) : random_ints(random_, count, centre / 2, centre));
    attributes.set("shift", shift);
    attributes.set("output_zero_point", draw(-128, 127));
  }

  // weight_offset and pad_code too.
  Attributes sum_attributes(double products, int64_t channels) {
    Attributes attributes;
    const int64_t kind = draw(0, 5);
    if (kind == 0) attributes.set("weight_offset", random_ints(random_, 1, -255, 255));
    if (kind == 1) attributes.set("weight_offset", random_ints(random_, static_cast<size_t>(channels), -40, 40));
    attributes.set("pad_code", draw(0, 1) == 0 ? pad_code_ : draw(-128, 127));
    set_requantization(5000 * std::sqrt(products), channels, attributes);
    return attributes;
  }

  ValueId weights(Shape shape) { return graph_.add_constant(name(), random_integers(random_, std::move(shape))); }
  ValueId bias(int64_t channels) {
    if (draw(0, 3) == 0) return kNoValue;
    const int64_t largest = draw(0, 9) == 0 ? 1 << 27 : 100000;
    return graph_.add_constant(name(), random_integers<int32_t>(random_, {channels}, -largest, largest));
  }

  void convolution(ValueId x) {
    if (shape(x).size() != 4) return;
    const int64_t inputs = shape(x)[1];
    int64_t groups = 1;
    if (draw(0, 3) == 0) groups = inputs;
    if (draw(0, 5) == 0) {
      for (const int64_t candidate : {2, 3, 4, 8}) {
        if (inputs % candidate == 0) groups = candidate;
      }
    }
    const int64_t outputs = groups * (groups == inputs ? (draw(0, 3) == 0 ? 2 : 1) : draw(1, groups > 1 ? 12 : 140));
    Ints kernel, strides, dilations, pads(4);
    for (size_t axis = 0; axis < 2; ++axis) {
      const int64_t extent = shape(x)[2 + axis];
      const int64_t k = std::min<int64_t>(draw(0, 1) == 0 ? 1 : draw(2, 5), extent);
      const int64_t dilation = draw(0, 4) == 0 && 2 * (k - 1) < extent ? 2 : 1;
      kernel.push_back(k);
      dilations.push_back(dilation);
      strides.push_back(draw(0, 2) == 0 ? draw(2, 3) : 1);
      pads[axis] = draw(0, k - 1);
      pads[axis + 2] = draw(0, k - 1);
    }
    auto attributes = sum_attributes(static_cast<double>(inputs / groups * kernel[0] * kernel[1]), outputs);
    if (draw(0, 14) == 0) {
      attributes.set("accumulator_output", int64_t{1});
      attributes.set("multiplier", Ints{1});
    }
    set_all(attributes, "group", groups, "strides", strides, "dilations", dilations, "pads", pads);
    add(Op::kConv, {x, weights({outputs, inputs / groups, kernel[0], kernel[1]}), bias(outputs)},
        std::move(attributes));
  }

  // Layers that read one value through the same windows.
  void branches(ValueId x) {
    if (shape(x).size() != 4) return;
    const int64_t k = shape(x)[2] > 2 && shape(x)[3] > 2 && draw(0, 1) == 0 ? 3 : 1;
    const int64_t pad_code = draw(-128, 127);
    for (int64_t count = draw(2, 4); count > 0; --count) {
      const int64_t outputs = draw(1, 50);
      auto attributes = sum_attributes(static_cast<double>(shape(x)[1] * k * k), outputs);
      set_all(attributes, "pad_code", pad_code, "pads", Ints(4, k / 2));
      add(Op::kConv, {x, weights({outputs, shape(x)[1], k, k}), bias(outputs)}, std::move(attributes));
      if (draw(0, 1) == 0) table(values_.back());
      if (draw(0, 2) == 0) convolution(values_.back());
    }
  }

  void transposed(ValueId x) {
    if (shape(x).size() != 4 || shape(x)[2] * shape(x)[3] > 80) return;
    const int64_t inputs = shape(x)[1];
    const int64_t groups = inputs % 2 == 0 && draw(0, 2) == 0 ? 2 : 1;
    const int64_t outputs = draw(1, 40);
    Ints kernel = random_ints(random_, 2, 1, 4);
    Ints strides = random_ints(random_, 2, 1, 3);
    Ints pads(4);
    for (size_t axis = 0; axis < 4; ++axis) pads[axis] = draw(0, (kernel[axis % 2] - 1) / 2);
    auto attributes = sum_attributes(static_cast<double>(inputs / groups * kernel[0] * kernel[1]), outputs * groups);
    set_all(attributes, "group", groups, "strides", strides, "pads", pads);
    add(Op::kConvTranspose, {x, weights({inputs, outputs, kernel[0], kernel[1]}), bias(outputs * groups)},
        std::move(attributes));
  }

  void table(ValueId x) { add(Op::kTable, {x}, fields("table", random_ints(random_, 256, -128, 127))); }

  void add_sum(Op op, ValueId a, ValueId b) {
    Attributes attributes;
    if (op == Op::kMul) {
      attributes.set("input_zero_points", random_ints(random_, 2, -128, 127));
    } else {
      attributes.set("operand_multiplier", random_ints(random_, 2, -128, 127));
      attributes.set("operand_bias", draw(-20000, 20000));
    }
    set_requantization(8000, draw(0, 9) == 0 ? shape(a)[1] : 1, attributes);
    add(op, {a, b}, std::move(attributes));
  }

  void pair(ValueId x) {
    const Op op = draw(0, 3) == 0 ? Op::kMul : draw(0, 2) == 0 ? Op::kSub : Op::kAdd;
    // Another value of that shape; else a convolution of the value makes one, as in a residual block.
    for (const ValueId other : values_) {
      if (other != x && shape(other) == shape(x))
        return draw(0, 1) == 0 ? add_sum(op, x, other) : add_sum(op, other, x);
    }
    if (shape(x).size() != 4) return;
    auto attributes = sum_attributes(static_cast<double>(shape(x)[1] * 9), shape(x)[1]);
    set_all(attributes, "pads", Ints{1, 1, 1, 1});
    add(Op::kConv, {x, weights({shape(x)[1], shape(x)[1], 3, 3}), bias(shape(x)[1])}, std::move(attributes));
    if (draw(0, 1) == 0) table(values_.back());
    add_sum(op, draw(0, 1) == 0 ? values_.back() : x, x);
  }

  void concatenation(ValueId x) {
    std::vector<ValueId> parts = {x};
    for (const ValueId other : values_) {
      Shape a = shape(other);
      a[1] = shape(x)[1];
      if (a == shape(x) && parts.size() < 4 && draw(0, 1) == 0) parts.push_back(other);
    }
    std::shuffle(parts.begin(), parts.end(), random_);
    add(Op::kConcat, parts, fields("axis", int64_t{1}));
  }

  void slices(ValueId x) {
    const Shape& from = shape(x);
    if (from.size() == 4 && draw(0, 1) == 0) {
      const int64_t row = draw(0, from[2] - 1);
      const int64_t column = draw(0, from[3] - 1);
      add(Op::kSlice, {x},
          fields("starts", Ints{row, column}, "ends", Ints{from[2], from[3]}, "axes", Ints{2, 3}, "steps",
                 Ints{draw(1, 2), draw(1, 2)}));
    } else if (from[1] > 1) {
      const int64_t first = draw(1, from[1] - 1);
      add(Op::kSplit, {x}, fields("axis", int64_t{1}, "split", Ints{first, from[1] - first}), 2);
    }
  }

  void pool(ValueId x) {
    if (shape(x).size() != 4) return;
    Attributes attributes;
    const int64_t kind = draw(0, 3);
    const int64_t largest = std::min<int64_t>({5, shape(x)[2], shape(x)[3]});
    const int64_t k = draw(1, largest);
    if (kind < 2) {
      attributes = fields("kernel_shape", Ints{k, k}, "strides", random_ints(random_, 2, 1, 3), "pads",
                          random_ints(random_, 4, 0, k - 1), "ceil_mode", draw(0, 1));
    }
    if (kind == 1 || kind == 2) {
      attributes.set("operand_bias", draw(-3000, 3000));
      const double taps = static_cast<double>(kind == 1 ? k * k : shape(x)[2] * shape(x)[3]);
      set_requantization(70 * taps, shape(x)[1], attributes);
    }
    if (kind == 1) attributes.set("pad_code", draw(-128, 127));
    constexpr Op kOps[] = {Op::kMaxPool, Op::kAveragePool, Op::kGlobalAveragePool, Op::kGlobalMaxPool};
    add(kOps[kind], {x}, std::move(attributes));
  }

  void resize(ValueId x) {
    if (shape(x).size() != 4 || shape(x)[2] * shape(x)[3] > 100) return;
    if (draw(0, 3) == 0) return pad(x);
    const float scale = draw(0, 4) == 0 ? 3.0F : 2.0F;
    auto attributes = fields("mode", std::string("nearest"), "coordinate_transformation_mode",
                             std::string("asymmetric"), "nearest_mode", std::string("floor"));
    switch (draw(0, 3)) {
      case 0:
        set_all(attributes, "sizes", Ints{shape(x)[0], shape(x)[1], draw(1, 20), draw(1, 20)});
        break;
      case 1:
        set_all(attributes, "scales", Floats{1, 1, scale, shape(x)[3] < 3 ? scale : 0.4F});
        break;
      default:
        set_all(attributes, "scales", Floats{1, 1, scale, scale});
    }
    if (draw(0, 1) == 0) {
      constexpr const char* kModes[] = {"half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel"};
      set_all(attributes, "mode", std::string("linear"), "coordinate_transformation_mode",
              std::string(kModes[draw(0, 3)]), "antialias", draw(0, 2) == 0 ? int64_t{1} : int64_t{0});
    }
    add(Op::kResize, {x}, std::move(attributes));
  }

  void pad(ValueId x) {
    constexpr const char* kModes[] = {"constant", "edge", "reflect", "wrap"};
    add(Op::kPad, {x},
        fields("pads", Ints{0, 0, draw(0, 3), draw(0, 3), 0, 0, draw(0, 3), draw(0, 3)}, "mode",
               std::string(kModes[draw(0, 3)]), "value", static_cast<float>(draw(-128, 127))));
  }

  // Channels weighted by one value of each.
  void squeeze_excite(ValueId x) {
    if (shape(x).size() != 4) return;
    Attributes attributes = fields("operand_bias", draw(-100, 100));
    set_requantization(70 * static_cast<double>(shape(x)[2] * shape(x)[3]), 1, attributes);
    add(Op::kGlobalAveragePool, {x}, std::move(attributes));
    const ValueId pooled = values_.back();
    const Op op = draw(0, 2) == 0 ? Op::kAdd : Op::kMul;
    draw(0, 1) == 0 ? add_sum(op, x, pooled) : add_sum(op, pooled, x);
  }

  void matrix_product(ValueId x) {
    if (shape(x).size() == 4) {
      add(Op::kFlatten, {x}, fields("axis", int64_t{1}));
      x = values_.back();
    }
    const int64_t depth = shape(x)[1];
    const int64_t columns = draw(1, 100);
    if (draw(0, 1) == 0) {
      add(Op::kMatMul, {x, weights({depth, columns}), bias(columns)},
          sum_attributes(static_cast<double>(depth), columns));
    } else {
      const bool transposed = draw(0, 1) == 0;
      auto attributes = sum_attributes(static_cast<double>(depth), columns);
      attributes.set("transB", int64_t{transposed});
      add(Op::kGemm, {x, weights(transposed ? Shape{columns, depth} : Shape{depth, columns}), bias(columns)},
          std::move(attributes));
    }
  }

  std::mt19937& random_;
  Graph graph_;
  std::vector<ValueId> values_;
  int64_t pad_code_ = draw(-128, 127);
};

}  // namespace

Graph random_network(std::mt19937& random, int nodes) {
  Maker maker(random);
  while (nodes-- > 0) maker.add_node();
  return maker.finish();
}

}  // namespace sixtops::testing
