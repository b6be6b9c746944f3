// Every pass, in the order of the pipeline. What each matches and what it leaves alone stands in its own file; why it
// runs where it runs stands in pipeline.cc.
#pragma once

#include "passes/pass.h"

namespace sixtops::passes {

Status infer_and_fold(Graph& graph, const PassOptions& options);
Status expand_quantized_operators(Graph& graph, const PassOptions& options);
Status bind_constant_operands(Graph& graph, const PassOptions& options);
Status channels_first_input(Graph& graph, const PassOptions& options);
Status absorb_qdq(Graph& graph, const PassOptions& options);
Status eliminate_identity(Graph& graph, const PassOptions& options);
Status simplify_clip(Graph& graph, const PassOptions& options);
Status fuse_hard_swish(Graph& graph, const PassOptions& options);
Status fuse_silu(Graph& graph, const PassOptions& options);
Status fuse_mish(Graph& graph, const PassOptions& options);
Status fuse_gelu(Graph& graph, const PassOptions& options);
Status fuse_layer_normalization(Graph& graph, const PassOptions& options);
Status fold_batch_norm(Graph& graph, const PassOptions& options);
Status fold_affine(Graph& graph, const PassOptions& options);
Status fuse_pad(Graph& graph, const PassOptions& options);
Status canonical_reshape(Graph& graph, const PassOptions& options);
Status canonical_transpose(Graph& graph, const PassOptions& options);

}  // namespace sixtops::passes
