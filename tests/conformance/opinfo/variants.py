"""The ways one OpInfo sample becomes TorchScript: spelt as function, method, property, operator or in-place, and traced."""

import copy
import dataclasses
import math
import re

import torch

UNINITIALISED = re.compile(r"(new_)?empty|resize")  # the result is zeroed in the case: only its form is compared
NOT_UNIQUE = re.compile(r"(linalg\.)?(svd|eigh?)$|(svd|pca)_lowrank|geqrf$")  # compared after OpInfo's own gauge-invariant output_process
ORDER = {"einsum": (1, 0), "polygamma": (1, 0), "special.polygamma": (1, 0), "where": (1, 0, 2), "nn.functional.embedding": (1, 0)}
OPERATORS = {
    "__radd__": "+",
    "__rsub__": "-",
    "__rmul__": "*",
    "__rdiv__": "/",
    "__rmod__": "%",
    "__rpow__": "**",
    "__rand__": "&",
    "__ror__": "|",
    "__rxor__": "^",
    "__rmatmul__": "@",
}


class Skip(Exception):
    """This case cannot be made; the text is the reason."""


class Slot(int):
    """Stands for the tensor of this number in a sample whose tensors were taken out."""


@dataclasses.dataclass
class Variant:
    """A method `text` (with {name}, {seed} and {inner} to fill in) and the traced module it calls, if it calls one."""

    style: str
    text: str
    inner: object = None


class Empty(torch.nn.Module):
    pass


def combine(variants, seeded):
    """One module with a method m0, m1 ... for each variant."""
    base = Empty()
    for i, v in enumerate(variants):
        if v.inner is not None:
            setattr(base, f"t{i}", v.inner)
    module = torch.jit._recursive.create_script_module(base, lambda m: [], share_types=False)
    for i, (v, seed) in enumerate(zip(variants, seeded)):
        module.define(v.text.format(name=f"m{i}", inner=f"t{i}", seed="  torch.manual_seed(0)\n" if seed else ""))
    return module


def take_tensors(x, found):
    """The structure x with each tensor replaced by its Slot; the tensors go to `found`."""
    if isinstance(x, torch.Tensor):
        for i, t in enumerate(found):
            if t is x:
                return Slot(i)
        found.append(x)
        return Slot(len(found) - 1)
    if isinstance(x, torch.Size):
        return list(x)
    return rebuilt(x, lambda v: take_tensors(v, found))


def put_tensors(x, tensors):
    return tensors[x] if isinstance(x, Slot) else rebuilt(x, lambda v: put_tensors(v, tensors))


def rebuilt(x, change):
    if type(x) in (list, tuple):
        return type(x)(map(change, x))
    if type(x) is dict:
        return {k: change(v) for k, v in x.items()}
    if isinstance(x, slice):
        return slice(*map(change, (x.start, x.stop, x.step)))
    return x


def literal(x, index=False):
    """x as TorchScript source."""
    if isinstance(x, Slot):
        return f"x{int(x)}"
    if x is None or isinstance(x, (bool, str)):
        return repr(x)
    if type(x) in (int, float):
        return repr(x) if math.isfinite(x) else f"float('{x}')"
    if isinstance(x, complex):
        return f"complex({literal(x.real)}, {literal(x.imag)})"
    if type(x) is list:
        return "[" + ", ".join(map(literal, x)) + "]" if x else "torch.jit.annotate(List[int], [])"
    if type(x) is tuple:
        return "(" + "".join(literal(v, index) + ", " for v in x) + ")" if x else "torch.jit.annotate(List[int], [])"
    if isinstance(x, (torch.dtype, torch.layout, torch.memory_format)):
        return str(x)
    if isinstance(x, torch.device):
        return f"torch.device('{x}')"
    if index and isinstance(x, slice):
        return ":".join("" if v is None else literal(v) for v in (x.start, x.stop, x.step))
    if index and x is Ellipsis:
        return "..."
    raise Skip(f"argument without a literal: {type(x).__name__}")


def resolve(name):
    at = torch
    for part in name.split("."):
        at = getattr(at, part, None)
    return at


def spellings(op, call, in_place_ok):
    """Yields (style, source of the call)."""
    first, rest, kwargs = call
    tail = [literal(v) for v in rest] if op.name != "__getitem__" else []
    tail += [f"{k}={literal(v)}" for k, v in kwargs.items() if (k, v) != ("requires_grad", False)]
    if op.name == "__getitem__":
        key = rest[0] if type(rest[0]) is tuple else (rest[0],)
        yield "operator", f"{literal(first)}[{', '.join(literal(v, True) for v in key)}]"
    elif op.name in OPERATORS:
        yield "operator", f"{literal(rest[0])} {OPERATORS[op.name]} {literal(first)}"
    elif callable(resolve(op.name)):
        places = [literal(first)] + tail
        order = ORDER.get(op.name, ())
        yield "function", f"torch.{op.name}({', '.join([places[i] for i in order] + places[len(order):])})"
    if not isinstance(first, Slot):
        return
    if "." not in op.name and not op.name.startswith("__") and hasattr(torch.Tensor, op.name):
        if callable(getattr(torch.Tensor, op.name)):
            yield "method", f"{literal(first)}.{op.name}({', '.join(tail)})"
        else:
            yield "property", f"{literal(first)}.{op.name}"
    if op.inplace_variant and in_place_ok:
        if "." in op.name:
            yield "inplace", f"torch.{op.name}({', '.join([literal(first)] + tail + ['inplace=True'])}), {literal(first)}"
        else:
            yield "inplace", f"{literal(first)}.{op.name.rstrip('_')}_({', '.join(tail)}), {literal(first)}"


class Traced(torch.nn.Module):
    def __init__(self, fn, call):
        super().__init__()
        self.fn, self.call = fn, call

    def forward(self, *tensors):
        first, rest, kwargs = put_tensors(self.call, tensors)
        return self.fn(first, *rest, **kwargs)


def traced(op, call, tensors, sample):
    fn = op.op
    if NOT_UNIQUE.match(op.name):
        fn = lambda *a, **kw: sample.output_process_fn_grad(op.op(*a, **kw))  # noqa: E731
    elif UNINITIALISED.match(op.name):
        fn = lambda *a, **kw: op.op(*a, **kw).zero_()  # noqa: E731
    return torch.jit.trace(Traced(fn, call), tuple(copy.deepcopy(tensors)), check_trace=False)


def variants(op, call, tensors, sample, scripts_only):
    """Yields functions that make a Variant or raise why it cannot be made."""
    head = "def {name}(self" + "".join(f", x{i}: Tensor" for i in range(len(tensors))) + "):\n{seed}  return "
    if not NOT_UNIQUE.match(op.name):
        try:
            for style, source in spellings(op, call, not sample.broadcasts_input):
                source = f"({source}).zero_()" if UNINITIALISED.match(op.name) and style != "inplace" else source
                yield lambda s=style, b=source.replace("{", "{{").replace("}", "}}"): Variant(s, f"{head}{b}\n")
        except Skip:
            pass
    if not scripts_only:
        call_inner = f"self.{{inner}}({', '.join(f'x{i}' for i in range(len(tensors)))})\n"
        yield lambda: Variant("trace", head + call_inner, traced(op, call, tensors, sample))
