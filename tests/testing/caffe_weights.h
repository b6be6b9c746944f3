// Writes .caffemodel files for tests: blobs of ones, by layer.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "caffe.pb.h"

namespace sixtops::testing {

struct CaffeBlobs {
  std::string layer;
  std::vector<std::vector<int64_t>> shapes;
};

inline std::string caffe_weights(const std::vector<CaffeBlobs>& layers) {
  wire::caffe::NetParameter net;
  net.set_name("test");
  for (const CaffeBlobs& blobs : layers) {
    wire::caffe::LayerParameter& layer = *net.add_layer();
    layer.set_name(blobs.layer);
    for (const std::vector<int64_t>& shape : blobs.shapes) {
      wire::caffe::BlobProto& blob = *layer.add_blobs();
      int64_t count = 1;
      for (const int64_t extent : shape) {
        blob.mutable_shape()->add_dim(extent);
        count *= extent;
      }
      for (int64_t i = 0; i < count; ++i) blob.add_data(1);
    }
  }
  return net.SerializeAsString();
}

}  // namespace sixtops::testing
