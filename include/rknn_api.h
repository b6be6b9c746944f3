/* The RKNN C API, for C99 and C++: load a converted network, feed it, run it, read its answers.
 *
 * Names, values and structure layouts are those of the vendor's runtime 2.3.2, so that programs written for it compile
 * and link unchanged. docs/rknn_api.md says what each call answers on a PC, where the network runs on the CPU in the
 * chip's arithmetic.
 *
 *   rknn_context ctx = 0;
 *   if (rknn_init(&ctx, "model.six", 0, 0, NULL) != RKNN_SUCC) return 1;
 *   rknn_input input = {0};                     // one picture, bytes, height x width x channels
 *   input.buf = pixels;
 *   input.size = width * height * 3;
 *   input.type = RKNN_TENSOR_UINT8;
 *   input.fmt = RKNN_TENSOR_NHWC;
 *   rknn_inputs_set(ctx, 1, &input);
 *   rknn_run(ctx, NULL);
 *   rknn_output output = {0};
 *   output.want_float = 1;
 *   rknn_outputs_get(ctx, 1, &output, NULL);    // output.buf: float32, batch x channels x height x width
 *   rknn_outputs_release(ctx, 1, &output);
 *   rknn_destroy(ctx);
 *
 * Threads: every function may be called from any thread. Calls on one context wait for each other; contexts made by
 * rknn_dup_context() run side by side on one set of weights.
 * Errors: functions that return int give RKNN_SUCC or one of the RKNN_ERR_ codes and write one line to stderr that
 * names the function, the argument, what was expected and what was found. A context or memory that does not exist (any
 * more) is an error, never a crash. RKNN_LOG_LEVEL=0..5 in the environment chooses how much more is written.
 */
#ifndef RKNN_API_H
#define RKNN_API_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Flags of rknn_init(), combined by OR ---- */

/* Priority against other contexts. The CPU treats all alike. */
#define RKNN_FLAG_PRIOR_HIGH 0x00000000
#define RKNN_FLAG_PRIOR_MEDIUM 0x00000001
#define RKNN_FLAG_PRIOR_LOW 0x00000002
/* rknn_run() returns at once, and rknn_outputs_get() hands out the frame before the one that runs. */
#define RKNN_FLAG_ASYNC_MASK 0x00000004
/* Measure each layer, for RKNN_QUERY_PERF_DETAIL. */
#define RKNN_FLAG_COLLECT_PERF_MASK 0x00000008
/* Weights, internal tensors, inputs and outputs lie in memory that the caller sets. */
#define RKNN_FLAG_MEM_ALLOC_OUTSIDE 0x00000010
/* The weights are those of rknn_init_extend.ctx. */
#define RKNN_FLAG_SHARE_WEIGHT_MEM 0x00000020
/* Wait for the fence rknn_run_extend.fence_fd before a run; hand one back after it. Refused on a PC. */
#define RKNN_FLAG_FENCE_IN_OUTSIDE 0x00000040
#define RKNN_FLAG_FENCE_OUT_OUTSIDE 0x00000080
/* A light context that answers RKNN_QUERY_MEM_SIZE and cannot run. */
#define RKNN_FLAG_COLLECT_MODEL_INFO_ONLY 0x00000100
/* Only the internal tensors lie in memory that the caller sets. */
#define RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE 0x00000200
/* Operators that the NPU lacks should run on the GPU rather than on the CPU; a wish. */
#define RKNN_FLAG_EXECUTE_FALLBACK_PRIOR_DEVICE_GPU 0x00000400
/* Internal tensors go to the chip's SRAM as far as they fit; share another context's SRAM. */
#define RKNN_FLAG_ENABLE_SRAM 0x00000800
#define RKNN_FLAG_SHARE_SRAM 0x00001000
/* Leave the scheduling priority of the process alone (this library always does). */
#define RKNN_FLAG_DISABLE_PROC_HIGH_PRIORITY 0x00002000
/* The caller keeps CPU caches and device in step (rknn_mem_sync). Not together with rknn_inputs_set(), and not together
 * with rknn_outputs_get(). */
