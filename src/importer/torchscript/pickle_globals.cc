#include "importer/torchscript/pickle_globals.h"

#include <algorithm>
#include <array>

namespace sixtops::importer::torchscript {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({
    "__builtin__.set",
    "__builtin__.list",
    "__builtin__.dict",
    "__builtin__.tuple",
    "__builtin__.getattr",  // how torch.save writes bound methods; stays a name here
    "builtins.set",
    "builtins.list",
    "builtins.dict",
    "builtins.tuple",
    "argparse.Namespace",
    "collections.OrderedDict",
    "collections.defaultdict",
    "datetime.datetime",
    "functools.partial",
    "numpy.dtype",
    "numpy.ndarray",
    "numpy.core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy._core.multiarray._reconstruct",
    "pathlib.PosixPath",
    "pathlib.WindowsPath",
    "torch.Size",
    "torch.device",
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_tensor_v2",
    "torch.jit._pickle.build_boollist",
    "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_intlist",
    "torch.jit._pickle.build_tensorlist",
    "torch.jit._pickle.restore_type_tag",
    "torch.nn.init.calculate_gain",
    "torch.float16",
    "torch.float32",
    "torch.bfloat16",
    "torch.FloatStorage",
    "torch.DoubleStorage",
    "torch.HalfStorage",
    "torch.BFloat16Storage",
    "torch.LongStorage",
    "torch.IntStorage",
    "torch.ShortStorage",
    "torch.CharStorage",
    "torch.ByteStorage",
    "torch.BoolStorage",
});

// Classes of networks: they become inert objects whatever they are.
constexpr auto kFamilies = std::to_array<std::string_view>({
    "__torch__.",         // TorchScript's own modules
    "torch.nn.modules.",  // layers
    "torchvision.",
    "models.",       // YOLOv5
    "ultralytics.",  // YOLOv8 and later
    "utils.",        // YOLOv5's settings
});

}  // namespace

bool is_allowed_global(std::string_view name) {
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  return std::any_of(kFamilies.begin(), kFamilies.end(),
                     [&](std::string_view family) { return name.starts_with(family); });
}

}  // namespace sixtops::importer::torchscript
