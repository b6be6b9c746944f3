"""Several inputs: a line of the dataset names a picture, a grey picture and two arrays."""
import cv2
import numpy as np
from common import cosine, dataset, done, expect, loaded, model, pictures, read_rgb

random = np.random.default_rng(1)
lines, samples = [], []
for number, path in enumerate(pictures(8)):
    grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(f"grey_{number}.png", grey)
    field = random.normal(0, 1, (1, 16, 16, 16)).astype(np.float32)
    offset = random.normal(0, 1, (1, 16)).astype(np.float32)
    np.save(f"map_{number}.npy", field)
    np.save(f"offset_{number}.npy", offset)
    lines.append(f"{path} grey_{number}.png map_{number}.npy offset_{number}.npy")
    samples.append([read_rgb(path), grey[:, :, np.newaxis], field.transpose(0, 2, 3, 1), offset])
config = {"mean_values": [[0, 0, 0], [127.5], [0] * 16, []], "std_values": [[255, 255, 255], [64], [1] * 16, []]}
outputs = {}
for quantize in (False, True):
    rknn = loaded(model("several_inputs"), **config)
    done(rknn.build(do_quantization=quantize, dataset=dataset(lines)), "build")
    done(rknn.init_runtime(), "init_runtime")
    outputs[quantize] = np.concatenate([rknn.inference(inputs=sample)[0].ravel() for sample in samples])
print("cosine %.5f" % cosine(outputs[False], outputs[True]))
expect(cosine(outputs[False], outputs[True]) > 0.99, "int8 is close to float")

# Inputs can be cut and filled.
cut = loaded(model("several_inputs"), {"inputs": ["a", "grey", "map", "offset"],
                                       "input_size_list": [[1, 16, 16, 16], [1, 1, 32, 32], [1, 16, 16, 16], [1, 16]]},
             mean_values=None, std_values=None)
done(cut.build(do_quantization=False), "build of a model that begins in the middle")
filled = loaded(model("several_inputs"), {"input_initial_val": [None, None, None, np.zeros((1, 16), np.float32)]},
                mean_values=None, std_values=None)
done(filled.build(do_quantization=False), "build with an input filled")
done(filled.init_runtime(), "init_runtime")
expect(filled.inference(inputs=samples[0][:3]) is not None, "the filled input is asked for no more")
