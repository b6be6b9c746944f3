/* The binary interface of the vendor's runtime 2.3.2 on LP64 machines, asserted while compiling: the size and alignment
 * of each structure, the offset of each field, the value of each constant. Compiled as C99 and as C++; a build against
 * other headers of the same names (-DSIXTOPS_RKNN_HEADERS=FOLDER) proves them compatible. */
#include <rknn_api.h>
#include <rknn_custom_op.h>
#include <rknn_matmul_api.h>
#include <stddef.h>

/* C99 has no static assertion; an array of -1 elements is an error everywhere. */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CHECK(condition) typedef char JOIN(check_, __LINE__)[(condition) ? 1 : -1] __attribute__((unused))

CHECK(sizeof(rknn_input_output_num) == 8);
CHECK(__alignof__(rknn_input_output_num) == 4);
CHECK(offsetof(rknn_input_output_num, n_input) == 0);
CHECK(offsetof(rknn_input_output_num, n_output) == 4);

CHECK(sizeof(rknn_tensor_attr) == 376);
CHECK(__alignof__(rknn_tensor_attr) == 4);
CHECK(offsetof(rknn_tensor_attr, index) == 0);
CHECK(offsetof(rknn_tensor_attr, n_dims) == 4);
CHECK(offsetof(rknn_tensor_attr, dims) == 8);
CHECK(offsetof(rknn_tensor_attr, name) == 72);
CHECK(offsetof(rknn_tensor_attr, n_elems) == 328);
CHECK(offsetof(rknn_tensor_attr, size) == 332);
CHECK(offsetof(rknn_tensor_attr, fmt) == 336);
CHECK(offsetof(rknn_tensor_attr, type) == 340);
CHECK(offsetof(rknn_tensor_attr, qnt_type) == 344);
CHECK(offsetof(rknn_tensor_attr, fl) == 348);
CHECK(offsetof(rknn_tensor_attr, zp) == 352);
CHECK(offsetof(rknn_tensor_attr, scale) == 356);
CHECK(offsetof(rknn_tensor_attr, w_stride) == 360);
CHECK(offsetof(rknn_tensor_attr, size_with_stride) == 364);
CHECK(offsetof(rknn_tensor_attr, pass_through) == 368);
CHECK(offsetof(rknn_tensor_attr, h_stride) == 372);

CHECK(sizeof(rknn_input_range) == 33040);
CHECK(__alignof__(rknn_input_range) == 4);
CHECK(offsetof(rknn_input_range, index) == 0);
CHECK(offsetof(rknn_input_range, shape_number) == 4);
CHECK(offsetof(rknn_input_range, fmt) == 8);
CHECK(offsetof(rknn_input_range, name) == 12);
CHECK(offsetof(rknn_input_range, dyn_range) == 268);
CHECK(offsetof(rknn_input_range, n_dims) == 33036);

CHECK(sizeof(rknn_perf_detail) == 16);
CHECK(__alignof__(rknn_perf_detail) == 8);
CHECK(offsetof(rknn_perf_detail, perf_data) == 0);
CHECK(offsetof(rknn_perf_detail, data_len) == 8);

CHECK(sizeof(rknn_perf_run) == 8);
CHECK(__alignof__(rknn_perf_run) == 8);
CHECK(offsetof(rknn_perf_run, run_duration) == 0);

CHECK(sizeof(rknn_sdk_version) == 512);
CHECK(__alignof__(rknn_sdk_version) == 1);
CHECK(offsetof(rknn_sdk_version, api_version) == 0);
CHECK(offsetof(rknn_sdk_version, drv_version) == 256);

CHECK(sizeof(rknn_mem_size) == 64);
CHECK(__alignof__(rknn_mem_size) == 8);
CHECK(offsetof(rknn_mem_size, total_weight_size) == 0);
CHECK(offsetof(rknn_mem_size, total_internal_size) == 4);
CHECK(offsetof(rknn_mem_size, total_dma_allocated_size) == 8);
CHECK(offsetof(rknn_mem_size, total_sram_size) == 16);
CHECK(offsetof(rknn_mem_size, free_sram_size) == 20);
CHECK(offsetof(rknn_mem_size, reserved) == 24);

