// Kernels that nobody has written yet; a line goes when its kernel comes.
#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference::kernels {

#define UNFINISHED(NAME) \
  Result<Outputs> NAME(const Arguments&) { return unsupported("no reference kernel for " #NAME); }

UNFINISHED(ReduceL1)
UNFINISHED(ReduceL2)
UNFINISHED(ReduceLogSum)
UNFINISHED(ReduceLogSumExp)
UNFINISHED(ReduceMax)
UNFINISHED(ReduceMean)
UNFINISHED(ReduceMin)
UNFINISHED(ReduceProd)
UNFINISHED(ReduceSum)
UNFINISHED(ReduceSumSquare)
UNFINISHED(ArgMax)
UNFINISHED(ArgMin)
UNFINISHED(CumSum)
UNFINISHED(TopK)
UNFINISHED(Compress)
UNFINISHED(Concat)
UNFINISHED(DepthToSpace)
UNFINISHED(Expand)
UNFINISHED(Flatten)
UNFINISHED(Gather)
UNFINISHED(GatherElements)
UNFINISHED(GatherND)
UNFINISHED(Pad)
UNFINISHED(Reshape)
UNFINISHED(ReverseSequence)
UNFINISHED(ScatterElements)
UNFINISHED(ScatterND)
UNFINISHED(Slice)
UNFINISHED(SpaceToDepth)
UNFINISHED(Split)
UNFINISHED(Squeeze)
UNFINISHED(Tile)
UNFINISHED(Transpose)
UNFINISHED(Trilu)
UNFINISHED(Unsqueeze)
UNFINISHED(Resize)
UNFINISHED(GridSample)
UNFINISHED(AffineGrid)
UNFINISHED(CenterCropPad)
UNFINISHED(ConstantOfShape)
UNFINISHED(EyeLike)
UNFINISHED(NonZero)
UNFINISHED(OneHot)
UNFINISHED(Range)
UNFINISHED(Shape)
UNFINISHED(Size)
UNFINISHED(Det)
UNFINISHED(NonMaxSuppression)

}  // namespace sixtops::cpu::reference::kernels
