"""SixTOPS: converts trained networks to the RK3588 NPU's integer arithmetic and runs them here, bit for bit.

    import sixtops

    sixtops.convert("yolov5n.onnx", "yolov5n.six", calibration="photos/")
    network = sixtops.load("yolov5n.six")
    for found in network.detect("street.jpg"):
        print(found.label, found.score, found.box)
    scores = network.run(tensor)[0]          # NumPy in, NumPy out

Whatever fails raises sixtops.Error with one sentence; its `code` is "usage", "invalid data", "unsupported", "not found",
"input or output", "resource" or "internal".
"""
from sixtops._core import Error, __version__
from sixtops.conversion import Conversion, convert
from sixtops.session import Detection, Session, TensorInfo, load

__all__ = ["Conversion", "Detection", "Error", "Session", "TensorInfo", "__version__", "convert", "load"]