#define RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE 0x00004000
#define RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE 0x00008000
/* The model lies in memory of rknn_create_mem() and is used where it is; it must outlive the context. */
#define RKNN_FLAG_MODEL_BUFFER_ZERO_COPY 0x00010000
/* Of rknn_create_mem2(), not of rknn_init(): the memory belongs to no context, which may then be 0. */
#define RKNN_MEM_FLAG_ALLOC_NO_CONTEXT 0x00020000

/* ---- Return codes ---- */

#define RKNN_SUCC 0
#define RKNN_ERR_FAIL (-1)                                    /* none of the others */
#define RKNN_ERR_TIMEOUT (-2)                                 /* the run did not end in time */
#define RKNN_ERR_DEVICE_UNAVAILABLE (-3)                      /* no NPU, or no right to use it */
#define RKNN_ERR_MALLOC_FAIL (-4)                             /* out of memory */
#define RKNN_ERR_PARAM_INVALID (-5)                           /* null pointer, wrong size, unknown value, wrong order */
#define RKNN_ERR_MODEL_INVALID (-6)                           /* no model, or a damaged one */
#define RKNN_ERR_CTX_INVALID (-7)                             /* no such context (any more) */
#define RKNN_ERR_INPUT_INVALID (-8)                           /* an rknn_input that does not fit the network */
#define RKNN_ERR_OUTPUT_INVALID (-9)                          /* an rknn_output that does not fit the network */
#define RKNN_ERR_DEVICE_UNMATCH (-10)                         /* runtime and driver do not fit together */
#define RKNN_ERR_INCOMPATILE_PRE_COMPILE_MODEL (-11)          /* pre-compiled for another driver; spelt as it is */
#define RKNN_ERR_INCOMPATILE_OPTIMIZATION_LEVEL_VERSION (-12) /* optimization level unknown to the driver */
#define RKNN_ERR_TARGET_PLATFORM_UNMATCH (-13)                /* model of another chip */

/* ---- Limits ---- */

#define RKNN_MAX_DIMS 16
#define RKNN_MAX_NUM_CHANNEL 15
#define RKNN_MAX_NAME_LEN 256 /* with the final NUL */
#define RKNN_MAX_DYNAMIC_SHAPE_NUM 512

/* A live context; 0 never is one. */
#ifdef __arm__
typedef uint32_t rknn_context;
#else
typedef uint64_t rknn_context;
#endif

/* ---- Enumerations ---- */

/* What rknn_query() fills. */
typedef enum _rknn_query_cmd {
  RKNN_QUERY_IN_OUT_NUM = 0,        /* rknn_input_output_num */
  RKNN_QUERY_INPUT_ATTR = 1,        /* rknn_tensor_attr of input .index: NHWC when it has four axes */
  RKNN_QUERY_OUTPUT_ATTR = 2,       /* rknn_tensor_attr of output .index: NCHW when it has four axes */
  RKNN_QUERY_PERF_DETAIL = 3,       /* rknn_perf_detail, with RKNN_FLAG_COLLECT_PERF_MASK */
  RKNN_QUERY_PERF_RUN = 4,          /* rknn_perf_run */
  RKNN_QUERY_SDK_VERSION = 5,       /* rknn_sdk_version */
  RKNN_QUERY_MEM_SIZE = 6,          /* rknn_mem_size */
  RKNN_QUERY_CUSTOM_STRING = 7,     /* rknn_custom_string: what the converter stored */
  RKNN_QUERY_NATIVE_INPUT_ATTR = 8, /* rknn_tensor_attr: the layout that needs no conversion */
  RKNN_QUERY_NATIVE_NC1HWC2_INPUT_ATTR = 8,
  RKNN_QUERY_NATIVE_OUTPUT_ATTR = 9,
  RKNN_QUERY_NATIVE_NC1HWC2_OUTPUT_ATTR = 9,
  RKNN_QUERY_NATIVE_NHWC_INPUT_ATTR = 10, /* rknn_tensor_attr, always NHWC for four axes */
  RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR = 11,
  RKNN_QUERY_DEVICE_MEM_INFO = 12,     /* no RK3588 command: RKNN_ERR_PARAM_INVALID */
  RKNN_QUERY_INPUT_DYNAMIC_RANGE = 13, /* rknn_input_range of input .index */
  RKNN_QUERY_CURRENT_INPUT_ATTR = 14,  /* as the four above, for the shapes chosen by rknn_set_input_shapes() */
  RKNN_QUERY_CURRENT_OUTPUT_ATTR = 15,
  RKNN_QUERY_CURRENT_NATIVE_INPUT_ATTR = 16,
  RKNN_QUERY_CURRENT_NATIVE_OUTPUT_ATTR = 17,
  RKNN_QUERY_CMD_MAX = 18
} rknn_query_cmd;

