/* The binary interface as C99 sees it, and the names that programs print. */
#include <string.h>

#include "capi/abi_checks.h"

int main(void) {
  return strcmp(get_type_string(RKNN_TENSOR_BFLOAT16), "BF16") == 0 &&
                 strcmp(get_qnt_type_string(RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC), "AFFINE") == 0 &&
                 strcmp(get_format_string(RKNN_TENSOR_NC1HWC2), "NC1HWC2") == 0 &&
                 strcmp(get_format_string(RKNN_TENSOR_FORMAT_MAX), "UNKNOW") == 0 &&
                 strcmp(get_matmul_type_string(RKNN_INT4_MM_INT4_TO_INT16), "RKNN_INT4_MM_INT4_TO_INT16") == 0 &&
                 strcmp(get_matmul_type_string(RKNN_INT8_MM_INT4_TO_FLOAT16), "UNKNOW") == 0
             ? 0
             : 1;
}
