#include "network.h"

#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

bool succeeds(const char* function, int code) {
  if (code < 0) std::printf("%s error ret=%d\n", function, code);
  return code >= 0;
}

std::optional<std::vector<char>> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return std::nullopt;
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

void print_tensor(const rknn_tensor_attr& attr) {
  std::string dims;
  for (uint32_t i = 0; i < attr.n_dims; ++i) dims += (i == 0 ? "" : ", ") + std::to_string(attr.dims[i]);
  std::printf(
      "  index=%u, name=%s, n_dims=%u, dims=[%s], n_elems=%u, size=%u, w_stride = %u, size_with_stride=%u, fmt=%s, "
      "type=%s, qnt_type=%s, zp=%d, scale=%f\n",
      attr.index, attr.name, attr.n_dims, dims.c_str(), attr.n_elems, attr.size, attr.w_stride, attr.size_with_stride,
      get_format_string(attr.fmt), get_type_string(attr.type), get_qnt_type_string(attr.qnt_type), attr.zp,
      static_cast<double>(attr.scale));
}

}  // namespace

Network::~Network() {
  release_results();
  if (context_ != 0) rknn_destroy(context_);
}

bool Network::open(const std::string& path) {
  std::printf("Loading mode...\n");
  std::optional<std::vector<char>> model = read_file(path);
  if (!model) {
    std::printf("Open file %s failed.\n", path.c_str());
    return false;
  }
  const auto size = static_cast<uint32_t>(model->size());
  if (size != model->size()) {
    std::printf("%s has %zu bytes, at most 4294967295 can be loaded\n", path.c_str(), model->size());
    return false;
  }
  if (!succeeds("rknn_init", rknn_init(&context_, model->data(), size, 0, nullptr))) return false;
  rknn_sdk_version version = {};
  if (!succeeds("rknn_query", rknn_query(context_, RKNN_QUERY_SDK_VERSION, &version, sizeof(version)))) return false;
  std::printf("sdk version: %s driver version: %s\n", version.api_version, version.drv_version);
  return query_tensors() && find_picture_input();
}

bool Network::query_tensors() {
  rknn_input_output_num count = {};
  if (!succeeds("rknn_query", rknn_query(context_, RKNN_QUERY_IN_OUT_NUM, &count, sizeof(count)))) return false;
  std::printf("model input num: %u, output num: %u\n", count.n_input, count.n_output);
  const auto query = [&](rknn_query_cmd command, uint32_t n, std::vector<rknn_tensor_attr>& attributes) {
    for (uint32_t i = 0; i < n; ++i) {
      rknn_tensor_attr attr = {};
      attr.index = i;
      if (!succeeds("rknn_query", rknn_query(context_, command, &attr, sizeof(attr)))) return false;
      print_tensor(attr);
      attributes.push_back(attr);
    }
    return true;
  };
  return query(RKNN_QUERY_INPUT_ATTR, count.n_input, inputs_) &&
         query(RKNN_QUERY_OUTPUT_ATTR, count.n_output, outputs_);
}

bool Network::find_picture_input() {
  const rknn_tensor_attr& input = inputs_.front();
  const bool is_nchw = input.fmt == RKNN_TENSOR_NCHW;
  const uint32_t channels = input.dims[is_nchw ? 1 : 3];
  if (inputs_.size() != 1 || input.n_dims != 4 || input.dims[0] != 1 || channels != 3) {
    std::printf("the model takes %zu inputs, the first of %u axes; expected one colour picture\n", inputs_.size(),
                input.n_dims);
    return false;
  }
  height_ = static_cast<int>(input.dims[is_nchw ? 2 : 1]);
  width_ = static_cast<int>(input.dims[is_nchw ? 3 : 2]);
  std::printf("model is %s input fmt\n", is_nchw ? "NCHW" : "NHWC");
  std::printf("model input height=%d, width=%d, channel=%u\n", height_, width_, channels);
  return true;
}

bool Network::run(const std::vector<uint8_t>& rgb, bool want_float) {
  release_results();
  rknn_input input = {};
  input.buf = const_cast<uint8_t*>(rgb.data());
  input.size = static_cast<uint32_t>(rgb.size());
  input.type = RKNN_TENSOR_UINT8;
  input.fmt = RKNN_TENSOR_NHWC;
  if (!succeeds("rknn_inputs_set", rknn_inputs_set(context_, 1, &input))) return false;
  if (!succeeds("rknn_run", rknn_run(context_, nullptr))) return false;
  std::vector<rknn_output> results(outputs_.size(), rknn_output{});
  for (uint32_t i = 0; i < results.size(); ++i) {
    results[i].index = i;
    results[i].want_float = want_float ? 1 : 0;
  }
  const auto count = static_cast<uint32_t>(results.size());
  if (!succeeds("rknn_outputs_get", rknn_outputs_get(context_, count, results.data(), nullptr))) return false;
  results_ = std::move(results);
  return true;
}

void Network::release_results() {
  if (results_.empty()) return;
  rknn_outputs_release(context_, static_cast<uint32_t>(results_.size()), results_.data());
  results_.clear();
}
