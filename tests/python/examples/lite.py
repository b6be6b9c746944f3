"""RKNNLite gives the bytes that a program gets of the C API, and the simulator gives them too."""
import ctypes
import os

import numpy as np
from common import dataset, done, expect, loaded, model, pictures, read_rgb
from rknnlite.api import RKNNLite

paths = pictures(8)
rknn = loaded(model("classifier"))
done(rknn.build(do_quantization=True, dataset=dataset(paths)), "build")
done(rknn.export_rknn("classifier.rknn"), "export_rknn")
done(rknn.init_runtime(), "init_runtime")
picture = read_rgb(paths[0])
simulated = rknn.inference(inputs=[picture])[0]

lite = RKNNLite()
expect(lite.inference(inputs=[picture]) is None, "inference before load_rknn is refused")
done(lite.load_rknn("classifier.rknn"), "load_rknn")
done(lite.init_runtime(core_mask=RKNNLite.NPU_CORE_0), "init_runtime")
output = lite.inference(inputs=[picture])[0]
nchw = lite.inference(inputs=[picture.transpose(2, 0, 1)[np.newaxis]], data_format="nchw")[0]
lite.release()


class Input(ctypes.Structure):
    _fields_ = [("index", ctypes.c_uint32), ("buf", ctypes.c_void_p), ("size", ctypes.c_uint32),
                ("pass_through", ctypes.c_uint8), ("type", ctypes.c_int), ("fmt", ctypes.c_int)]


class Output(ctypes.Structure):
    _fields_ = [("want_float", ctypes.c_uint8), ("is_prealloc", ctypes.c_uint8), ("index", ctypes.c_uint32),
                ("buf", ctypes.c_void_p), ("size", ctypes.c_uint32)]


library = ctypes.CDLL(os.environ["SIXTOPS_RKNNRT"])
context = ctypes.c_uint64()
done(library.rknn_init(ctypes.byref(context), ctypes.c_char_p(b"classifier.rknn"), 0, 0, None), "rknn_init")
pixels = np.ascontiguousarray(picture)
UINT8, NHWC = 3, 1
given = Input(0, pixels.ctypes.data, pixels.nbytes, 0, UINT8, NHWC)
done(library.rknn_inputs_set(context, 1, ctypes.byref(given)), "rknn_inputs_set")
done(library.rknn_run(context, None), "rknn_run")
expected = np.empty_like(output)
got = Output(1, 1, 0, expected.ctypes.data, expected.nbytes)
done(library.rknn_outputs_get(context, 1, ctypes.byref(got), None), "rknn_outputs_get")

expect(expected.tobytes() == output.tobytes(), "RKNNLite and the C API give the same bytes")
expect(expected.tobytes() == nchw.tobytes(), "RKNNLite gives them for NCHW too")
expect(expected.tobytes() == simulated.tobytes(), "the simulator gives the same bytes")
