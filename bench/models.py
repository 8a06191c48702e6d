#!/usr/bin/env python3
"""Times whole networks in tsrun and in others: the models of bench/networks.py.

models.py [--threads N] [--seconds S] [--rounds R] [--peers libtorch,ort,openvino] [--json FILE] [NAME ...]

Each engine is a process of its own that is bound to N cores (bench/engines.py). They compute in turns, in rounds of a fraction of a second;
the least time of all rounds counts. LibTorch counts with the best of three: the module as loaded, frozen, and frozen with
optimize_for_inference; ONNX Runtime and OpenVINO read what torch.onnx.export makes of the same network. With one thread the time is the
CPU's, which other programs on the machine disturb less; with more it is elapsed. x is the best other's time divided by tsrun's. Results are
compared with PyTorch's before times are taken. Load, first call and memory (the process's peak beyond what it had before loading) are tsrun's.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

import networks

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Engine:
    def __init__(self, name, files, threads):
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
        command = [sys.executable, str(ROOT / "bench/engines.py"), name, files["model"], files["data"], files["onnx"], str(threads)]
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        self.times = {}
        self.facts = self.answer()

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise RuntimeError(f"{self.name} ended; run bench/engines.py by hand to see why")

    def measure(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        for form, times in self.answer().items():
            self.times.setdefault(form, []).extend(times)

    def best(self):
        return min(min(t) for t in self.times.values())

    def median(self):
        return min(statistics.median(t) for t in self.times.values())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def measure(files, peers, threads, seconds, rounds, tolerance):
    engines = []
    for name in ["tsrun", *peers]:
        try:
            engines.append(Engine(name, files, threads))
        except RuntimeError:
            if name == "tsrun":
                raise
    for e in engines:
        if e.facts["error"] > tolerance:
            raise SystemExit(f"{e.name} is {e.facts['error']:.1e} away from PyTorch's answer")
    for _ in range(rounds):
        for e in engines:
            e.measure(seconds / rounds / len(engines))
    row = {"threads": threads, **engines[0].facts}
    for e in engines:
        row[e.name + "_ms"], row[e.name + "_median_ms"] = e.best(), e.median()
        e.end()
    others = [row[e.name + "_ms"] for e in engines[1:]]
    if others:
        row["ratio"] = min(others) / row["tsrun_ms"]
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(networks.NETWORKS), metavar="NAME")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=8, help="for each model")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--peers", default="libtorch", help="of libtorch, ort (pip install onnx onnxruntime), openvino (pip install openvino)")
    parser.add_argument("--models", default=str(ROOT / "build/test-cache/bench"), help="where the files are kept")
    parser.add_argument("--json", help="write the figures there too")
    args = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.threads])
    peers = [p for p in args.peers.split(",") if p]

    rows = {}
    head = [f"{'ms, ' + str(args.threads) + ' thread(s)':22}", *(f"{name:>10}" for name in ["tsrun", *peers]), f"{'x':>7}"]
    print("".join(head) + f"{'load':>9}{'first':>8}{'memory':>8}{'error':>9}", flush=True)
    for name in args.names:
        files = networks.files(name, args.models, onnx=bool({"ort", "openvino"} & set(peers)))
        row = rows[name] = measure(files, peers, args.threads, args.seconds, args.rounds, 0.05 if name.endswith("bf16") else 1e-4)
        times = "".join(f"{row[e + '_ms']:10.3f}" if e + "_ms" in row else f"{'-':>10}" for e in ["tsrun", *peers])
        memory = row["memory_mb"] - row["before_mb"]
        ratio = f"{row['ratio']:7.2f}" if "ratio" in row else f"{'-':>7}"
        print(f"{name:22}{times}{ratio}{row['load_ms']:9.1f}{row['first_ms']:8.1f}{memory:8.0f}{row['error']:9.1e}", flush=True)
    ratios = [r["ratio"] for r in rows.values() if "ratio" in r]
    if ratios:
        print(f"geometric mean of the ratios: {statistics.geometric_mean(ratios):.2f}, least {min(ratios):.2f}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
