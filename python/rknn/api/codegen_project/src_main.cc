// Runs a model through the zero-copy interface: rknn_app [MODEL] [DATA_FOLDER]
//
// Inputs are DATA_FOLDER/input_<i>.bin, zeros where there is none. Outputs are compared with golden_<i>.bin, what the
// simulator answered, where there is one.
#include <rknn_api.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "model_inputs.h"

namespace {

std::vector<char> read_file(const std::string& path) {
  std::vector<char> bytes;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return bytes;
  char buffer[65536];
  for (size_t got; (got = std::fread(buffer, 1, sizeof(buffer), file)) > 0;)
    bytes.insert(bytes.end(), buffer, buffer + got);
  std::fclose(file);
  return bytes;
}

double cosine(const float* a, const float* b, size_t count) {
  double product = 0, a_squared = 0, b_squared = 0;
  for (size_t i = 0; i < count; ++i) {
    product += static_cast<double>(a[i]) * b[i];
    a_squared += static_cast<double>(a[i]) * a[i];
    b_squared += static_cast<double>(b[i]) * b[i];
  }
  return a_squared > 0 && b_squared > 0 ? product / std::sqrt(a_squared * b_squared) : a_squared == b_squared;
}

int fail(const char* what, int code) {
  std::fprintf(stderr, "%s failed: %d\n", what, code);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string model = argc > 1 ? argv[1] : kModelFile;
  const std::string data = argc > 2 ? argv[2] : "data";
  rknn_context context = 0;
  int code = rknn_init(&context, &model[0], 0, 0, nullptr);
  if (code != RKNN_SUCC) return fail("rknn_init", code);
  rknn_input_output_num count;
  code = rknn_query(context, RKNN_QUERY_IN_OUT_NUM, &count, sizeof(count));
  if (code != RKNN_SUCC) return fail("rknn_query", code);

  std::vector<rknn_tensor_mem*> memories;
  for (uint32_t i = 0; i < count.n_input; ++i) {
    rknn_tensor_attr attr = {};
    attr.index = i;
    rknn_query(context, RKNN_QUERY_INPUT_ATTR, &attr, sizeof(attr));
    attr.type = kInputTypes[i];
    attr.fmt = attr.n_dims == 4 ? RKNN_TENSOR_NHWC : RKNN_TENSOR_UNDEFINED;
    attr.pass_through = 0;
    const uint32_t bytes = attr.n_elems * kInputBytes[i];
    rknn_tensor_mem* memory = rknn_create_mem(context, bytes);
    if (memory == nullptr) return fail("rknn_create_mem", -1);
    std::memset(memory->virt_addr, 0, bytes);
    const std::vector<char> values = read_file(data + "/input_" + std::to_string(i) + ".bin");
    std::memcpy(memory->virt_addr, values.data(), values.size() < bytes ? values.size() : bytes);
    code = rknn_set_io_mem(context, memory, &attr);
    if (code != RKNN_SUCC) return fail("rknn_set_io_mem", code);
    memories.push_back(memory);
  }
  std::vector<rknn_tensor_attr> outputs(count.n_output);
  for (uint32_t i = 0; i < count.n_output; ++i) {
    rknn_tensor_attr& attr = outputs[i];
    attr.index = i;
    rknn_query(context, RKNN_QUERY_OUTPUT_ATTR, &attr, sizeof(attr));
    attr.type = RKNN_TENSOR_FLOAT32;
    rknn_tensor_mem* memory = rknn_create_mem(context, attr.n_elems * static_cast<uint32_t>(sizeof(float)));
    if (memory == nullptr) return fail("rknn_create_mem", -1);
    code = rknn_set_io_mem(context, memory, &attr);
    if (code != RKNN_SUCC) return fail("rknn_set_io_mem", code);
    memories.push_back(memory);
  }

  code = rknn_run(context, nullptr);
  if (code != RKNN_SUCC) return fail("rknn_run", code);
  for (uint32_t i = 0; i < count.n_output; ++i) {
    const auto* values = static_cast<const float*>(memories[count.n_input + i]->virt_addr);
    const std::vector<char> golden = read_file(data + "/golden_" + std::to_string(i) + ".bin");
    if (golden.size() == outputs[i].n_elems * sizeof(float)) {
      std::printf("output %u %s: cosine %.6f\n", i, outputs[i].name,
                  cosine(values, reinterpret_cast<const float*>(golden.data()), outputs[i].n_elems));
    } else {
      std::printf("output %u %s: %u values, the first %f\n", i, outputs[i].name, outputs[i].n_elems,
                  static_cast<double>(values[0]));
    }
  }
  for (rknn_tensor_mem* memory : memories) rknn_destroy_mem(context, memory);
  rknn_destroy(context);
  return 0;
}
