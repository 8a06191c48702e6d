#!/usr/bin/env python3
"""Times whole networks in tsrun and LibTorch: the models of tests/models, pictures of full size.

models.py [--threads N] [--seconds S] [--json FILE] [NAME ...]

LibTorch counts with the best of three: the module as loaded, frozen, and frozen with optimize_for_inference. All run the same file in turns
in one process that is bound to N cores; the least time counts, the median stands beside it. Results are compared before times are.
With one thread the time is the CPU's, which other programs on the machine disturb less; with more it is elapsed.
Load and first call are tsrun's, before anything else of the model has run.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = (
    "simplenet simplecnn_traced mlp_traced resnet18_traced resnet50_traced mobilenet_v2_traced mobilenet_v3_large_traced efficientnet_b0_traced "
    "vgg11_bn_traced vit_b_16_traced densenet121_traced squeezenet1_1_traced encoder_traced gpt_traced lstm_traced"
).split()


def libtorch_forms(torch, path):
    def load():
        return torch.jit.load(path).eval()

    forms = {"eager": load(), "frozen": torch.jit.freeze(load())}
    try:
        forms["optimize_for_inference"] = torch.jit.optimize_for_inference(torch.jit.freeze(load()))
    except RuntimeError:  # not every file can be
        pass
    return forms


def measure(torch, tsrun, path, args, threads, seconds):
    clock = time.process_time if threads == 1 else time.perf_counter
    started = time.perf_counter()
    ours = tsrun.load(path, threads=threads)
    loaded = time.perf_counter()
    got = ours(*args)
    first = time.perf_counter()
    forms = {**libtorch_forms(torch, path), "tsrun": ours}
    times = {name: [] for name in forms}
    with torch.inference_mode():
        torch.testing.assert_close(torch.as_tensor(got), forms["eager"](*args))
        for form in forms.values():
            for _ in range(4):  # LibTorch compiles in its first calls
                form(*args)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(times["tsrun"]) < 5:
            for name, form in forms.items():
                form(*args)  # its data into the cache again
                before = clock()
                form(*args)
                times[name].append((clock() - before) * 1e3)
    best = {name: min(t) for name, t in times.items()}
    peer = min((name for name in best if name != "tsrun"), key=best.get)
    return {
        "threads": threads,
        "tsrun_ms": best["tsrun"],
        "tsrun_median_ms": statistics.median(times["tsrun"]),
        "libtorch_ms": best[peer],
        "libtorch_median_ms": statistics.median(times[peer]),
        "libtorch_form": peer,
        "ratio": best[peer] / best["tsrun"],
        "load_ms": (loaded - started) * 1e3,
        "first_ms": (first - loaded) * 1e3,
        "calls": len(times["tsrun"]),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4, help="for each model")
    parser.add_argument("--models", default=str(ROOT / "build/test-cache/models-full"), help="where the files are kept")
    parser.add_argument("--json", help="write the figures there too")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.threads])

    import torch

    import tsrun

    sys.path.insert(0, str(ROOT / "tests/models"))
    import build_models  # noqa: F401: fills the table
    import registry

    torch.set_num_threads(args.threads)
    rows = {}
    print(f"{'model, ' + str(args.threads) + ' thread(s)':26}{'tsrun ms':>10}{'median':>9}{'LibTorch':>10}{'median':>9}{'x':>7}{'load':>8}{'first':>8}")
    for name in args.names:
        files = registry.build(name, args.models, registry.Options(full_size=True))
        call = torch.load(files["inputs"], weights_only=True)
        row = rows[name] = measure(torch, tsrun, files["model"], call, args.threads, args.seconds)
        print(
            f"{name:26}{row['tsrun_ms']:10.3f}{row['tsrun_median_ms']:9.3f}{row['libtorch_ms']:10.3f}{row['libtorch_median_ms']:9.3f}"
            f"{row['ratio']:7.2f}{row['load_ms']:8.1f}{row['first_ms']:8.1f}",
            flush=True,
        )
    print(f"geometric mean of the ratios: {statistics.geometric_mean(r['ratio'] for r in rows.values()):.2f}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