CHECK(sizeof(rknn_custom_string) == 1024);
CHECK(__alignof__(rknn_custom_string) == 1);
CHECK(offsetof(rknn_custom_string, string) == 0);

CHECK(sizeof(rknn_tensor_mem) == 40);
CHECK(__alignof__(rknn_tensor_mem) == 8);
CHECK(offsetof(rknn_tensor_mem, virt_addr) == 0);
CHECK(offsetof(rknn_tensor_mem, phys_addr) == 8);
CHECK(offsetof(rknn_tensor_mem, fd) == 16);
CHECK(offsetof(rknn_tensor_mem, offset) == 20);
CHECK(offsetof(rknn_tensor_mem, size) == 24);
CHECK(offsetof(rknn_tensor_mem, flags) == 28);
CHECK(offsetof(rknn_tensor_mem, priv_data) == 32);

CHECK(sizeof(rknn_input) == 32);
CHECK(__alignof__(rknn_input) == 8);
CHECK(offsetof(rknn_input, index) == 0);
CHECK(offsetof(rknn_input, buf) == 8);
CHECK(offsetof(rknn_input, size) == 16);
CHECK(offsetof(rknn_input, pass_through) == 20);
CHECK(offsetof(rknn_input, type) == 24);
CHECK(offsetof(rknn_input, fmt) == 28);

CHECK(sizeof(rknn_output) == 24);
CHECK(__alignof__(rknn_output) == 8);
CHECK(offsetof(rknn_output, want_float) == 0);
CHECK(offsetof(rknn_output, is_prealloc) == 1);
CHECK(offsetof(rknn_output, index) == 4);
CHECK(offsetof(rknn_output, buf) == 8);
CHECK(offsetof(rknn_output, size) == 16);

CHECK(sizeof(rknn_init_extend) == 136);
CHECK(__alignof__(rknn_init_extend) == 8);
CHECK(offsetof(rknn_init_extend, ctx) == 0);
CHECK(offsetof(rknn_init_extend, real_model_offset) == 8);
CHECK(offsetof(rknn_init_extend, real_model_size) == 12);
CHECK(offsetof(rknn_init_extend, model_buffer_fd) == 16);
CHECK(offsetof(rknn_init_extend, model_buffer_flags) == 20);
CHECK(offsetof(rknn_init_extend, reserved) == 24);

CHECK(sizeof(rknn_run_extend) == 24);
CHECK(__alignof__(rknn_run_extend) == 8);
CHECK(offsetof(rknn_run_extend, frame_id) == 0);
CHECK(offsetof(rknn_run_extend, non_block) == 8);
CHECK(offsetof(rknn_run_extend, timeout_ms) == 12);
CHECK(offsetof(rknn_run_extend, fence_fd) == 16);

CHECK(sizeof(rknn_output_extend) == 8);
CHECK(__alignof__(rknn_output_extend) == 8);
CHECK(offsetof(rknn_output_extend, frame_id) == 0);

CHECK(sizeof(rknn_quant_params) == 288);
CHECK(__alignof__(rknn_quant_params) == 8);
CHECK(offsetof(rknn_quant_params, name) == 0);
CHECK(offsetof(rknn_quant_params, scale) == 256);
CHECK(offsetof(rknn_quant_params, scale_len) == 264);
CHECK(offsetof(rknn_quant_params, zp) == 272);
CHECK(offsetof(rknn_quant_params, zp_len) == 280);

CHECK(sizeof(rknn_matmul_tensor_attr) == 332);
CHECK(__alignof__(rknn_matmul_tensor_attr) == 4);
CHECK(offsetof(rknn_matmul_tensor_attr, name) == 0);
CHECK(offsetof(rknn_matmul_tensor_attr, n_dims) == 256);
CHECK(offsetof(rknn_matmul_tensor_attr, dims) == 260);
CHECK(offsetof(rknn_matmul_tensor_attr, size) == 324);
CHECK(offsetof(rknn_matmul_tensor_attr, type) == 328);