typedef enum _rknn_tensor_type {
  RKNN_TENSOR_FLOAT32 = 0,
  RKNN_TENSOR_FLOAT16 = 1, /* IEEE 754 half */
  RKNN_TENSOR_INT8 = 2,
  RKNN_TENSOR_UINT8 = 3,
  RKNN_TENSOR_INT16 = 4,
  RKNN_TENSOR_UINT16 = 5,
  RKNN_TENSOR_INT32 = 6,
  RKNN_TENSOR_UINT32 = 7,
  RKNN_TENSOR_INT64 = 8,
  RKNN_TENSOR_BOOL = 9,
  RKNN_TENSOR_INT4 = 10, /* two a byte, the even element in the high half */
  RKNN_TENSOR_BFLOAT16 = 11,
  RKNN_TENSOR_TYPE_MAX = 12
} rknn_tensor_type;

/* What the codes of a tensor mean. */
typedef enum _rknn_tensor_qnt_type {
  RKNN_TENSOR_QNT_NONE = 0,
  RKNN_TENSOR_QNT_DFP = 1,               /* real = code / 2^fl */
  RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC = 2, /* real = (code - zp) * scale */
  RKNN_TENSOR_QNT_MAX = 3
} rknn_tensor_qnt_type;

/* The order of a tensor's axes in memory, outermost first. */
typedef enum _rknn_tensor_format {
  RKNN_TENSOR_NCHW = 0,
  RKNN_TENSOR_NHWC = 1,
  RKNN_TENSOR_NC1HWC2 = 2,   /* channels in groups of C2 (16 of one byte, 8 of two), which lie innermost */
  RKNN_TENSOR_UNDEFINED = 3, /* as the model has it: everything that has not four axes */
  RKNN_TENSOR_FORMAT_MAX = 4
} rknn_tensor_format;

/* NPU cores that a context may use. */
typedef enum _rknn_core_mask {
  RKNN_NPU_CORE_AUTO = 0, /* an idle one, chosen at each run */
  RKNN_NPU_CORE_0 = 1,
  RKNN_NPU_CORE_1 = 2,
  RKNN_NPU_CORE_2 = 4,
  RKNN_NPU_CORE_0_1 = 3,
  RKNN_NPU_CORE_0_1_2 = 7,
  RKNN_NPU_CORE_ALL = 0xffff,
  RKNN_NPU_CORE_UNDEFINED = 65536
} rknn_core_mask;

/* rknn_tensor_mem.flags: who owns the bytes. */
typedef enum _rknn_tensor_mem_flags {
  RKNN_TENSOR_MEMORY_FLAGS_ALLOC_INSIDE = 1,
  RKNN_TENSOR_MEMORY_FLAGS_FROM_FD = 2,
  RKNN_TENSOR_MEMORY_FLAGS_FROM_PHYS = 3,
  RKNN_TENSOR_MEMORY_FLAGS_UNKNOWN = 4
} rknn_tensor_mem_flags;

/* alloc_flags of rknn_create_mem2(). */
typedef enum _rknn_mem_alloc_flags {
  RKNN_FLAG_MEMORY_FLAGS_DEFAULT = 0, /* cacheable */
  RKNN_FLAG_MEMORY_CACHEABLE = 1,
  RKNN_FLAG_MEMORY_NON_CACHEABLE = 2,
  RKNN_FLAG_MEMORY_TRY_ALLOC_SRAM = 4
} rknn_mem_alloc_flags;

