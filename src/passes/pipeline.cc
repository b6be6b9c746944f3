#include "passes/pipeline.h"

#include <array>

#include "base/error.h"
#include "graph/verify.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

#ifdef NDEBUG
constexpr bool kVerifyEachPass = false;
#else
constexpr bool kVerifyEachPass = true;
#endif

constexpr auto kPasses = std::to_array<Pass>({
    {"infer_and_fold", "shapes and constants are what all other passes ask for", infer_and_fold},
    {"expand_quantized_operators", "one form of quantized networks, before their parameters are bound",
     expand_quantized_operators},
    {"bind_constant_operands", "patterns below read parameters as attributes", bind_constant_operands},
    {"eliminate_identity", "nothing may stand between the nodes of a pattern", eliminate_identity},
    {"channels_first_input", "pictures have one layout, before absorb_qdq looks at what reads an input",
     channels_first_input},
    {"absorb_qdq", "quantized networks get their normal form while Q and DQ stand where the exporter put them",
     absorb_qdq},
    {"canonical_transpose", "transposes of exporters that go around elementwise ops hide layers from activations",
     canonical_transpose},
    {"canonical_reshape", "behind canonical_transpose, which leaves orders that are reshapes", canonical_reshape},
    {"eliminate_identity", "reshapes and transposes that cancelled are gone before the folds look for neighbours",
     eliminate_identity},
    {"fold_batch_norm", "first of the folds: activations stand behind it", fold_batch_norm},
    {"simplify_clip", "the fusions below know one spelling of a clip", simplify_clip},
    {"fuse_hard_swish", "before fold_affine, which would take the sixth into a layer", fuse_hard_swish},
    {"fuse_silu", "conv and SiLU are one step of the integer network", fuse_silu},
    {"fuse_mish", "as fuse_silu", fuse_mish},
    {"fuse_gelu", "as fuse_silu, and before fold_affine, which would take the half into a layer", fuse_gelu},
    {"fuse_layer_normalization", "one float node instead of nine", fuse_layer_normalization},
    {"fold_affine", "what is left of products and sums with constants is free inside of a layer", fold_affine},
    {"fuse_pad", "padding is free inside of a window", fuse_pad},
    {"eliminate_identity", "the folds leave products with 1 and transposes that moved nothing", eliminate_identity},
    {"infer_and_fold", "types of all that was rewritten, for the static level", infer_and_fold},
});

}  // namespace

std::span<const Pass> pipeline() { return kPasses; }

Status run_pipeline(Graph& graph, const PassOptions& options, const PassObserver& observer) {
  TRY(verify(graph, VerifyLevel::kImported));
  for (const Pass& pass : kPasses) {
    const auto named = [&](const Status& status) { return status.with_prefix(fmt::format("pass {}: ", pass.name)); };
    TRY(named(pass.run(graph, options)));
    if (kVerifyEachPass) TRY(named(verify(graph, VerifyLevel::kImported)));
    if (observer) observer(pass, graph);
  }
  return verify(graph, VerifyLevel::kStatic);
}

}  // namespace sixtops::passes
