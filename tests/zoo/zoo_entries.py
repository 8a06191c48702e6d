"""All entries of the zoo, and how one is run."""

import torch

from agreement import difference, kind_of, native
from collection import ENTRIES, build  # noqa: F401
from registry import quiet

import nn_modules  # noqa: F401: each of these adds its entries to the table
import other_networks  # noqa: F401
import timm_networks  # noqa: F401
import torchvision_networks  # noqa: F401
import transformers_networks  # noqa: F401


def run(tsrun, made, path, calls, optimize):
    """None when tsrun gives PyTorch's answers to all calls, else one line that says what differs."""
    module = tsrun.load(path, threads=1, optimize=optimize)
    for number, call in enumerate(calls):
        session = module.session(threads=1, optimize=optimize)  # with the random generator of a fresh process
        try:
            got = native(session(*call["args"]))
        except tsrun.Error as e:
            if "raises" in call and kind_of(e) in ("model", "usage"):
                continue
            return f"call {number}: {kind_of(e)} error: {e!s:.300}" + (f", PyTorch raises: {call['raises']:.200}" if "raises" in call else "")
        if "raises" in call:
            return f"call {number}: no error, but PyTorch raises: {call['raises']:.200}"
        wrong = difference(got, call["expected"])
        if wrong and not as_exact(got, call["expected"], made, path, call["args"]):
            return f"call {number}: {wrong}"
    return None


def as_exact(got, want, made, path, args):
    """Whether `got` is as near as PyTorch's own answer to what the network gives in double precision, by a factor of two.

    Deep networks amplify rounding: two right orders of summation can end further apart than assert_close allows.
    """
    got, want, wide = floats(got), floats(want), [a.double() if isinstance(a, torch.Tensor) and a.is_floating_point() else a for a in args]
    try:
        with torch.no_grad():
            exact = floats(torch.jit.load(path).double()(*wide))
    except RuntimeError:  # the program names float32 somewhere; the module it was made from may not
        try:
            with quiet(), torch.no_grad():
                torch.manual_seed(0)
                exact = floats(made.make(**made.details).module.eval().double()(*wide))
        except RuntimeError:
            return False
    if not len(got) == len(want) == len(exact):
        return False
    return all(g.shape == w.shape and farthest(g, e) <= 2 * farthest(w, e) + 1e-5 for g, w, e in zip(got, want, exact))


def floats(value):
    if isinstance(value, torch.Tensor):
        return [value.double()]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for v in value for t in floats(v)] if isinstance(value, (tuple, list)) else []


def farthest(a, b):
    return (a - b).abs().max().item() if a.numel() else 0.0
