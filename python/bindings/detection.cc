// sixtops._core.Detector: pictures in, boxes out, as the command `sixtops detect`.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <mutex>

#include "app/picture_network.h"
#include "base/error.h"
#include "bindings/failure.h"
#include "bindings/module.h"
#include "bindings/session.h"
#include "vision/draw.h"
#include "vision/labels.h"
#include "vision/picture_file.h"

namespace sixtops::python {
namespace {

namespace py = pybind11;
using Pixels = py::array_t<uint8_t, py::array::c_style | py::array::forcecast>;

struct Detector {
  app::PictureNetwork network;
  std::mutex mutex;
};

std::unique_ptr<Detector> detector_of(const PythonSession& session) {
  auto detector = std::make_unique<Detector>();
  detector->network =
      value_of(app::picture_network(session.source, value_of(session.inference->session().duplicate())));
  check(app::expect_detector(detector->network));
  return detector;
}

vision::Picture picture_of(const Pixels& pixels) {
  if (pixels.ndim() != 3 || pixels.shape(2) != 3) {
    throw Failure(usage_error("a picture is an array of height x width x 3 bytes, red first"));
  }
  vision::Picture picture =
      value_of(vision::make_picture(static_cast<int>(pixels.shape(1)), static_cast<int>(pixels.shape(0))));
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* const row = pixels.data(y);
    std::copy(row, row + static_cast<size_t>(picture.width) * 3, picture.row(y));
  }
  return picture;
}

Pixels pixels_of(const vision::Picture& picture) {
  Pixels pixels({picture.height, picture.width, 3});
  for (int y = 0; y < picture.height; ++y) {
    std::copy(picture.row(y), picture.row(y) + static_cast<size_t>(picture.width) * 3, pixels.mutable_data(y));
  }
  return pixels;
}

py::list detect(Detector& detector, const Pixels& pixels, float confidence, float iou, int max_boxes) {
  const vision::Picture picture = picture_of(pixels);
  const std::vector<vision::Detection> found = value_of([&] {
    const py::gil_scoped_release unlock;
    const std::lock_guard lock(detector.mutex);
    return app::detect_on_picture(detector.network, picture, {confidence, iou, max_boxes});
  }());
  py::list rows;
  for (const vision::Detection& d : found) {
    rows.append(py::make_tuple(vision::label_of(detector.network.labels, d.class_id), d.class_id, d.score,
                               py::make_tuple(d.box.left, d.box.top, d.box.right, d.box.bottom)));
  }
  return rows;
}

}  // namespace

void add_detection(py::module_& module) {
  py::class_<Detector>(module, "Detector")
      .def(py::init(&detector_of), py::arg("session"))
      .def_property_readonly("labels", [](const Detector& d) { return d.network.labels; })
      .def("detect", detect, py::arg("picture"), py::arg("confidence"), py::arg("iou"), py::arg("max_boxes"));
  module.def(
      "read_picture", [](const std::string& path) { return pixels_of(value_of(vision::read_picture(path))); },
      py::arg("path"));
  module.def(
      "write_picture",
      [](const Pixels& pixels, const std::string& path) { check(vision::write_picture(picture_of(pixels), path)); },
      py::arg("picture"), py::arg("path"));
}

}  // namespace sixtops::python