/* Who reads next. */
typedef enum _rknn_mem_sync_mode {
  RKNN_MEMORY_SYNC_TO_DEVICE = 1,
  RKNN_MEMORY_SYNC_FROM_DEVICE = 2,
  RKNN_MEMORY_SYNC_BIDIRECTIONAL = 3
} rknn_mem_sync_mode;

/* ---- Structures ---- */

typedef struct _rknn_input_output_num {
  uint32_t n_input;
  uint32_t n_output;
} rknn_input_output_num;

/* One input or output. A query reads `index` and fills the rest; rknn_set_io_mem() reads what the bound memory holds.
 */
typedef struct _rknn_tensor_attr {
  uint32_t index;               /* among the inputs, or among the outputs */
  uint32_t n_dims;              /* axes in use of dims */
  uint32_t dims[RKNN_MAX_DIMS]; /* in the order that fmt says */
  char name[RKNN_MAX_NAME_LEN]; /* as the source model calls it */
  uint32_t n_elems;             /* product of dims */
  uint32_t size;                /* n_elems x bytes of an element */
  rknn_tensor_format fmt;
  rknn_tensor_type type;
  rknn_tensor_qnt_type qnt_type;
  int8_t fl;  /* RKNN_TENSOR_QNT_DFP */
  int32_t zp; /* RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC */
  float scale;
  uint32_t w_stride;         /* pixels from row to row in memory; 0: as many as the width. Of inputs, read only */
  uint32_t size_with_stride; /* bytes to allocate for memory that is bound in this layout */
  uint8_t pass_through;      /* 1: the bytes are the network's own, no conversion */
  uint32_t h_stride;         /* rows from picture to picture; 0: as many as the height. Of inputs, to be written */
} rknn_tensor_attr;

/* The shapes that one input may take. Shape k of all inputs belongs together. */
typedef struct _rknn_input_range {
  uint32_t index;
  uint32_t shape_number;
  rknn_tensor_format fmt;
  char name[RKNN_MAX_NAME_LEN];
  uint32_t dyn_range[RKNN_MAX_DYNAMIC_SHAPE_NUM][RKNN_MAX_DIMS];
  uint32_t n_dims;
} rknn_input_range;

/* A table for people; it belongs to the context and lives until the next such query. */
typedef struct _rknn_perf_detail {
  char* perf_data;
  uint64_t data_len;
} rknn_perf_detail;

/* The last run, without conversion of inputs and outputs, in microseconds. */
typedef struct _rknn_perf_run {
  int64_t run_duration;
} rknn_perf_run;

typedef struct _rknn_sdk_version {
  char api_version[256];
  char drv_version[256];
} rknn_sdk_version;

/* In bytes. total_internal_size leaves inputs and outputs out. */
typedef struct _rknn_mem_size {
  uint32_t total_weight_size;
  uint32_t total_internal_size;
  uint64_t total_dma_allocated_size;
  uint32_t total_sram_size;
  uint32_t free_sram_size;
  uint32_t reserved[10];
} rknn_mem_size;

typedef struct _rknn_custom_string {
  char string[1024];
} rknn_custom_string;

/* Memory that the device can reach. Made and freed by this library only; the fields are for reading. */
typedef struct _rknn_tensor_memory {
  void* virt_addr;
  uint64_t phys_addr; /* 0: not known */
  int32_t fd;         /* -1: none. Others may map it */
  int32_t offset;     /* of the data from virt_addr, in bytes */
  uint32_t size;
  uint32_t flags; /* rknn_tensor_mem_flags */
  void* priv_data;
} rknn_tensor_mem;

typedef struct _rknn_input {
  uint32_t index;
  void* buf;
  uint32_t size;         /* bytes at buf, at least as many as the input takes */
  uint8_t pass_through;  /* 1: the network's own codes in its native layout; type and fmt do not count */
  rknn_tensor_type type; /* of the values at buf */
  rknn_tensor_format fmt;
} rknn_input;

