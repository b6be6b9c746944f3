"""openvino_int8.py MODEL.onnx OUT.xml SAMPLES PRESET: quantizes with NNCF, prints {"seconds": …} as JSON.

The time is that of a user who has the pictures as arrays already: read the model, quantize, save.
"""
import json
import sys
import time

import nncf
import numpy as np
import openvino as ov


def main():
    model_path, out, samples, preset = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    random = np.random.default_rng(1)
    start = time.perf_counter()
    model = ov.Core().read_model(model_path)
    shape = list(model.input(0).shape)
    images = [random.random(shape, np.float32) for _ in range(samples)]
    quantized = nncf.quantize(model, nncf.Dataset(images), subset_size=samples,
                              preset=nncf.QuantizationPreset(preset), target_device=nncf.TargetDevice.CPU)
    ov.save_model(quantized, out)
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
