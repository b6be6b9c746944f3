/* The RKNN matrix product, for C99 and C++: C[M, N] = A[M, K] x B[K, N], without a model.
 *
 *   rknn_matmul_info info = {0};
 *   info.M = 4, info.K = 64, info.N = 32;
 *   info.type = RKNN_INT8_MM_INT8_TO_INT32;
 *   rknn_matmul_ctx ctx;
 *   rknn_matmul_io_attr attr;
 *   rknn_matmul_create(&ctx, &info, &attr);
 *   rknn_tensor_mem* a = rknn_create_mem(ctx, attr.A.size);      // fill a->virt_addr; the same for b and c
 *   rknn_matmul_set_io_mem(ctx, a, &attr.A);                     // ... B, C
 *   rknn_matmul_run(ctx);
 *   rknn_destroy_mem(ctx, a);
 *   rknn_matmul_destroy(ctx);
 *
 * A context of this kind is an rknn_context: rknn_create_mem(), rknn_destroy_mem() and rknn_mem_sync() take it, and
 * what rknn_api.h says of threads and errors holds here too. Any M, K, N >= 1 is accepted on a CPU; docs/rknn_api.md
 * names the chip's own limits.
 */
#ifndef RKNN_MATMUL_API_H
#define RKNN_MATMUL_API_H

#include "rknn_api.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef rknn_context rknn_matmul_ctx;

/* RKNN_<type of A>_MM_<type of B>_TO_<type of C>. Integer products are exact; int8, int16 and half results of integer
 * products saturate. */
typedef enum _rknn_matmul_type {
  RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32 = 1,
  RKNN_INT8_MM_INT8_TO_INT32 = 2,
  RKNN_INT8_MM_INT8_TO_INT8 = 3,
  RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16 = 4,
  RKNN_FLOAT16_MM_INT8_TO_FLOAT32 = 5,
  RKNN_FLOAT16_MM_INT8_TO_FLOAT16 = 6,
  RKNN_FLOAT16_MM_INT4_TO_FLOAT32 = 7,
  RKNN_FLOAT16_MM_INT4_TO_FLOAT16 = 8,
  RKNN_INT8_MM_INT8_TO_FLOAT32 = 9,
  RKNN_INT4_MM_INT4_TO_INT16 = 10,
  RKNN_INT8_MM_INT4_TO_INT32 = 11,
  RKNN_FLOAT16_MM_INT4_TO_BFLOAT16 = 12,
  RKNN_INT8_MM_INT4_TO_FLOAT16 = 15
} rknn_matmul_type;

/* What the scales of a matrix count for. */
typedef enum _rknn_matmul_quant_type {
  RKNN_QUANT_TYPE_PER_LAYER_SYM = 0,
  RKNN_QUANT_TYPE_PER_LAYER_ASYM = 1,
  RKNN_QUANT_TYPE_PER_CHANNEL_SYM = 2, /* a scale a column of B */
  RKNN_QUANT_TYPE_PER_CHANNEL_ASYM = 3,
  RKNN_QUANT_TYPE_PER_GROUP_SYM = 4, /* a scale a group_size rows of a column of B */
  RKNN_QUANT_TYPE_PER_GROUP_ASYM = 5
} rknn_matmul_quant_type;

typedef enum {
  RKNN_MM_LAYOUT_NORM = 0,   /* rows of the matrix, one after another */
  RKNN_MM_LAYOUT_NATIVE = 1, /* blocks, as the attributes' dims say */
  RKNN_MM_LAYOUT_TP_NORM = 2 /* B only: rows of the transposed matrix */
} rknn_matmul_layout;

/* The parameters of one matrix: real = (code - zp) * scale. */
typedef struct _rknn_quant_params {
  char name[RKNN_MAX_NAME_LEN]; /* of the matrix, as its rknn_matmul_tensor_attr calls it */
  float* scale;
  int32_t scale_len;
  int32_t* zp;
  int32_t zp_len;
} rknn_quant_params;

typedef struct _rknn_matmul_tensor_attr {
  char name[RKNN_MAX_NAME_LEN]; /* "A", "B" or "C" */
  uint32_t n_dims;              /* 2: rows and columns; 3: native A or C; 4: native B */
  uint32_t dims[RKNN_MAX_DIMS];
  uint32_t size; /* bytes */
  rknn_tensor_type type;
} rknn_matmul_tensor_attr;

typedef struct _rknn_matmul_io_attr {
  rknn_matmul_tensor_attr A;
  rknn_matmul_tensor_attr B;
  rknn_matmul_tensor_attr C;
} rknn_matmul_io_attr;

