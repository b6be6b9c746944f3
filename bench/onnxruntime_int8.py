"""onnxruntime_int8.py MODEL.onnx OUT.onnx SAMPLES: static QDQ, uint8 activations, int8 weights a channel."""
import sys

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static


class RandomImages(CalibrationDataReader):
    def __init__(self, model_path, samples):
        value = onnx.load(model_path).graph.input[0]
        shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
        random = np.random.default_rng(1)
        self.samples = iter([{value.name: random.random(shape, np.float32)} for _ in range(samples)])

    def get_next(self):
        return next(self.samples, None)


def main():
    model_path, out, samples = sys.argv[1], sys.argv[2], int(sys.argv[3])
    quantize_static(model_path, out, RandomImages(model_path, samples), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
