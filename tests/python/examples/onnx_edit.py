"""onnx_edit: other shapes and orders of axes at the borders, the calibration data with them."""
import numpy as np
from common import dataset, done, expect, loaded, model
from rknn.utils import onnx_edit

random = np.random.default_rng(5)
arrays = [random.normal(0, 1, (1, 12, 8)).astype(np.float32) for _ in range(8)]
for number, values in enumerate(arrays):
    np.save(f"x_{number}.npy", values)
listed = dataset([f"x_{number}.npy" for number in range(8)])


def run(path, values):
    rknn = loaded(path, mean_values=None, std_values=None)
    done(rknn.build(do_quantization=False), "build")
    done(rknn.init_runtime(), "init_runtime")
    return rknn.inference(inputs=[values], data_format="nchw")[0]


plain = run(model("sequence"), arrays[0])
code = onnx_edit(model("sequence"), "edited.onnx", {"x": "a,bc,d[b=3]->b,1,d,ac"}, {"z": "a,b,c->a,c,1,b"}, dataset=listed)
done(code, "onnx_edit")
with open("edited_dataset.txt", encoding="utf-8") as file:
    turned = np.load(file.readline().strip())
expect(turned.shape == (3, 1, 8, 4), f"the data has the new shape: {turned.shape}")
expected = arrays[0].reshape(1, 3, 4, 8).transpose(1, 3, 0, 2).reshape(3, 1, 8, 4)
expect(np.array_equal(turned, expected), "the data is turned as the pattern says")
edited = run("edited.onnx", turned)
expect(edited.shape == (1, 6, 1, 12), f"the output has the new shape: {edited.shape}")
expect(np.allclose(edited[:, :, 0, :].transpose(0, 2, 1), plain, atol=1e-2), "and the same values")
for pattern in ("a,b->a,b", "a,bc,d->ab,cd", "a,b,c->a,b", "a,b,c->a,b,c,d", "a,bc,d[b=5]->a,b,cd", "A,b,c->A,b,c"):
    expect(onnx_edit(model("sequence"), "wrong.onnx", {"x": pattern}) == -1, f"'{pattern}' is refused")
expect(onnx_edit(model("sequence"), "wrong.onnx", {"nobody": "a->a"}) == -1, "an unknown input is refused")
