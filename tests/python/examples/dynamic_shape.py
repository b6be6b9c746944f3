"""dynamic_input: one file, several sizes, one calibration."""
import numpy as np
from common import dataset, done, expect, loaded, model, pictures, cosine, read_rgb

sets = [[[1, 3, 32, 32]], [[1, 3, 48, 64]], [[1, 3, 16, 16]]]
paths = pictures(8, size=64)
rknn = loaded(model("dynamic"), dynamic_input=sets)
done(rknn.build(do_quantization=True, dataset=dataset(paths)), "build")
done(rknn.export_rknn("dynamic.rknn"), "export_rknn")
done(rknn.init_runtime(), "init_runtime")
float_network = loaded(model("dynamic"), dynamic_input=sets)
done(float_network.build(do_quantization=False), "build")
done(float_network.init_runtime(), "init_runtime")
picture = read_rgb(paths[0])
for ((_, _, height, width),) in sets:
    part = np.ascontiguousarray(picture[:height, :width])[np.newaxis]
    output = rknn.inference(inputs=[part], data_format=["nhwc"])[0]
    expect(output.shape == (1, 16, height // 2, width // 2), f"{height}x{width}: the output is {output.shape}")
    golden = float_network.inference(inputs=[part])[0]
    expect(cosine(output, golden) > 0.99, f"{height}x{width}: int8 is close to float, {cosine(output, golden):.5f}")
expect(rknn.inference(inputs=[np.zeros((1, 20, 20, 3), np.uint8)]) is None, "a size that the file does not have is told")