CHECK(sizeof(rknn_matmul_io_attr) == 996);
CHECK(__alignof__(rknn_matmul_io_attr) == 4);
CHECK(offsetof(rknn_matmul_io_attr, A) == 0);
CHECK(offsetof(rknn_matmul_io_attr, B) == 332);
CHECK(offsetof(rknn_matmul_io_attr, C) == 664);

CHECK(sizeof(rknn_matmul_shape) == 12);
CHECK(__alignof__(rknn_matmul_shape) == 4);
CHECK(offsetof(rknn_matmul_shape, M) == 0);
CHECK(offsetof(rknn_matmul_shape, K) == 4);
CHECK(offsetof(rknn_matmul_shape, N) == 8);

CHECK(sizeof(rknn_matmul_info) == 64);
CHECK(__alignof__(rknn_matmul_info) == 4);
CHECK(offsetof(rknn_matmul_info, M) == 0);
CHECK(offsetof(rknn_matmul_info, K) == 4);
CHECK(offsetof(rknn_matmul_info, N) == 8);
CHECK(offsetof(rknn_matmul_info, type) == 12);
CHECK(offsetof(rknn_matmul_info, B_layout) == 16);
CHECK(offsetof(rknn_matmul_info, B_quant_type) == 18);
CHECK(offsetof(rknn_matmul_info, AC_layout) == 20);
CHECK(offsetof(rknn_matmul_info, AC_quant_type) == 22);
CHECK(offsetof(rknn_matmul_info, iommu_domain_id) == 24);
CHECK(offsetof(rknn_matmul_info, group_size) == 28);
CHECK(offsetof(rknn_matmul_info, reserved) == 30);

CHECK(sizeof(rknn_gpu_op_context) == 24);
CHECK(__alignof__(rknn_gpu_op_context) == 8);
CHECK(offsetof(rknn_gpu_op_context, cl_context) == 0);
CHECK(offsetof(rknn_gpu_op_context, cl_command_queue) == 8);
CHECK(offsetof(rknn_gpu_op_context, cl_kernel) == 16);

CHECK(sizeof(rknn_custom_op_context) == 48);
CHECK(__alignof__(rknn_custom_op_context) == 8);
CHECK(offsetof(rknn_custom_op_context, target) == 0);
CHECK(offsetof(rknn_custom_op_context, internal_ctx) == 8);
CHECK(offsetof(rknn_custom_op_context, gpu_ctx) == 16);
CHECK(offsetof(rknn_custom_op_context, priv_data) == 40);

CHECK(sizeof(rknn_custom_op_tensor) == 416);
CHECK(__alignof__(rknn_custom_op_tensor) == 8);
CHECK(offsetof(rknn_custom_op_tensor, attr) == 0);
CHECK(offsetof(rknn_custom_op_tensor, mem) == 376);

CHECK(sizeof(rknn_custom_op_attr) == 272);
CHECK(__alignof__(rknn_custom_op_attr) == 8);
CHECK(offsetof(rknn_custom_op_attr, name) == 0);
CHECK(offsetof(rknn_custom_op_attr, dtype) == 256);
CHECK(offsetof(rknn_custom_op_attr, n_elems) == 260);
CHECK(offsetof(rknn_custom_op_attr, data) == 264);

CHECK(sizeof(rknn_custom_op) == 832);
CHECK(__alignof__(rknn_custom_op) == 8);
CHECK(offsetof(rknn_custom_op, version) == 0);
CHECK(offsetof(rknn_custom_op, target) == 4);
CHECK(offsetof(rknn_custom_op, op_type) == 8);
CHECK(offsetof(rknn_custom_op, cl_kernel_name) == 264);
CHECK(offsetof(rknn_custom_op, cl_kernel_source) == 520);
CHECK(offsetof(rknn_custom_op, cl_source_size) == 528);
CHECK(offsetof(rknn_custom_op, cl_build_options) == 536);
CHECK(offsetof(rknn_custom_op, init) == 792);
CHECK(offsetof(rknn_custom_op, prepare) == 800);
CHECK(offsetof(rknn_custom_op, compute) == 808);
CHECK(offsetof(rknn_custom_op, compute_native) == 816);
CHECK(offsetof(rknn_custom_op, destroy) == 824);

