"""How a case of an operator is written down.

    case("aten::add.Tensor", "torch.add(a, b, alpha=2)", "f32[3,4]", "f32[4] t")

is the operator that must be in the compiled program, TorchScript source (an expression, or statements that end in `return`), and
the arguments a, b, c ... in order. An argument is a tensor in words, or a plain value in V(...). Tensor words:

    f32[3,4]        dtype and sizes; `f32[]` has no dimensions. Values by default: normal, small integers, fair bools
    t               last two dimensions swapped in memory
    cl              channels-last in memory
    step            every second element of a twice as wide last dimension
    offset          starts three elements into its storage
    expand(3,4)     the sizes in brackets expanded to these, strides 0 where they grow
    0..3            uniform in [0, 3), integers included from 0 to 2
    =1,nan,-inf     these values, repeated to fill
    perm            a random permutation along the last dimension (no ties)
    spd             symmetric positive definite matrices
    special         zeros, infinities, NaN, tiny and huge numbers among the usual
"""

import dataclasses
import re
import zlib

import torch

DTYPES = {
    "f32": torch.float32,
    "f64": torch.float64,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "i8": torch.int8,
    "i16": torch.int16,
    "i32": torch.int32,
    "i64": torch.int64,
    "u8": torch.uint8,
    "bool": torch.bool,
    "c64": torch.complex64,
    "c128": torch.complex128,
}
FLOATS = ("f32", "f64", "f16", "bf16")
INTEGERS = ("i64", "i32", "i16", "i8", "u8")
COMPLEX = ("c64", "c128")
NUMBERS = FLOATS + INTEGERS
ALL = NUMBERS + ("bool",) + COMPLEX
SPECIAL = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1e-30, -1e-30, 1e30, 1.0, -1.0, 0.5, -2.5]


@dataclasses.dataclass(frozen=True)
class V:
    """An argument that is no tensor; the type is needed where the value does not show it (empty lists, None)."""

    value: object
    type: str = ""


@dataclasses.dataclass(frozen=True)
class Case:
    operator: str
    source: str
    args: tuple
    strides: bool = False  # the result's strides count
    raises: bool = False  # PyTorch refuses these arguments, and so must tsrun
    seeded: bool = False  # random numbers are drawn after torch.manual_seed(0)
    form: bool = False  # only dtype and sizes count: the values are not defined

    @property
    def name(self):
        args = ", ".join(a if isinstance(a, str) else repr(a.value) for a in self.args)
        return f"{self.operator} | {' ; '.join(self.source.split(chr(10)))} | {args}"[:150]

    def arguments(self):
        """Fresh arguments: the same values each time."""
        return tuple(tensor(a, zlib.crc32(f"{i} {a}".encode())) if isinstance(a, str) else fresh(a.value) for i, a in enumerate(self.args))

    def text(self, method):
        """The case as a method in TorchScript."""
        params = "".join(f", {chr(97 + i)}: {'Tensor' if isinstance(a, str) else type_of(a)}" for i, a in enumerate(self.args))
        body = self.source if re.search(r"^\s*return\b", self.source, re.M) else f"return {self.source}"
        seed = ["torch.manual_seed(0)"] if self.seeded else []
        return f"def {method}(self{params}):\n" + "\n".join("  " + line for line in seed + body.split("\n")) + "\n"


def case(operator, source, *args, **flags):
    return Case(operator, source, args, **flags)


def each(dtypes, operator, source, *args, **flags):
    """One case for every dtype, which takes the place of `*` at the start of an argument."""
    return [Case(operator, source, tuple(d + a[1:] if isinstance(a, str) and a[0] == "*" else a for a in args), **flags) for d in dtypes]


def fresh(value):
    """A copy: an argument changed by one runtime must not reach the other."""
    if hasattr(value, "_fields"):
        return type(value)(*(fresh(v) for v in value))
    if isinstance(value, (list, tuple)):
        return type(value)(fresh(v) for v in value)
    if isinstance(value, dict):
        return {k: fresh(v) for k, v in value.items()}
    return value.clone() if isinstance(value, torch.Tensor) else value


def type_of(arg):
    return arg.type or type_of_value(arg.value)


def type_of_value(value):
    if isinstance(value, torch.Tensor):
        return "Tensor"
    if isinstance(value, list):
        return f"List[{type_of_value(value[0])}]"
    if isinstance(value, tuple):
        return f"Tuple[{', '.join(map(type_of_value, value))}]"
    if isinstance(value, dict):
        return f"Dict[{type_of_value(next(iter(value)))}, {type_of_value(next(iter(value.values())))}]"
    return type(value).__name__


def tensor(words, seed):
    dtype, sizes, rest = re.fullmatch(r"(\w+)\[([\d,]*)\](.*)", words).groups()
    dtype, sizes, words = DTYPES[dtype], [int(s) for s in sizes.split(",") if s], rest.split()
    layout = [w for w in words if w in ("t", "cl", "step", "offset") or w.startswith("expand")]
    values = [w for w in words if w not in layout]
    made = fill(dtype, sizes, values[0] if values else "", torch.Generator().manual_seed(seed))
    for word in layout:
        made = lay_out(made, word)
    return made


def fill(dtype, sizes, values, generator):
    count = 1
    for s in sizes:
        count *= s
    if values.startswith("="):
        listed = torch.tensor([complex(v) if "j" in v else float(v) for v in values[1:].split(",")])
        return listed.repeat(count // len(listed) + 1)[:count].reshape(sizes).to(dtype)
    if values == "special":
        made = torch.randn(count, generator=generator, dtype=torch.float64)
        places = torch.randperm(count, generator=generator)[: len(SPECIAL)]
        made[places] = torch.tensor(SPECIAL, dtype=torch.float64)[: len(places)]
        return made.reshape(sizes).to(dtype)
    if values == "perm":
        rows = [torch.randperm(sizes[-1], generator=generator) for _ in range(count // max(sizes[-1], 1))]
        return torch.stack(rows).reshape(sizes).to(dtype)
    if values == "spd":
        root = torch.randn(sizes, generator=generator, dtype=torch.complex128 if dtype.is_complex else torch.float64)
        return (root @ root.mH + sizes[-1] * torch.eye(sizes[-1])).to(dtype)
    if ".." in values:
        low, high = map(float, values.split(".."))
        made = torch.rand(sizes, generator=generator, dtype=torch.float64) * (high - low) + low
        return (made if dtype.is_floating_point or dtype.is_complex else made.floor()).to(dtype)
    if dtype.is_floating_point or dtype.is_complex:
        return torch.randn(sizes, generator=generator, dtype=torch.complex128 if dtype.is_complex else torch.float64).to(dtype)
    low, high = (0, 2) if dtype == torch.bool else (0, 10) if dtype == torch.uint8 else (-9, 10)
    return torch.randint(low, high, sizes, generator=generator).to(dtype)


def lay_out(made, word):
    if word == "t":
        return made.transpose(-1, -2).contiguous().transpose(-1, -2)
    if word == "cl":
        return made.contiguous(memory_format=torch.channels_last if made.dim() == 4 else torch.channels_last_3d)
    if word == "step":
        return made.repeat_interleave(2, -1)[..., ::2]
    if word == "offset":
        return torch.cat([made.new_zeros(3), made.reshape(-1)])[3:].view(made.shape)
    return made.expand([int(s) for s in word[len("expand(") : -1].split(",")])
