// Ops that move data by strides, blocks and tables: any element type goes through the same code by its size.
#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;

// 0, 1, 2, ... of an element type.
template <typename T>
Tensor counting(Shape shape) {
  std::vector<T> values(static_cast<size_t>(element_count(shape).value()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(i);
  return tensor<T>(std::move(shape), values);
}

template <typename T>
class AnyElementSize : public testing::Test {};
using ElementTypes = testing::Types<int8_t, uint8_t, int16_t, float, double, uint64_t>;
TYPED_TEST_SUITE(AnyElementSize, ElementTypes);

TYPED_TEST(AnyElementSize, Transposes) {
  const Tensor x = counting<TypeParam>({2, 3});
  EXPECT_OUTPUT(run(Op::kTranspose, {x}), tensor<TypeParam>({3, 2}, {0, 3, 1, 4, 2, 5}));
}

TYPED_TEST(AnyElementSize, PadsWithAValue) {
  const Tensor x = counting<TypeParam>({1, 2});
  EXPECT_OUTPUT(run(Op::kPad, {x}, {{"pads", Ints{1, 1, 0, 2}}, {"value", 9.0F}}),
                tensor<TypeParam>({2, 5}, {9, 9, 9, 9, 9, 9, 0, 1, 9, 9}));
}

TYPED_TEST(AnyElementSize, GathersElements) {
  EXPECT_OUTPUT(
      run(Op::kGatherElements, {counting<TypeParam>({2, 2}), int64s({2, 2}, {0, 0, -1, 0})}, {{"axis", I{1}}}),
      tensor<TypeParam>({2, 2}, {0, 0, 3, 2}));
}

TYPED_TEST(AnyElementSize, ScattersElements) {
  EXPECT_OUTPUT(
      run(Op::kScatterElements, {counting<TypeParam>({3}), int64s({2}, {2, 0}), tensor<TypeParam>({2}, {8, 9})}),
      tensor<TypeParam>({3}, {9, 1, 8}));
}

TEST(Reshape, ResolvesZeroAndMinusOne) {
  const Tensor x = counting<float>({2, 3, 4});
  EXPECT_OUTPUT(run(Op::kReshape, {x}, {{"shape", Ints{0, -1}}}), counting<float>({2, 12}));
  EXPECT_OUTPUT(run(Op::kReshape, {x, int64s({3}, {4, -1, 2})}), counting<float>({4, 3, 2}));
  EXPECT_OUTPUT(run(Op::kReshape, {floats({0, 3}, {}), int64s({2}, {3, 0})}, {{"allowzero", I{1}}}),
                floats({3, 0}, {}));
  EXPECT_OUTPUT(run(Op::kReshape, {halves({1}, {3}), int64s({0}, {})}), halves({}, {3}));
}

TEST(Reshape, RefusesWhatDoesNotFit) {
  const Tensor x = counting<float>({2, 3});
  const auto to = [](Ints shape) { return AttributeList{{"shape", shape}}; };
  EXPECT_ERROR(run(Op::kReshape, {x}, to({4, -1})), StatusCode::kInvalidData, "6 elements do not fit");
  EXPECT_ERROR(run(Op::kReshape, {x}, to({-1, -1})), StatusCode::kInvalidData, "two unknown");
  EXPECT_ERROR(run(Op::kReshape, {x}, to({6, 1, 0})), StatusCode::kInvalidData, "axis 2");
  EXPECT_ERROR(run(Op::kReshape, {x}, to({7})), StatusCode::kInvalidData, "24 bytes");
  EXPECT_ERROR(run(Op::kReshape, {x, int64s({1}, {-2})}), StatusCode::kInvalidData, "extent -2");
  EXPECT_ERROR(run(Op::kReshape, {x}, to({I{1} << 40, I{1} << 40})), StatusCode::kResource, "overflow");
}

TEST(Reshape, FlattensSqueezesAndUnsqueezes) {
  const Tensor x = counting<float>({2, 1, 3, 1});
  EXPECT_OUTPUT(run(Op::kFlatten, {x}, {{"axis", I{3}}}), counting<float>({6, 1}));
  EXPECT_OUTPUT(run(Op::kFlatten, {x}, {{"axis", I{-4}}}), counting<float>({1, 6}));
  EXPECT_OUTPUT(run(Op::kFlatten, {floats({}, {1})}, {{"axis", I{0}}}), floats({1, 1}, {1}));
  EXPECT_OUTPUT(run(Op::kSqueeze, {x}), counting<float>({2, 3}));
  EXPECT_OUTPUT(run(Op::kSqueeze, {x, int64s({1}, {-1})}), counting<float>({2, 1, 3}));
  EXPECT_OUTPUT(run(Op::kUnsqueeze, {x}, {{"axes", Ints{0, -1}}}), counting<float>({1, 2, 1, 3, 1, 1}));
  EXPECT_ERROR(run(Op::kSqueeze, {x}, {{"axes", Ints{0}}}), StatusCode::kInvalidData, "extent 2, expected 1");
  EXPECT_ERROR(run(Op::kUnsqueeze, {x}, {{"axes", Ints{0, 0}}}), StatusCode::kInvalidData, "given twice");
  EXPECT_ERROR(run(Op::kUnsqueeze, {x}, {{"axes", Ints(13, 0)}}), StatusCode::kUnsupported, "17 axes");
  EXPECT_ERROR(run(Op::kFlatten, {x}, {{"axis", I{5}}}), StatusCode::kInvalidData, "axis 5");
}

TEST(Transpose, FollowsThePermutation) {
  const Tensor x = counting<int32_t>({2, 1, 3});
  EXPECT_OUTPUT(run(Op::kTranspose, {x}, {{"perm", Ints{2, 0, 1}}}), int32s({3, 2, 1}, {0, 3, 1, 4, 2, 5}));
  EXPECT_OUTPUT(run(Op::kTranspose, {floats({}, {7})}), floats({}, {7}));
  EXPECT_OUTPUT(run(Op::kTranspose, {floats({0, 2}, {})}), floats({2, 0}, {}));
  EXPECT_ERROR(run(Op::kTranspose, {x}, {{"perm", Ints{0, 0, 1}}}), StatusCode::kInvalidData, "permutation");
  EXPECT_ERROR(run(Op::kTranspose, {x}, {{"perm", Ints{1, 0}}}), StatusCode::kInvalidData, "permutation");
}

TEST(DepthSpace, MovesBlocksBetweenChannelsAndPixels) {
  const Tensor x = floats({1, 8, 1, 2}, {0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71});
  EXPECT_OUTPUT(run(Op::kDepthToSpace, {x}, {{"blocksize", I{2}}}),
                floats({1, 2, 2, 4}, {0, 20, 1, 21, 40, 60, 41, 61, 10, 30, 11, 31, 50, 70, 51, 71}));
  const Tensor crd = floats({1, 2, 2, 4}, {0, 10, 1, 11, 20, 30, 21, 31, 40, 50, 41, 51, 60, 70, 61, 71});
  EXPECT_OUTPUT(run(Op::kDepthToSpace, {x}, {{"blocksize", I{2}}, {"mode", std::string("CRD")}}), crd);
  const Result<Outputs> spread = run(Op::kDepthToSpace, {x}, {{"blocksize", I{2}}});
  ASSERT_TRUE(spread.ok());
  EXPECT_OUTPUT(run(Op::kSpaceToDepth, {spread->front()}, {{"blocksize", I{2}}}), x);
  EXPECT_ERROR(run(Op::kDepthToSpace, {x}, {{"blocksize", I{3}}}), StatusCode::kInvalidData, "8 channels");
  EXPECT_ERROR(run(Op::kSpaceToDepth, {x}, {{"blocksize", I{2}}}), StatusCode::kInvalidData, "1 x 2 pixels");
  EXPECT_ERROR(run(Op::kSpaceToDepth, {floats({1}, {0})}, {{"blocksize", I{1}}}), StatusCode::kInvalidData, "N x C");
}

TEST(Expand, BroadcastsBothWays) {
  const Tensor x = floats({3, 1}, {1, 2, 3});
  EXPECT_OUTPUT(run(Op::kExpand, {x, int64s({2}, {1, 2})}), floats({3, 2}, {1, 1, 2, 2, 3, 3}));
  EXPECT_OUTPUT(run(Op::kExpand, {x}, {{"shape", Ints{2, 1, 1}}}), floats({2, 3, 1}, {1, 2, 3, 1, 2, 3}));
  EXPECT_OUTPUT(run(Op::kExpand, {x, int64s({2}, {3, 0})}), floats({3, 0}, {}));
  EXPECT_ERROR(run(Op::kExpand, {x, int64s({1}, {-1})}), StatusCode::kInvalidData, "negative");
  EXPECT_ERROR(run(Op::kExpand, {x, int64s({2}, {4, 1})}), StatusCode::kInvalidData, "broadcast");
  const std::vector<Operand> operands = {x, int64s({2}, {1, 1'000'000'000})};
  EXPECT_ERROR(run(make_node(Op::kExpand, operands), operands, 1 << 20), StatusCode::kResource, "limit");
}

TEST(Tile, RepeatsEachAxis) {
  const Tensor x = floats({2, 2}, {1, 2, 3, 4});
  EXPECT_OUTPUT(run(Op::kTile, {x, int64s({2}, {2, 1})}), floats({4, 2}, {1, 2, 3, 4, 1, 2, 3, 4}));
  EXPECT_OUTPUT(run(Op::kTile, {x}, {{"repeats", Ints{1, 2}}}), floats({2, 4}, {1, 2, 1, 2, 3, 4, 3, 4}));
  EXPECT_OUTPUT(run(Op::kTile, {x}, {{"repeats", Ints{0, 2}}}), floats({0, 4}, {}));
  EXPECT_ERROR(run(Op::kTile, {x}, {{"repeats", Ints{2}}}), StatusCode::kInvalidData, "1 repeats");
  EXPECT_ERROR(run(Op::kTile, {x, int64s({2}, {-1, 1})}), StatusCode::kInvalidData, "-1 times");
  EXPECT_ERROR(run(Op::kTile, {x, int64s({2}, {INT64_MAX, 1})}), StatusCode::kResource, "overflow");
}

TEST(Concat, JoinsAlongTheAxis) {
  const Tensor a = floats({2, 1}, {1, 2});
  const Tensor b = floats({2, 2}, {3, 4, 5, 6});
  EXPECT_OUTPUT(run(Op::kConcat, {a, b, floats({2, 0}, {})}, {{"axis", I{-1}}}), floats({2, 3}, {1, 3, 4, 2, 5, 6}));
  EXPECT_OUTPUT(run(Op::kConcat, {a}, {{"axis", I{0}}}), a);
  EXPECT_ERROR(run(Op::kConcat, {a, b}, {{"axis", I{0}}}), StatusCode::kInvalidData, "shapes 2x1 and 2x2 differ");
  EXPECT_ERROR(run(Op::kConcat, {a, floats({2}, {1, 2})}, {{"axis", I{0}}}), StatusCode::kInvalidData, "differ");
  EXPECT_ERROR(run(Op::kConcat, {a, int32s({2, 1}, {1, 2})}, {{"axis", I{0}}}), StatusCode::kInvalidData, "i32");
  EXPECT_ERROR(run(Op::kConcat, {floats({}, {1})}, {{"axis", I{0}}}), StatusCode::kInvalidData, "axis 0");
}

TEST(Split, CutsAsGivenOrEvenly) {
  const Tensor x = counting<int8_t>({2, 5});
  const Result<Outputs> given = run(Op::kSplit, {x, int64s({2}, {2, 3})}, {{"axis", I{1}}}, 2);
  ASSERT_TRUE(given.ok());
  expect_equal((*given)[0], int8s({2, 2}, {0, 1, 5, 6}));
  expect_equal((*given)[1], int8s({2, 3}, {2, 3, 4, 7, 8, 9}));
  const Result<Outputs> even = run(Op::kSplit, {x}, {{"axis", I{1}}, {"num_outputs", I{4}}}, 4);
  ASSERT_TRUE(even.ok());
  expect_equal((*even)[1], int8s({2, 2}, {2, 3, 7, 8}));
  expect_equal((*even)[2], int8s({2, 1}, {4, 9}));
  expect_equal((*even)[3], int8s({2, 0}, {}));
  EXPECT_ERROR(run(Op::kSplit, {x}, {{"split", Ints{1, 2}}}, 2), StatusCode::kInvalidData, "3 elements together");
  EXPECT_ERROR(run(Op::kSplit, {x}, {{"split", Ints{1, 1}}}, 3), StatusCode::kInvalidData, "2 parts for 3 outputs");
  EXPECT_ERROR(run(Op::kSplit, {x, int64s({2}, {-1, 3})}, {}, 2), StatusCode::kInvalidData, "-1 elements");
}

TEST(Pad, FollowsItsMode) {
  const Tensor x = floats({4}, {1, 2, 3, 4});
  const auto pad = [&](const char* mode, Ints pads) {
    return run(Op::kPad, {x}, {{"pads", pads}, {"mode", std::string(mode)}});
  };
  EXPECT_OUTPUT(pad("constant", {1, 2}), floats({7}, {0, 1, 2, 3, 4, 0, 0}));
  EXPECT_OUTPUT(pad("edge", {2, 1}), floats({7}, {1, 1, 1, 2, 3, 4, 4}));
  EXPECT_OUTPUT(pad("wrap", {1, 6}), floats({11}, {4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2}));
  EXPECT_OUTPUT(pad("reflect", {3, 8}), floats({15}, {4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2}));
  EXPECT_OUTPUT(pad("constant", {-1, -2}), floats({1}, {2}));
  EXPECT_OUTPUT(pad("constant", {-5, 3}), floats({2}, {0, 0}));
  EXPECT_OUTPUT(run(Op::kPad, {floats({1}, {5})}, {{"pads", Ints{2, 1}}, {"mode", std::string("reflect")}}),
                floats({4}, {5, 5, 5, 5}));
}

TEST(Pad, TakesParametersFromOperands) {
  const Tensor x = floats({1, 2}, {1, 2});
  EXPECT_OUTPUT(run(Op::kPad, {x, int64s({2}, {1, 0}), floats({}, {7}), int64s({1}, {-1})}), floats({1, 3}, {7, 1, 2}));
  EXPECT_OUTPUT(run(Op::kPad, {bools({1}, {true}), int64s({2}, {1, 0}), bools({}, {true})}), bools({2}, {true, true}));
  EXPECT_OUTPUT(run(Op::kPad, {halves({1}, {2}), int64s({2}, {0, 1}), halves({}, {0.1F})}), halves({2}, {2, 0.1F}));
}

TEST(Pad, RefusesHostilePads) {
  const Tensor x = floats({2}, {1, 2});
  EXPECT_ERROR(run(Op::kPad, {x, int64s({2}, {-2, -1})}), StatusCode::kInvalidData, "loses more");
  EXPECT_ERROR(run(Op::kPad, {x, int64s({2}, {INT64_MIN, INT64_MAX})}), StatusCode::kInvalidData, "a pad of");
  EXPECT_ERROR(run(Op::kPad, {x, int64s({1}, {1})}), StatusCode::kInvalidData, "1 pads for 1 axes");
  EXPECT_ERROR(run(Op::kPad, {x, int64s({2}, {0, 1}), int32s({}, {1})}), StatusCode::kInvalidData, "f32 and i32");
  EXPECT_ERROR(run(Op::kPad, {floats({0}, {})}, {{"pads", Ints{0, 1}}, {"mode", std::string("edge")}}),
               StatusCode::kInvalidData, "no element to pad with");
  EXPECT_ERROR(run(Op::kPad, {x, int64s({4}, {0, 0, 0, 0}), floats({}, {0}), int64s({2}, {0, -1})}),
               StatusCode::kInvalidData, "given twice");
  const std::vector<Operand> operands = {x, int64s({2}, {0, I{1} << 40})};
  EXPECT_ERROR(run(make_node(Op::kPad, operands), operands, 1 << 20), StatusCode::kResource, "limit");
}

TEST(CenterCropPad, KeepsTheMiddle) {
  const Tensor x = counting<float>({5});
  EXPECT_OUTPUT(run(Op::kCenterCropPad, {x, int64s({1}, {2})}), floats({2}, {1, 2}));
  EXPECT_OUTPUT(run(Op::kCenterCropPad, {x, int64s({1}, {8})}), floats({8}, {0, 0, 1, 2, 3, 4, 0, 0}));
  EXPECT_OUTPUT(run(Op::kCenterCropPad, {counting<float>({2, 3}), int64s({1}, {1})}, {{"axes", Ints{-1}}}),
                floats({2, 1}, {1, 4}));
  EXPECT_ERROR(run(Op::kCenterCropPad, {x, int64s({1}, {-1})}), StatusCode::kInvalidData, "extent -1");
}

TEST(Gather, TakesSlicesByIndex) {
  const Tensor x = counting<float>({3, 2});
  EXPECT_OUTPUT(run(Op::kGather, {x, int64s({2, 2}, {0, -1, 1, 1})}), floats({2, 2, 2}, {0, 1, 4, 5, 2, 3, 2, 3}));
  EXPECT_OUTPUT(run(Op::kGather, {x, int32s({}, {1})}, {{"axis", I{1}}}), floats({3}, {1, 3, 5}));
  EXPECT_OUTPUT(run(Op::kGather, {x, int64s({0}, {})}), floats({0, 2}, {}));
  EXPECT_ERROR(run(Op::kGather, {x, int64s({1}, {3})}), StatusCode::kInvalidData, "index 3");
  EXPECT_ERROR(run(Op::kGather, {x, int64s({1}, {INT64_MIN})}), StatusCode::kInvalidData, "index");
  EXPECT_ERROR(run(Op::kGather, {x, floats({1}, {0})}), StatusCode::kInvalidData, "indices are f32");
}

TEST(GatherElements, RefusesIndicesThatReachOut) {
  const Tensor x = counting<float>({2, 2});
  EXPECT_OUTPUT(run(Op::kGatherElements, {x, int64s({1, 2}, {1, 0})}), floats({1, 2}, {2, 1}));
  EXPECT_ERROR(run(Op::kGatherElements, {x, int64s({1, 3}, {0, 0, 0})}), StatusCode::kInvalidData, "do not fit");
  EXPECT_ERROR(run(Op::kGatherElements, {x, int64s({1, 2}, {0, 2})}), StatusCode::kInvalidData, "index 2");
}

TEST(GatherND, TakesTuplesPerBatch) {
  const Tensor x = counting<float>({2, 2, 2});
  EXPECT_OUTPUT(run(Op::kGatherND, {x, int64s({2, 2}, {0, 1, 1, 0})}), floats({2, 2}, {2, 3, 4, 5}));
  EXPECT_OUTPUT(run(Op::kGatherND, {x, int64s({2, 1}, {1, 0})}, {{"batch_dims", I{1}}}), floats({2, 2}, {2, 3, 4, 5}));
  EXPECT_OUTPUT(run(Op::kGatherND, {x, int64s({1, 3}, {-1, -1, -1})}), floats({1}, {7}));
  EXPECT_ERROR(run(Op::kGatherND, {x, int64s({1, 4}, {0, 0, 0, 0})}), StatusCode::kInvalidData, "rank 3");
  EXPECT_ERROR(run(Op::kGatherND, {x, int64s({I{1} << 40, 0}, {})}), StatusCode::kInvalidData, "tuples of 0");
  EXPECT_ERROR(run(Op::kGatherND, {x, int64s({3, 1}, {0, 0, 0})}, {{"batch_dims", I{1}}}), StatusCode::kInvalidData,
               "batch axes");
}

TEST(Scatter, CombinesUpdates) {
  const Tensor x = floats({4}, {1, 2, 3, 4});
  const Tensor indices = int64s({3, 1}, {1, 3, 1});
  const Tensor updates = floats({3}, {10, 0.5F, 20});
  const auto nd = [&](const char* reduction) {
    return run(Op::kScatterND, {x, indices, updates}, {{"reduction", std::string(reduction)}});
  };
  EXPECT_OUTPUT(nd("none"), floats({4}, {1, 20, 3, 0.5F}));
  EXPECT_OUTPUT(nd("add"), floats({4}, {1, 32, 3, 4.5F}));
  EXPECT_OUTPUT(nd("mul"), floats({4}, {1, 400, 3, 2}));
  EXPECT_OUTPUT(nd("max"), floats({4}, {1, 20, 3, 4}));
  EXPECT_OUTPUT(nd("min"), floats({4}, {1, 2, 3, 0.5F}));
  EXPECT_OUTPUT(run(Op::kScatterElements, {halves({2}, {1, 2}), int64s({1}, {-1}), halves({1}, {3})},
                    {{"reduction", std::string("add")}}),
                halves({2}, {1, 5}));
  EXPECT_OUTPUT(run(Op::kScatterElements, {int8s({1}, {100}), int64s({1}, {0}), int8s({1}, {100})},
                    {{"reduction", std::string("add")}}),
                int8s({1}, {-56}));
}

TEST(Scatter, WritesBlocksAndColumns) {
  const Tensor x = floats({2, 2}, {1, 2, 3, 4});
  EXPECT_OUTPUT(run(Op::kScatterND, {x, int64s({1, 1}, {-1}), floats({1, 2}, {8, 9})}), floats({2, 2}, {1, 2, 8, 9}));
  EXPECT_OUTPUT(run(Op::kScatterElements, {x, int64s({2, 1}, {1, 0}), floats({2, 1}, {8, 9})}, {{"axis", I{1}}}),
                floats({2, 2}, {1, 8, 9, 4}));
}

TEST(Scatter, RefusesWhatDoesNotFit) {
  const Tensor x = floats({2}, {1, 2});
  EXPECT_ERROR(run(Op::kScatterND, {x, int64s({1, 1}, {2}), floats({1}, {0})}), StatusCode::kInvalidData, "index 2");
  EXPECT_ERROR(run(Op::kScatterND, {x, int64s({1, 1}, {0}), floats({2}, {0, 0})}), StatusCode::kInvalidData,
               "expected 1");
  EXPECT_ERROR(run(Op::kScatterND, {x, int64s({}, {0}), floats({}, {0})}), StatusCode::kInvalidData, "scalar");
  EXPECT_ERROR(run(Op::kScatterElements, {x, int64s({1}, {-3}), floats({1}, {0})}), StatusCode::kInvalidData, "-3");
  EXPECT_ERROR(run(Op::kScatterElements, {x, int64s({1}, {0}), floats({2}, {0, 0})}), StatusCode::kInvalidData, "same");
  EXPECT_ERROR(run(Op::kScatterElements, {bools({1}, {true}), int64s({1}, {0}), bools({1}, {true})},
                   {{"reduction", std::string("add")}}),
               StatusCode::kInvalidData, "bool");
}

TEST(Compress, KeepsWhatTheConditionMarks) {
  const Tensor x = counting<float>({3, 2});
  EXPECT_OUTPUT(run(Op::kCompress, {x, bools({3}, {false, true, true})}, {{"axis", I{0}}}),
                floats({2, 2}, {2, 3, 4, 5}));
  EXPECT_OUTPUT(run(Op::kCompress, {x, bools({2}, {false, true})}, {{"axis", I{-1}}}), floats({3, 1}, {1, 3, 5}));
  EXPECT_OUTPUT(run(Op::kCompress, {x, bools({5}, {false, true, false, false, true})}), floats({2}, {1, 4}));
  EXPECT_ERROR(run(Op::kCompress, {x, bools({3}, {false, false, true})}, {{"axis", I{1}}}), StatusCode::kInvalidData,
               "index 2");
}

TEST(ReverseSequence, TurnsBeginningsAround) {
  const Tensor x = counting<float>({2, 4});
  EXPECT_OUTPUT(run(Op::kReverseSequence, {x, int64s({2}, {1, 3})}, {{"batch_axis", I{0}}, {"time_axis", I{1}}}),
                floats({2, 4}, {0, 1, 2, 3, 6, 5, 4, 7}));
  EXPECT_OUTPUT(run(Op::kReverseSequence, {counting<int8_t>({2, 2, 2}), int64s({2}, {2, 0})}),
                int8s({2, 2, 2}, {4, 5, 2, 3, 0, 1, 6, 7}));
  EXPECT_ERROR(run(Op::kReverseSequence, {x, int64s({4}, {1, 2, 3, 1})}), StatusCode::kInvalidData, "length 3");
  EXPECT_ERROR(run(Op::kReverseSequence, {x, int64s({1}, {1})}), StatusCode::kInvalidData, "1 sequence lengths");
}

TEST(Trilu, KeepsATriangle) {
  const Tensor x = counting<float>({2, 3});
  EXPECT_OUTPUT(run(Op::kTrilu, {x}), floats({2, 3}, {0, 1, 2, 0, 4, 5}));
  EXPECT_OUTPUT(run(Op::kTrilu, {x, int64s({}, {1})}), floats({2, 3}, {0, 1, 2, 0, 0, 5}));
  EXPECT_OUTPUT(run(Op::kTrilu, {x}, {{"upper", I{0}}}), floats({2, 3}, {0, 0, 0, 3, 4, 0}));
  EXPECT_OUTPUT(run(Op::kTrilu, {x, int64s({}, {-1})}, {{"upper", I{0}}}), floats({2, 3}, {0, 0, 0, 3, 0, 0}));
  EXPECT_OUTPUT(run(Op::kTrilu, {x, int64s({}, {INT64_MAX})}), floats({2, 3}, {0, 0, 0, 0, 0, 0}));
  EXPECT_OUTPUT(run(Op::kTrilu, {x, int64s({}, {INT64_MIN})}), x);
  EXPECT_OUTPUT(run(Op::kTrilu, {floats({2, 0, 3}, {})}), floats({2, 0, 3}, {}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
