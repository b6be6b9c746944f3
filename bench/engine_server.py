"""engine_server.py openvino|onnxruntime MODEL THREADS: loads the model, then times runs on demand.

Prints {"load_ms": …, "first_run_ms": …}; for every line "N" on standard input it runs N times and prints the list of
milliseconds. So several engines stay loaded and their bursts can take turns.
"""
import json
import sys
import time

import numpy as np


def openvino(path, threads):
    import openvino as ov
    core = ov.Core()
    start = time.perf_counter()
    compiled = core.compile_model(path, "CPU", {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1",
                                                "INFERENCE_NUM_THREADS": str(threads)})
    load = time.perf_counter() - start
    request = compiled.create_infer_request()
    request.set_input_tensor(ov.Tensor(np.random.default_rng(1).random(list(compiled.input(0).shape), np.float32)))
    return load, request.infer


def onnxruntime(path, threads):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    start = time.perf_counter()
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    load = time.perf_counter() - start
    value = session.get_inputs()[0]
    feed = {value.name: np.random.default_rng(1).random(value.shape, np.float32)}
    return load, lambda: session.run(None, feed)


def timed_ms(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def main():
    load, run = {"openvino": openvino, "onnxruntime": onnxruntime}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    print(json.dumps({"load_ms": load * 1e3, "first_run_ms": timed_ms(run)}), flush=True)
    for line in sys.stdin:
        run()
        print(json.dumps([timed_ms(run) for _ in range(int(line))]), flush=True)


if __name__ == "__main__":
    main()
