"""One engine with one model in a process of its own, told through its standard input: a number of seconds to measure, or the end.

engines.py ENGINE MODEL DATA ONNX THREADS

It answers with one line of JSON at the start (load and first call in ms, error against PyTorch's answer, memory in MB) and one for each
number of seconds: the times of the calls in ms, for each form of the engine.
"""

import json
import sys
import time

import numpy as np


def libtorch(paths, x, dtype, threads):
    import torch

    torch.set_num_threads(threads)
    load = lambda: torch.jit.load(paths["model"]).eval()
    x = torch.from_numpy(x)
    if x.is_floating_point():
        x = x.to(getattr(torch, dtype))

    def caller(module):
        def call():
            with torch.inference_mode():
                return module(x)

        return call

    forms = {"eager": caller(load()), "frozen": caller(torch.jit.freeze(load()))}
    try:
        forms["optimize_for_inference"] = caller(torch.jit.optimize_for_inference(torch.jit.freeze(load())))
    except RuntimeError:  # not every file can be
        pass
    return forms, lambda y: y.float().numpy()


def tsrun(paths, x, dtype, threads):
    import tsrun

    module = tsrun.load(paths["model"], threads=threads)
    if dtype == "bfloat16":
        import torch

        x = torch.from_numpy(x).bfloat16()
        return {"tsrun": lambda: module(x)}, lambda y: torch.from_dlpack(y).float().numpy()
    return {"tsrun": lambda: module(x)}, lambda y: y.numpy()


def ort(paths, x, dtype, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(paths["onnx"], options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return {"ort": lambda: session.run(None, {name: x})}, lambda y: y[0]


def openvino(paths, x, dtype, threads):
    import openvino as ov

    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    request = ov.Core().compile_model(ov.convert_model(paths["onnx"]), "CPU", settings).create_infer_request()
    return {"openvino": lambda: request.infer([x], share_inputs=True, share_outputs=True)}, lambda y: y[0]


ENGINES = {"tsrun": tsrun, "libtorch": libtorch, "ort": ort, "openvino": openvino}


def memory():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024


def main():
    engine, model, data, onnx, threads = sys.argv[1:]
    threads = int(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    stored = np.load(data)
    before, started = memory(), time.perf_counter()
    forms, plain = ENGINES[engine]({"model": model, "onnx": onnx}, stored["x"], str(stored["dtype"]), threads)
    loaded = time.perf_counter()
    y = plain(next(iter(forms.values()))())
    first = time.perf_counter()
    error = float(np.max(np.abs(y - stored["y"])) / max(1e-9, np.max(np.abs(stored["y"]))))
    ready = {"load_ms": (loaded - started) * 1e3, "first_ms": (first - loaded) * 1e3, "error": error, "memory_mb": memory(), "before_mb": before}
    for form in forms.values():
        for _ in range(4):  # LibTorch compiles in its first calls
            form()
    print(json.dumps(ready), flush=True)
    for line in sys.stdin:
        times = {name: [] for name in forms}
        for name, form in forms.items():
            form()  # its data into the cache again
            end = time.perf_counter() + float(line) / len(forms)
            while time.perf_counter() < end or len(times[name]) < 2:
                start = clock()
                form()
                times[name].append((clock() - start) * 1e3)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
