"""quantized_algorithm and quantized_method: each builds, and each is another network."""
import numpy as np
from common import cosine, dataset, done, expect, loaded, model, pictures, read_rgb

paths = pictures(12)
listed = dataset(paths)


def run(quantize=True, **config):
    rknn = loaded(model("classifier"), **config)
    done(rknn.build(do_quantization=quantize, dataset=listed), f"build {config}")
    done(rknn.init_runtime(), "init_runtime")
    return np.concatenate([rknn.inference(inputs=[read_rgb(path)])[0].ravel() for path in paths])


golden = run(quantize=False)
networks = {name: run(quantized_algorithm=name) for name in ("normal", "mmse", "kl_divergence")}
networks["layer"] = run(quantized_method="layer")
for name, values in networks.items():
    print(f"{name}: cosine {cosine(values, golden):.6f}")
    expect(cosine(values, golden) > 0.97, f"{name} is close to float")
expect(len({values.tobytes() for values in networks.values()}) == 4, "four ways, four networks")