typedef struct _rknn_matmul_shape {
  int32_t M;
  int32_t K;
  int32_t N;
} rknn_matmul_shape;

typedef struct rknn_matmul_info_t {
  int32_t M;
  int32_t K;
  int32_t N;
  rknn_matmul_type type;
  int16_t B_layout;        /* rknn_matmul_layout */
  int16_t B_quant_type;    /* rknn_matmul_quant_type */
  int16_t AC_layout;       /* RKNN_MM_LAYOUT_NORM or _NATIVE */
  int16_t AC_quant_type;   /* per layer */
  int32_t iommu_domain_id; /* of the chip */
  int16_t group_size;      /* of a B with a scale a group */
  int8_t reserved[34];
} rknn_matmul_info;

/* Found by the linker even where everything else is compiled with -fvisibility=hidden. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* io_attr gets names, dims, types and sizes of the three matrices. */
int rknn_matmul_create(rknn_matmul_ctx* ctx, rknn_matmul_info* info, rknn_matmul_io_attr* io_attr);

/* A context for several sizes, the first of which is current; info->M, K, N do not count. io_attrs: one a size. */
int rknn_matmul_create_dynamic_shape(rknn_matmul_ctx* ctx, rknn_matmul_info* info, int shape_num,
                                     rknn_matmul_shape dynamic_shapes[], rknn_matmul_io_attr io_attrs[]);

/* Binds the matrix that attr->name says. Its bytes are read at each run, so they may change between runs. */
int rknn_matmul_set_io_mem(rknn_matmul_ctx ctx, rknn_tensor_mem* mem, rknn_matmul_tensor_attr* attr);

int rknn_matmul_set_core_mask(rknn_matmul_ctx context, rknn_core_mask core_mask);

/* Once a matrix, before a run. Without it: scale 1, zero point 0. */
int rknn_matmul_set_quant_params(rknn_matmul_ctx context, rknn_quant_params* params);

/* RKNN_INT8_MM_INT8_TO_INT32 with a scale a channel only. scale gets the one scale that C's columns were brought to,
 * the largest of B's: real C is about C x scale x A's scale. params names the matrix, "B". */
int rknn_matmul_get_quant_params(rknn_matmul_ctx ctx, rknn_quant_params* params, float* scale);

/* Chooses one of the sizes of rknn_matmul_create_dynamic_shape(). */
int rknn_matmul_set_dynamic_shape(rknn_matmul_ctx ctx, rknn_matmul_shape* shape);

int rknn_matmul_run(rknn_matmul_ctx ctx);

int rknn_matmul_destroy(rknn_matmul_ctx ctx);

/* B[K, N] by rows → the native layout of info->type. B_output holds as many bytes as the native B's attribute says. */
int rknn_B_normal_layout_to_native_layout(void* B_input, void* B_output, int K, int N, rknn_matmul_info* info);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

/* The enumerator's own name; type 15 has none here, as in the vendor's header. */
inline static const char* get_matmul_type_string(rknn_matmul_type type) {
  switch (type) {
    case RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32:
      return "RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32";
    case RKNN_INT8_MM_INT8_TO_INT32:
      return "RKNN_INT8_MM_INT8_TO_INT32";
    case RKNN_INT8_MM_INT8_TO_INT8:
      return "RKNN_INT8_MM_INT8_TO_INT8";
    case RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16:
      return "RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16";
    case RKNN_FLOAT16_MM_INT8_TO_FLOAT32:
      return "RKNN_FLOAT16_MM_INT8_TO_FLOAT32";
    case RKNN_FLOAT16_MM_INT8_TO_FLOAT16:
      return "RKNN_FLOAT16_MM_INT8_TO_FLOAT16";
    case RKNN_FLOAT16_MM_INT4_TO_FLOAT32:
      return "RKNN_FLOAT16_MM_INT4_TO_FLOAT32";
    case RKNN_FLOAT16_MM_INT4_TO_FLOAT16:
      return "RKNN_FLOAT16_MM_INT4_TO_FLOAT16";
    case RKNN_INT8_MM_INT8_TO_FLOAT32:
      return "RKNN_INT8_MM_INT8_TO_FLOAT32";
    case RKNN_INT4_MM_INT4_TO_INT16:
      return "RKNN_INT4_MM_INT4_TO_INT16";
    case RKNN_INT8_MM_INT4_TO_INT32:
      return "RKNN_INT8_MM_INT4_TO_INT32";
    case RKNN_FLOAT16_MM_INT4_TO_BFLOAT16:
      return "RKNN_FLOAT16_MM_INT4_TO_BFLOAT16";
    default:
      return "UNKNOW";
  }
}

#ifdef __cplusplus
}
#endif

#endif
