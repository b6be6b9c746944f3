/* Operators of the user's own in an RKNN model, for C99 and C++.
 *
 * A node whose ONNX type begins with "cst", or of a foreign domain, has no kernel here: a program registers one after
 * rknn_init(), once a type.
 *
 *   static int double_it(rknn_custom_op_context* op, rknn_custom_op_tensor* in, uint32_t n_in,
 *                        rknn_custom_op_tensor* out, uint32_t n_out) {
 *     const float* x = (const float*)((const char*)in[0].mem.virt_addr + in[0].mem.offset);
 *     float* y = (float*)((char*)out[0].mem.virt_addr + out[0].mem.offset);
 *     for (uint32_t i = 0; i < in[0].attr.n_elems; ++i) y[i] = 2 * x[i];
 *     return 0;
 *   }
 *   rknn_custom_op op = {0};
 *   op.version = 1;
 *   op.target = RKNN_TARGET_TYPE_CPU;
 *   strcpy(op.op_type, "cstDouble");
 *   op.compute = double_it;
 *   rknn_register_custom_ops(ctx, &op, 1);
 */
#ifndef RKNN_CUSTOM_OP_H
#define RKNN_CUSTOM_OP_H

#include <stdint.h>

#include "rknn_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returned by an init callback: keep the built-in kernel of this operator. */
#define RKNN_WARNING_SKIP_CUSTOM_OP_COMPUTE (-14)

#define RKNN_CUSTOM_OP_MAX_STR_LEN 64
#define RKNN_CUSTOM_OP_MAX_VALUE_LEN 32
/* Of a plug-in's get_rknn_custom_op(). */
#define RKNN_CUSTOM_OP_EXPORT __attribute__((visibility("default")))

#ifdef __arm__
typedef uint32_t rknn_custom_op_interal_context;
#else
typedef uint64_t rknn_custom_op_interal_context;
#endif

/* Who computes. Only the CPU does on a PC. */
typedef enum _rknn_target_type {
  RKNN_TARGET_TYPE_CPU = 1,
  RKNN_TARGET_TYPE_GPU = 2,
  RKNN_TARGET_TYPE_MAX = 3
} rknn_target_type;

typedef struct _rknn_gpu_op_context {
  void* cl_context;
  void* cl_command_queue;
  void* cl_kernel;
} rknn_gpu_op_context;

/* What a callback knows of itself. */
typedef struct _rknn_custom_op_context {
  rknn_target_type target;
  rknn_custom_op_interal_context internal_ctx; /* for rknn_custom_op_get_op_attr() */
  rknn_gpu_op_context gpu_ctx;                 /* of RKNN_TARGET_TYPE_GPU */
  void* priv_data;                             /* the operator's own, kept between calls */
} rknn_custom_op_context;

/* float32, or the model's own type where that is an integer one; dense, NCHW when it has four axes. The data begins at
 * mem.virt_addr + mem.offset bytes; in init there is none, and virt_addr is null. */
typedef struct _rknn_custom_op_tensor {
  rknn_tensor_attr attr;
  rknn_tensor_mem mem;
} rknn_custom_op_tensor;

/* An attribute of the node. n_elems 0: it has none of that name. Text is RKNN_TENSOR_UINT8, whole numbers are
 * RKNN_TENSOR_INT64, others RKNN_TENSOR_FLOAT32. The data belongs to the library and lives as long as the
 * registration. */
typedef struct _rknn_custom_op_attr {
  char name[RKNN_MAX_NAME_LEN];
  rknn_tensor_type dtype;
  uint32_t n_elems;
  void* data;
} rknn_custom_op_attr;

typedef struct _rknn_custom_op {
  uint32_t version; /* 1 */
  rknn_target_type target;
  char op_type[RKNN_MAX_NAME_LEN]; /* as the ONNX graph calls it */
  /* Of RKNN_TARGET_TYPE_GPU: kernel function; source text, or the path of its file when cl_source_size is 0; options.
   */
  char cl_kernel_name[RKNN_MAX_NAME_LEN];
  char* cl_kernel_source;
  uint64_t cl_source_size;
  char cl_build_options[RKNN_MAX_NAME_LEN];

  /* Callbacks return 0, or a negative number that makes the call around them fail. Only compute is required.
   * init: once, when registered, with the tensors of the first node of the type. */
  int (*init)(rknn_custom_op_context* op_ctx, rknn_custom_op_tensor* inputs, uint32_t n_inputs,
              rknn_custom_op_tensor* outputs, uint32_t n_outputs);
  /* prepare: before each compute. */
  int (*prepare)(rknn_custom_op_context* op_ctx, rknn_custom_op_tensor* inputs, uint32_t n_inputs,
                 rknn_custom_op_tensor* outputs, uint32_t n_outputs);
  /* compute: reads the inputs, writes all of the outputs. */
  int (*compute)(rknn_custom_op_context* op_ctx, rknn_custom_op_tensor* inputs, uint32_t n_inputs,
                 rknn_custom_op_tensor* outputs, uint32_t n_outputs);
  /* compute_native: not called; null. */
  int (*compute_native)(rknn_custom_op_context* op_ctx, rknn_custom_op_tensor* inputs, uint32_t n_inputs,
                        rknn_custom_op_tensor* outputs, uint32_t n_outputs);
  /* destroy: once, in rknn_destroy(). */
  int (*destroy)(rknn_custom_op_context* op_ctx);
} rknn_custom_op;

/* What a plug-in exports as get_rknn_custom_op(). */
typedef rknn_custom_op* (*get_custom_op_func)(void);

/* Found by the linker even where everything else is compiled with -fvisibility=hidden. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* Registers n operators with a context that has not run yet. The structures are copied. */
int rknn_register_custom_ops(rknn_context ctx, rknn_custom_op* op, uint32_t custom_op_num);

/* The attribute attr_name of the node that the callback is called for; "name" is the node's own name. */
void rknn_custom_op_get_op_attr(rknn_custom_op_context* op_ctx, const char* attr_name, rknn_custom_op_attr* op_attr);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
