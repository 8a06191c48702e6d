#!/usr/bin/env python3
"""Runs the OpInfo cases and prints what passes by family, and the commonest faults.

run.py [--dtypes float32,int64,...,error] [--only REGEX] [--cache FOLDER] [--show N] [--json FILE]
"""

import argparse
import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import torch  # noqa: E402
import tsrun  # noqa: E402

import opinfo  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtypes", default="float32,error", help="separated by commas, or `all`")
    parser.add_argument("--only", default="", help="only entries whose name matches")
    parser.add_argument("--cache", default=str(HERE.parent.parent.parent / "build/test-cache"))
    parser.add_argument("--show", type=int, default=40, help="how many distinct faults to print")
    parser.add_argument("--json", help="write every failing case here")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)
    totals, passed, faults, listed = collections.Counter(), collections.Counter(), collections.defaultdict(list), {}
    for name, dtype in opinfo.samples_list():
        if (args.dtypes == "all" or dtype in args.dtypes.split(",")) and re.search(args.only, name):
            count, wrong = opinfo.failures(name, dtype, str(pathlib.Path(args.cache) / "opinfo"), tsrun)
            key = opinfo.group(name)
            totals[key] += count
            passed[key] += count - len(wrong)
            for case, what in wrong:
                listed[f"{name}.{dtype}.{case}"] = what
                faults[re.sub(r"-?\d+(\.\d+)?(e[+-]?\d+)?", "N", what)[:120]].append(f"{name}.{dtype}.{case}")
    for key in sorted(totals):
        print(f"{key:24s} {passed[key]:6d} of {totals[key]:6d}")
    for what, cases in sorted(faults.items(), key=lambda f: -len(f[1]))[: args.show]:
        print(f"{len(cases):6d}  {what}   ({cases[0]})")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(listed, indent=1))
    print(f"{sum(passed.values())} of {sum(totals.values())} cases pass")
    return 0 if not faults else 1


if __name__ == "__main__":
    sys.exit(main())
