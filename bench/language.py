#!/usr/bin/env python3
"""Times programs of the language (numbers, lists, dicts, strings, calls) in tsrun, LibTorch's interpreter and CPython.

language.py [--only REGEX] [--rounds N] [--no-opt]

One file is saved by PyTorch and run by tsrun.load and torch.jit.load in turns, one thread each; the best of the rounds counts.
Results are compared before times are. Columns: milliseconds of each, LibTorch / tsrun, CPython / tsrun.
"""

import argparse
import os
import re
import sys
import tempfile
import time

import torch

import programs
import tsrun


def best_of(calls, rounds):
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for i, call in enumerate(calls):
            started = time.perf_counter()
            call()
            best[i] = min(best[i], time.perf_counter() - started)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only programs whose name matches")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-opt", action="store_true", help="tsrun runs the graph as written")
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'program':22}{'tsrun ms':>10}{'LibTorch':>10}{'CPython':>10}{'x':>8}{'x':>8}")
    below = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, make, call in programs.PROGRAMS:
            if not re.search(args.only, name):
                continue
            path = os.path.join(folder, name + ".pt")
            python = make()
            torch.jit.script(make()).save(path)
            reference = torch.jit.load(path)
            ours = tsrun.load(path, threads=1, optimize=not args.no_opt)
            expected = reference(*call)
            for model in (ours, reference, ours):
                if model(*call) != expected:
                    sys.exit(f"{name}: the results differ")
            mine, theirs, plain = best_of([lambda m=m: m(*call) for m in (ours, reference, python)], args.rounds)
            below += theirs < 3 * mine
            print(f"{name:22}{mine * 1e3:10.2f}{theirs * 1e3:10.1f}{plain * 1e3:10.1f}{theirs / mine:8.1f}{plain / mine:8.1f}", flush=True)
    print(f"{below} below three times LibTorch's speed")


if __name__ == "__main__":
    main()
