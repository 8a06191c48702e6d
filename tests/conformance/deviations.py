#!/usr/bin/env python3
"""Writes docs/operators.md: for each operator the dtypes whose cases pass, and how far results are from PyTorch's, in units in the last place.

deviations.py [--only REGEX] [--output FILE]

All cases of the families are run, and OpInfo's samples in every dtype. Made files are kept in build/test-cache.
"""

import argparse
import collections
import importlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE / "opinfo")]

import torch  # noqa: E402
import tsrun  # noqa: E402

import agreement  # noqa: E402
import opinfo  # noqa: E402
from harness import Family  # noqa: E402

SHORT = {
    "float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "complex128": "c128", "complex64": "c64",
    "int64": "i64", "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "u8", "bool": "bool",
}  # fmt: skip


def ulps(got, want):
    """The largest distance of finite elements in units in the last place of the wanted ones, or of a thousandth of the largest one
    where an element is smaller: what is left of terms that cancel has few true digits. Complex numbers count by their absolute value."""
    if not (want.is_floating_point() or want.is_complex()):
        return 0.0
    info = torch.finfo(want.dtype)
    finite = torch.isfinite(want) & torch.isfinite(got)
    wide = torch.complex128 if want.is_complex() else torch.float64
    got, want = got[finite].to(wide), want[finite].to(wide)
    if not want.numel():
        return 0.0
    size = want.abs()
    _, exponent = torch.frexp(size.clamp_min(max(info.tiny, size.max().item() / 1000)))
    unit = torch.ldexp(torch.tensor(info.eps, dtype=torch.float64), exponent - 1)
    return ((got - want).abs() / unit).max().item()


class Table:
    """rows[name][dtype]: cases passed, cases in all, the largest deviation of those that pass."""

    def __init__(self):
        self.rows = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0, 0.0]))
        self.seen = 0.0
        agreement.observers.append(self.observe)

    def observe(self, got, want):
        self.seen = max(self.seen, ulps(got, want))

    def add(self, name, dtype, passed):
        row = self.rows[name][SHORT.get(dtype, dtype)]
        row[1] += 1
        if passed:
            row[0] += 1
            row[2] = max(row[2], self.seen)
        self.seen = 0.0


def dtype_of(case):
    """Of the first tensor among the arguments."""
    return next((str(a.dtype).split(".")[1] for a in case.arguments() if isinstance(a, torch.Tensor)), "none")


def run_families(table, only, cache):
    for path in sorted(HERE.glob("cases_*.py")):
        cases = [c for c in importlib.import_module(path.stem).CASES if re.search(only, c.operator)]
        if not cases:
            continue
        family = Family(path.stem + ".table", cases, str(cache / "conformance"), tsrun)
        for i, case in enumerate(cases):
            try:
                family.check(i)
                passed = True
            except AssertionError:
                passed = False
            table.add(case.operator.split(".")[0].removeprefix("aten::"), dtype_of(case), passed)


def run_opinfo(table, only, cache):
    for name, dtype in opinfo.samples_list():
        if dtype == "error" or not re.search(only, name):
            continue
        count, wrong = opinfo.failures(name, dtype, str(cache / "opinfo"), tsrun)
        row = table.rows[name][SHORT.get(dtype, dtype)]
        row[0], row[1], row[2] = row[0] + count - len(wrong), row[1] + count, max(row[2], table.seen if not wrong else row[2])
        table.seen = 0.0


def text_of(rows):
    lines = ["| operator | cases | dtypes (largest deviation in ulp) |", "|---|---|---|"]
    order = list(SHORT.values())
    for name, by_dtype in sorted(rows.items()):
        passed, total = (sum(r[i] for r in by_dtype.values()) for i in (0, 1))
        parts = []
        for dtype in sorted(by_dtype, key=lambda d: order.index(d) if d in order else len(order)):
            good, count, worst = by_dtype[dtype]
            mark = "" if good == count else f" {good} of {count}"
            parts.append(f"{dtype}{mark}" + (f" ({worst:.3g})" if worst else ""))
        lines.append(f"| `{name}` | {total if passed == total else f'{passed} of {total}'} | {', '.join(parts)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only operators whose name matches")
    parser.add_argument("--output", default=str(ROOT / "docs/operators.md"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)
    cache = ROOT / "build/test-cache"
    families, samples = Table(), None
    run_families(families, options.only, cache)
    agreement.observers.clear()
    samples = Table()
    run_opinfo(samples, options.only, cache)
    pathlib.Path(options.output).write_text(
        f"""# Operators against PyTorch {torch.__version__.split("+")[0]}

Written by `tests/conformance/deviations.py`. A deviation is the largest distance of an element from PyTorch's, in units in the last place of that
element, or of a thousandth of the result's largest element where it is smaller. No number: equal, or not floating.
`tsrun ops --all` lists every overload.

## The cases of tests/conformance

{text_of(families.rows)}

## OpInfo's samples

{text_of(samples.rows)}
"""
    )


if __name__ == "__main__":
    main()
