"""Hybrid quantization: three files, an edited layer, an edited range, and a model that is better for it."""
import numpy as np
from common import dataset, done, expect, loaded, model, pictures, cosine, read_rgb
from rknn.api import RKNN

paths = pictures(8)
listed = dataset(paths)


def run(rknn):
    done(rknn.init_runtime(), "init_runtime")
    return np.concatenate([rknn.inference(inputs=[read_rgb(path)])[0].ravel() for path in paths])


reference = loaded(model("classifier"))
done(reference.build(do_quantization=False), "build")
golden = run(reference)
plain = loaded(model("classifier"))
done(plain.build(do_quantization=True, dataset=listed), "build")
int8 = run(plain)

rknn = loaded(model("classifier"))
done(rknn.hybrid_quantization_step1(dataset=listed), "hybrid_quantization_step1")
with open("classifier.quantization.cfg", encoding="utf-8") as file:
    text = file.read()
for word in ("custom_quantize_layers:", "quantize_parameters:", "qtype: asymmetric_quantized", "zero_point:", "ori_min:"):
    expect(word in text, f"the cfg has '{word}'")


def step2(edited):
    with open("edited.cfg", "w", encoding="utf-8") as file:
        file.write(edited)
    hybrid = RKNN()
    done(hybrid.hybrid_quantization_step2("classifier.model", "classifier.data", "edited.cfg"), "hybrid_quantization_step2")
    done(hybrid.export_rknn("hybrid.rknn"), "export_rknn")
    return run(hybrid)


expect(np.array_equal(step2(text), int8), "an unchanged cfg gives the same network as build")
layers = "custom_quantize_layers:\n    features: float16\n    pooled: float16\n    scores: float16\n"
better = step2(text.replace("custom_quantize_layers:\n", layers))
errors = [float(np.abs(values - golden).mean()) for values in (int8, better)]
print("mean error: int8 %.5f, hybrid %.5f" % tuple(errors))
expect(errors[1] < errors[0] / 2, "layers in float make the network better")

# A range that is cut at half: the tensor saturates.
at = text.index("scale:", text.index("\n    r1:"))
scale = float(text[at:].split("[")[1].split("]")[0])
narrow = step2(text[:at] + text[at:].replace(repr(scale), repr(scale / 4), 1))
expect(not np.array_equal(narrow, int8), "an edited scale is used")

auto = loaded(model("classifier"), auto_hybrid_cos_thresh=0.99999)
done(auto.build(do_quantization=True, dataset=listed, auto_hybrid=True), "build")
expect(cosine(run(auto), golden) > cosine(int8, golden), "auto_hybrid makes the network better")
wrong = RKNN()
expect(wrong.hybrid_quantization_step2("missing.model", "classifier.data", "edited.cfg") == -1, "a missing file is told")