typedef struct _rknn_output {
  uint8_t want_float;  /* 1: float32; 0: the network's own type */
  uint8_t is_prealloc; /* 1: buf and size are the caller's; 0: the library allocates them */
  uint32_t index;
  void* buf;
  uint32_t size;
} rknn_output;

typedef struct _rknn_init_extend {
  rknn_context ctx;          /* of RKNN_FLAG_SHARE_WEIGHT_MEM */
  int32_t real_model_offset; /* where the model begins in the file or buffer */
  uint32_t real_model_size;  /* 0: everything from there on */
  int32_t model_buffer_fd;   /* of RKNN_FLAG_MODEL_BUFFER_ZERO_COPY */
  uint32_t model_buffer_flags;
  uint8_t reserved[112];
} rknn_init_extend;

typedef struct _rknn_run_extend {
  uint64_t frame_id;  /* set by rknn_run(): the number of this run */
  int32_t non_block;  /* 1: return at once, rknn_wait() waits */
  int32_t timeout_ms; /* of rknn_wait(); 0 or less: for ever */
  int32_t fence_fd;
} rknn_run_extend;

typedef struct _rknn_output_extend {
  uint64_t frame_id; /* set by rknn_outputs_get(): the run that the outputs are of */
} rknn_output_extend;

/* ---- Functions ---- */

/* Found by the linker even where everything else is compiled with -fvisibility=hidden. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* Opens a model. model: its bytes when size > 0, which may be freed afterwards; the path of its file when size is 0.
 * extend: null unless a flag or an offset needs it.
 * RKNN_ERR_MODEL_INVALID for what is no model of this runtime, with a line that says what it is instead. */
int rknn_init(rknn_context* context, void* model, uint32_t size, uint32_t flag, rknn_init_extend* extend);

/* A second context on the same model; the weights are shared, everything else is its own. */
int rknn_dup_context(rknn_context* context_in, rknn_context* context_out);

/* Waits for a run in flight, calls the destroy callbacks of custom operators, frees the context. Memory of
 * rknn_create_mem() lives on until rknn_destroy_mem(). */
int rknn_destroy(rknn_context context);

/* info: the structure that cmd names above; size: its size, exactly. */
int rknn_query(rknn_context context, rknn_query_cmd cmd, void* info, uint32_t size);

/* Copies inputs. Unless pass_through is set, values of any of UINT8, INT8, FLOAT16, FLOAT32, INT16 become
 * (value - mean) / std and then the network's codes; RGB and BGR are not swapped. Inputs keep their values between
 * runs, and a call may set some of them only. */
int rknn_inputs_set(rknn_context context, uint32_t n_inputs, rknn_input inputs[]);

/* How many cores share a batch (0 to 3). */
int rknn_set_batch_core_num(rknn_context context, int core_num);

int rknn_set_core_mask(rknn_context context, rknn_core_mask core_mask);

/* Runs once over the inputs that are set or bound. Returns when done, unless extend asks for non_block. */
int rknn_run(rknn_context context, rknn_run_extend* extend);

/* Waits for the last non-blocking run and returns its code; RKNN_ERR_TIMEOUT leaves it running. */
int rknn_wait(rknn_context context, rknn_run_extend* extend);

/* Waits for the run and hands out results: dense, NCHW when they have four axes. */
int rknn_outputs_get(rknn_context context, uint32_t n_outputs, rknn_output outputs[], rknn_output_extend* extend);

/* Frees what rknn_outputs_get() allocated; harmless when called again. */
int rknn_outputs_release(rknn_context context, uint32_t n_outputs, rknn_output outputs[]);

/* Wraps memory at a physical address that is mapped at virt_addr. Null on failure, as all makers of memory. */
rknn_tensor_mem* rknn_create_mem_from_phys(rknn_context context, uint64_t phys_addr, void* virt_addr, uint32_t size);

/* Wraps `size` bytes from `offset` on of a file descriptor. virt_addr: where the descriptor is mapped, from its begin
 * on; null: it gets mapped. The descriptor stays the caller's. */
