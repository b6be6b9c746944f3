/* The smallest program: one input of zeros, the first numbers of the first output. Usage: minimal MODEL */
#include <rknn_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv) {
  rknn_context ctx = 0;
  if (argc != 2 || rknn_init(&ctx, argv[1], 0, 0, NULL) != RKNN_SUCC) return 1;
  rknn_tensor_attr attr;
  memset(&attr, 0, sizeof(attr));
  rknn_input input;
  memset(&input, 0, sizeof(input));
  rknn_output output;
  memset(&output, 0, sizeof(output));
  int ret = rknn_query(ctx, RKNN_QUERY_INPUT_ATTR, &attr, sizeof(attr));
  input.size = attr.n_elems * (uint32_t)sizeof(float);
  input.buf = calloc(attr.n_elems, sizeof(float));
  input.type = RKNN_TENSOR_FLOAT32;
  input.fmt = attr.fmt;
  output.want_float = 1;
  if (ret == RKNN_SUCC) ret = rknn_inputs_set(ctx, 1, &input);
  if (ret == RKNN_SUCC) ret = rknn_run(ctx, NULL);
  if (ret == RKNN_SUCC) ret = rknn_outputs_get(ctx, 1, &output, NULL);
  for (uint32_t i = 0; ret == RKNN_SUCC && i < 5 && i < output.size / sizeof(float); ++i) {
    printf("%f\n", ((const float*)output.buf)[i]);
  }
  rknn_outputs_release(ctx, 1, &output);
  rknn_destroy(ctx);
  free(input.buf);
  return ret == RKNN_SUCC ? 0 : 1;
}