CHECK(sizeof(rknn_query_cmd) == 4);
CHECK(sizeof(rknn_tensor_type) == 4);
CHECK(sizeof(rknn_tensor_qnt_type) == 4);
CHECK(sizeof(rknn_tensor_format) == 4);
CHECK(sizeof(rknn_core_mask) == 4);
CHECK(sizeof(rknn_tensor_mem_flags) == 4);
CHECK(sizeof(rknn_mem_alloc_flags) == 4);
CHECK(sizeof(rknn_mem_sync_mode) == 4);
CHECK(sizeof(rknn_target_type) == 4);
CHECK(sizeof(rknn_matmul_layout) == 4);
CHECK(sizeof(rknn_matmul_quant_type) == 4);
CHECK(sizeof(rknn_matmul_type) == 4);
CHECK(sizeof(rknn_context) == 8);
CHECK(sizeof(rknn_matmul_ctx) == 8);
CHECK(sizeof(rknn_custom_op_interal_context) == 8);

CHECK(RKNN_MAX_DIMS == 16);
CHECK(RKNN_MAX_NUM_CHANNEL == 15);
CHECK(RKNN_MAX_NAME_LEN == 256);
CHECK(RKNN_MAX_DYNAMIC_SHAPE_NUM == 512);
CHECK(RKNN_CUSTOM_OP_MAX_STR_LEN == 64);
CHECK(RKNN_CUSTOM_OP_MAX_VALUE_LEN == 32);
CHECK(RKNN_SUCC == 0);
CHECK(RKNN_ERR_FAIL == -1);
CHECK(RKNN_ERR_TIMEOUT == -2);
CHECK(RKNN_ERR_DEVICE_UNAVAILABLE == -3);
CHECK(RKNN_ERR_MALLOC_FAIL == -4);
CHECK(RKNN_ERR_PARAM_INVALID == -5);
CHECK(RKNN_ERR_MODEL_INVALID == -6);
CHECK(RKNN_ERR_CTX_INVALID == -7);
CHECK(RKNN_ERR_INPUT_INVALID == -8);
CHECK(RKNN_ERR_OUTPUT_INVALID == -9);
CHECK(RKNN_ERR_DEVICE_UNMATCH == -10);
CHECK(RKNN_ERR_INCOMPATILE_PRE_COMPILE_MODEL == -11);
CHECK(RKNN_ERR_INCOMPATILE_OPTIMIZATION_LEVEL_VERSION == -12);
CHECK(RKNN_ERR_TARGET_PLATFORM_UNMATCH == -13);
CHECK(RKNN_WARNING_SKIP_CUSTOM_OP_COMPUTE == -14);
CHECK(RKNN_FLAG_PRIOR_HIGH == 0);
CHECK(RKNN_FLAG_PRIOR_MEDIUM == 0x1);
CHECK(RKNN_FLAG_PRIOR_LOW == 0x2);
CHECK(RKNN_FLAG_ASYNC_MASK == 0x4);
CHECK(RKNN_FLAG_COLLECT_PERF_MASK == 0x8);
CHECK(RKNN_FLAG_MEM_ALLOC_OUTSIDE == 0x10);
CHECK(RKNN_FLAG_SHARE_WEIGHT_MEM == 0x20);
CHECK(RKNN_FLAG_FENCE_IN_OUTSIDE == 0x40);
CHECK(RKNN_FLAG_FENCE_OUT_OUTSIDE == 0x80);
CHECK(RKNN_FLAG_COLLECT_MODEL_INFO_ONLY == 0x100);
CHECK(RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE == 0x200);
CHECK(RKNN_FLAG_EXECUTE_FALLBACK_PRIOR_DEVICE_GPU == 0x400);
CHECK(RKNN_FLAG_ENABLE_SRAM == 0x800);
CHECK(RKNN_FLAG_SHARE_SRAM == 0x1000);
CHECK(RKNN_FLAG_DISABLE_PROC_HIGH_PRIORITY == 0x2000);
CHECK(RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE == 0x4000);
CHECK(RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE == 0x8000);
CHECK(RKNN_FLAG_MODEL_BUFFER_ZERO_COPY == 0x10000);
CHECK(RKNN_MEM_FLAG_ALLOC_NO_CONTEXT == 0x20000);
CHECK(RKNN_QUERY_IN_OUT_NUM == 0);
CHECK(RKNN_QUERY_INPUT_ATTR == 1);
CHECK(RKNN_QUERY_OUTPUT_ATTR == 2);
CHECK(RKNN_QUERY_PERF_DETAIL == 3);
CHECK(RKNN_QUERY_PERF_RUN == 4);
CHECK(RKNN_QUERY_SDK_VERSION == 5);
CHECK(RKNN_QUERY_MEM_SIZE == 6);
CHECK(RKNN_QUERY_CUSTOM_STRING == 7);
CHECK(RKNN_QUERY_NATIVE_INPUT_ATTR == 8);
CHECK(RKNN_QUERY_NATIVE_NC1HWC2_INPUT_ATTR == 8);
CHECK(RKNN_QUERY_NATIVE_OUTPUT_ATTR == 9);
CHECK(RKNN_QUERY_NATIVE_NC1HWC2_OUTPUT_ATTR == 9);
CHECK(RKNN_QUERY_NATIVE_NHWC_INPUT_ATTR == 10);
CHECK(RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR == 11);
CHECK(RKNN_QUERY_DEVICE_MEM_INFO == 12);
CHECK(RKNN_QUERY_INPUT_DYNAMIC_RANGE == 13);
CHECK(RKNN_QUERY_CURRENT_INPUT_ATTR == 14);
CHECK(RKNN_QUERY_CURRENT_OUTPUT_ATTR == 15);
CHECK(RKNN_QUERY_CURRENT_NATIVE_INPUT_ATTR == 16);
CHECK(RKNN_QUERY_CURRENT_NATIVE_OUTPUT_ATTR == 17);
CHECK(RKNN_QUERY_CMD_MAX == 18);
CHECK(RKNN_TENSOR_FLOAT32 == 0);
CHECK(RKNN_TENSOR_FLOAT16 == 1);
CHECK(RKNN_TENSOR_INT8 == 2);
CHECK(RKNN_TENSOR_UINT8 == 3);
CHECK(RKNN_TENSOR_INT16 == 4);
CHECK(RKNN_TENSOR_UINT16 == 5);
CHECK(RKNN_TENSOR_INT32 == 6);
CHECK(RKNN_TENSOR_UINT32 == 7);
CHECK(RKNN_TENSOR_INT64 == 8);
CHECK(RKNN_TENSOR_BOOL == 9);
CHECK(RKNN_TENSOR_INT4 == 10);
CHECK(RKNN_TENSOR_BFLOAT16 == 11);
CHECK(RKNN_TENSOR_TYPE_MAX == 12);
CHECK(RKNN_TENSOR_QNT_NONE == 0);
CHECK(RKNN_TENSOR_QNT_DFP == 1);
CHECK(RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC == 2);
CHECK(RKNN_TENSOR_QNT_MAX == 3);
CHECK(RKNN_TENSOR_NCHW == 0);
CHECK(RKNN_TENSOR_NHWC == 1);
CHECK(RKNN_TENSOR_NC1HWC2 == 2);
CHECK(RKNN_TENSOR_UNDEFINED == 3);
CHECK(RKNN_TENSOR_FORMAT_MAX == 4);
CHECK(RKNN_NPU_CORE_AUTO == 0);
CHECK(RKNN_NPU_CORE_0 == 1);
CHECK(RKNN_NPU_CORE_1 == 2);
CHECK(RKNN_NPU_CORE_2 == 4);
CHECK(RKNN_NPU_CORE_0_1 == 3);
CHECK(RKNN_NPU_CORE_0_1_2 == 7);
CHECK(RKNN_NPU_CORE_ALL == 0xffff);
CHECK(RKNN_NPU_CORE_UNDEFINED == 65536);
CHECK(RKNN_TENSOR_MEMORY_FLAGS_ALLOC_INSIDE == 1);
CHECK(RKNN_TENSOR_MEMORY_FLAGS_FROM_FD == 2);
CHECK(RKNN_TENSOR_MEMORY_FLAGS_FROM_PHYS == 3);
CHECK(RKNN_TENSOR_MEMORY_FLAGS_UNKNOWN == 4);
CHECK(RKNN_FLAG_MEMORY_FLAGS_DEFAULT == 0);
CHECK(RKNN_FLAG_MEMORY_CACHEABLE == 1);
CHECK(RKNN_FLAG_MEMORY_NON_CACHEABLE == 2);
CHECK(RKNN_FLAG_MEMORY_TRY_ALLOC_SRAM == 4);
CHECK(RKNN_MEMORY_SYNC_TO_DEVICE == 1);
CHECK(RKNN_MEMORY_SYNC_FROM_DEVICE == 2);
CHECK(RKNN_MEMORY_SYNC_BIDIRECTIONAL == 3);
CHECK(RKNN_TARGET_TYPE_CPU == 1);
CHECK(RKNN_TARGET_TYPE_GPU == 2);
CHECK(RKNN_TARGET_TYPE_MAX == 3);
CHECK(RKNN_MM_LAYOUT_NORM == 0);
CHECK(RKNN_MM_LAYOUT_NATIVE == 1);
CHECK(RKNN_MM_LAYOUT_TP_NORM == 2);
CHECK(RKNN_QUANT_TYPE_PER_LAYER_SYM == 0);
CHECK(RKNN_QUANT_TYPE_PER_LAYER_ASYM == 1);
CHECK(RKNN_QUANT_TYPE_PER_CHANNEL_SYM == 2);
CHECK(RKNN_QUANT_TYPE_PER_CHANNEL_ASYM == 3);
CHECK(RKNN_QUANT_TYPE_PER_GROUP_SYM == 4);
CHECK(RKNN_QUANT_TYPE_PER_GROUP_ASYM == 5);
CHECK(RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32 == 1);
CHECK(RKNN_INT8_MM_INT8_TO_INT32 == 2);
CHECK(RKNN_INT8_MM_INT8_TO_INT8 == 3);
CHECK(RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16 == 4);
CHECK(RKNN_FLOAT16_MM_INT8_TO_FLOAT32 == 5);
CHECK(RKNN_FLOAT16_MM_INT8_TO_FLOAT16 == 6);
CHECK(RKNN_FLOAT16_MM_INT4_TO_FLOAT32 == 7);
CHECK(RKNN_FLOAT16_MM_INT4_TO_FLOAT16 == 8);
CHECK(RKNN_INT8_MM_INT8_TO_FLOAT32 == 9);
CHECK(RKNN_INT4_MM_INT4_TO_INT16 == 10);
CHECK(RKNN_INT8_MM_INT4_TO_INT32 == 11);
CHECK(RKNN_FLOAT16_MM_INT4_TO_BFLOAT16 == 12);
CHECK(RKNN_INT8_MM_INT4_TO_FLOAT16 == 15);

/* The tags, as programs may write them. */
CHECK(sizeof(struct _rknn_tensor_attr) == sizeof(rknn_tensor_attr));
CHECK(sizeof(struct _rknn_tensor_memory) == sizeof(rknn_tensor_mem));
CHECK(sizeof(struct rknn_matmul_info_t) == sizeof(rknn_matmul_info));
CHECK(sizeof(enum _rknn_query_cmd) == sizeof(rknn_query_cmd));
CHECK(sizeof(enum _rknn_matmul_type) == sizeof(rknn_matmul_type));
