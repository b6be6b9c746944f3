"""A custom operator in Python: shapes while loading, values in calibration, simulation and analysis."""
import numpy as np
from common import dataset, done, expect, model, pictures, read_rgb
from rknn.api import RKNN
from rknn.api.custom_op import get_node_attr


class cstScaledTanh:
    op_type = "cstScaledTanh"

    def shape_infer(self, node, in_shapes, in_dtypes):
        assert get_node_attr(node, "axes") == [1, 2]
        return in_shapes.copy(), in_dtypes.copy()

    def compute(self, node, inputs):
        return [np.tanh(inputs[0] * get_node_attr(node, "scale"))]


def built(quantize, register=True):
    rknn = RKNN()
    done(rknn.config(mean_values=[[0, 0, 0]], std_values=[[255, 255, 255]], target_platform="rk3588"), "config")
    if register:
        done(rknn.reg_custom_op(cstScaledTanh()), "reg_custom_op")
    if rknn.load_onnx(model("custom")) != 0:
        return None
    done(rknn.build(do_quantization=quantize, dataset=dataset(pictures(8, 16))), "build")
    done(rknn.init_runtime(), "init_runtime")
    return rknn


picture = read_rgb(pictures(1, 16)[0])
golden = built(False).inference(inputs=[picture])[0]
rknn = built(True)
output = rknn.inference(inputs=[picture])[0]
expect(output.shape == (1, 4, 8, 8), f"the shape behind the operator is known: {output.shape}")
expect(np.abs(output - golden).max() < 0.1 * np.abs(golden).max(), "int8 around the operator is close to float")
done(rknn.accuracy_analysis(inputs=[pictures(1, 16)[0]]), "accuracy_analysis")
expect(built(True, register=False) is None, "without the class the model is refused")
expect(RKNN().reg_custom_op(object()) == -1, "a class without op_type is refused")