rknn_tensor_mem* rknn_create_mem_from_fd(rknn_context context, int32_t fd, void* virt_addr, uint32_t size,
                                         int32_t offset);

/* Not on this chip: always null. */
rknn_tensor_mem* rknn_create_mem_from_mb_blk(rknn_context context, void* mb_blk, int32_t offset);

/* New zeroed memory with a file descriptor. */
rknn_tensor_mem* rknn_create_mem(rknn_context context, uint32_t size);

/* alloc_flags: rknn_mem_alloc_flags and RKNN_MEM_FLAG_ALLOC_NO_CONTEXT. */
rknn_tensor_mem* rknn_create_mem2(rknn_context context, uint64_t size, uint64_t alloc_flags);

/* Frees the memory, or only the wrapper of memory from outside. Memory that a context still has bound stays readable to
 * that context. */
int rknn_destroy_mem(rknn_context context, rknn_tensor_mem* mem);

/* Memory for the weights and for the internal tensors, at least as large as RKNN_QUERY_MEM_SIZE says; before a run. */
int rknn_set_weight_mem(rknn_context context, rknn_tensor_mem* mem);
int rknn_set_internal_mem(rknn_context context, rknn_tensor_mem* mem);

/* Binds memory to one input or output, found by attr->name, else by attr->index where only one side has it. Each run
 * reads or writes the memory once, in the layout of attr's type, fmt and pass_through. Not together with
 * rknn_inputs_set() or rknn_outputs_get() in one context. */
int rknn_set_io_mem(rknn_context context, rknn_tensor_mem* mem, rknn_tensor_attr* attr);

/* rknn_set_input_shapes() for one input. */
int rknn_set_input_shape(rknn_context context, rknn_tensor_attr* attr);

/* Chooses the shapes of the next runs: index, n_dims, dims and fmt of every input, one of the sets that
 * RKNN_QUERY_INPUT_DYNAMIC_RANGE lists. */
int rknn_set_input_shapes(rknn_context context, uint32_t n_inputs, rknn_tensor_attr attr[]);

/* Keeps caches and device in step. */
int rknn_mem_sync(rknn_context context, rknn_tensor_mem* mem, rknn_mem_sync_mode mode);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

/* ---- Names of enumerators, for people ---- */

inline static const char* get_type_string(rknn_tensor_type type) {
  switch (type) {
    case RKNN_TENSOR_FLOAT32:
      return "FP32";
    case RKNN_TENSOR_FLOAT16:
      return "FP16";
    case RKNN_TENSOR_INT8:
      return "INT8";
    case RKNN_TENSOR_UINT8:
      return "UINT8";
    case RKNN_TENSOR_INT16:
      return "INT16";
    case RKNN_TENSOR_UINT16:
      return "UINT16";
    case RKNN_TENSOR_INT32:
      return "INT32";
    case RKNN_TENSOR_UINT32:
      return "UINT32";
    case RKNN_TENSOR_INT64:
      return "INT64";
    case RKNN_TENSOR_BOOL:
      return "BOOL";
    case RKNN_TENSOR_INT4:
      return "INT4";
    case RKNN_TENSOR_BFLOAT16:
      return "BF16";
    default:
      return "UNKNOW";
  }
}

inline static const char* get_qnt_type_string(rknn_tensor_qnt_type type) {
  switch (type) {
    case RKNN_TENSOR_QNT_NONE:
      return "NONE";
    case RKNN_TENSOR_QNT_DFP:
      return "DFP";
    case RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC:
      return "AFFINE";
    default:
      return "UNKNOW";
  }
}

inline static const char* get_format_string(rknn_tensor_format fmt) {
  switch (fmt) {
    case RKNN_TENSOR_NCHW:
      return "NCHW";
    case RKNN_TENSOR_NHWC:
      return "NHWC";
    case RKNN_TENSOR_NC1HWC2:
      return "NC1HWC2";
    case RKNN_TENSOR_UNDEFINED:
      return "UNDEFINED";
    default:
      return "UNKNOW";
  }
}

#ifdef __cplusplus
}
#endif

#endif
