"""Calls out of order, wrong values, and what only a board can do: one line each, -1, and no traceback."""
import io
import contextlib

from common import dataset, done, expect, loaded, model, pictures
from rknn.api import RKNN
from rknnlite.api import RKNNLite


def refused(call, words):
    text = io.StringIO()
    with contextlib.redirect_stderr(text):
        answer = call()
    lines = [line for line in text.getvalue().splitlines() if line.startswith("E ")]
    expect(answer in (-1, None), f"the answer is {answer}, expected -1")
    expect(len(lines) == 1 and words in lines[0], f"one line with '{words}', not {text.getvalue()!r}")
    expect("Traceback" not in text.getvalue(), "no traceback")


fresh = RKNN()
refused(lambda: fresh.load_onnx(model("classifier")), "Please call rknn.config first")
refused(lambda: fresh.build(), "Please call rknn.config first")
refused(lambda: fresh.export_rknn("x.rknn"), "Please call rknn.build first")
refused(lambda: fresh.init_runtime(), "Please call rknn.build first")
refused(lambda: fresh.inference(inputs=[]), "Please call rknn.init_runtime first")
refused(lambda: fresh.codegen("project"), "Please call rknn.export_rknn first")
for config, words in (({"target_platform": "rk9999"}, "rk3588"), ({"quantized_dtype": "w4a16"}, "w8a8"),
                      ({"quantized_algorithm": "best"}, "kl_divergence"), ({"quantized_method": "group32"}, "channel"),
                      ({"mean_values": "a"}, "mean_values"), ({"std_values": [[0, 0, 0]]}, "std_values"),
                      ({"op_target": {"r1": "tpu"}}, "npu"), ({"custom_string": "x" * 2000}, "custom_string")):
    refused(lambda config=config: fresh.config(**config), words)
done(fresh.config(), "config")
refused(lambda: fresh.load_onnx("missing.onnx"), "missing.onnx")
refused(lambda: fresh.load_onnx(__file__), "order_and_errors.py")
refused(lambda: fresh.load_onnx(model("classifier"), outputs=["nowhere"]), "nowhere")
refused(lambda: fresh.load_onnx(model("classifier"), inputs=["r1"]), "input_size_list")
refused(lambda: fresh.load_onnx(model("dynamic")), "data")
refused(lambda: fresh.build(), "Please load a model first")

paths = pictures(4)
rknn = loaded(model("classifier"), custom_string="made for a test", op_target={"r1": "cpu", "Conv": "npu"})
refused(lambda: rknn.build(do_quantization=True), "dataset")
refused(lambda: rknn.build(do_quantization=True, dataset="missing.txt"), "missing.txt")
refused(lambda: rknn.build(do_quantization=True, dataset=dataset(["nothing.jpg"], "bad.txt")), "line 1")
done(rknn.build(do_quantization=True, dataset=dataset(paths)), "build")
refused(lambda: rknn.export_rknn("no/such/folder/x.rknn"), "folder")
done(rknn.export_rknn("x.rknn"), "export_rknn")
refused(lambda: rknn.init_runtime(target="rk3588"), "board")
for call in (rknn.eval_perf, rknn.eval_memory, rknn.get_sdk_version):
    refused(call, "board")
refused(lambda: rknn.export_encrypted_rknn_model("x.rknn"), "encrypted")
expect(rknn.list_devices() == ([], []), "no devices")
done(rknn.init_runtime(), "init_runtime")
refused(lambda: rknn.inference(inputs=[paths]), "inputs[0]")
refused(lambda: rknn.inference(inputs=[]), "0 inputs")
loaded_file = RKNN()
done(loaded_file.load_rknn("x.rknn"), "load_rknn")
refused(lambda: loaded_file.accuracy_analysis(inputs=paths[:1]), "load_rknn")
done(loaded_file.init_runtime(), "init_runtime of a loaded file")
refused(lambda: RKNNLite().load_rknn(model("classifier")), "sixtops")
refused(lambda: RKNNLite().init_runtime(), "Please call load_rknn first")
