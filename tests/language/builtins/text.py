"""str, format, print and f-strings of every kind of value; warnings; string methods in programs."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from program import program


@program((3, 0.1, "x", True), (-7, 1e20, "", False), (0, 2.0, "é", True))
def as_text(n: int, f: float, s: str, b: bool) -> str:
    return str(n) + "|" + str(f) + "|" + s + "|" + str(b) + "|" + f"{n}-{f}-{s}-{b}"


@program(
    (0.0,),
    (-0.0,),
    (1.0,),
    (0.1,),
    (1e-7,),
    (123456789.0,),
    (1e10,),
    (12345678901.5,),
    (float("inf"),),
    (float("-inf"),),
    (float("nan"),),
    (3.141592653589793,),
    (1e300,),
)
def floats_print(x: float):
    print(x, [x], (x, 1), "{}".format(x))
    return str(x)


@program(([1, 2], [0.5, 1.0], ["a", "b"], {"k": 1, "m": 2}))
def containers_print(a: List[int], b: List[float], c: List[str], d: Dict[str, int]):
    print(a, b, c, d, (1, "s", None))
    print([a, a], {"x": b}, [True], torch.jit.annotate(List[int], []))
    return str(a) + str(b) + str(c) + str(d)


@program(
    (torch.tensor([1, 2]),),
    (torch.tensor([[1.5, -2.0], [0.25, 1e-6]]),),
    (torch.tensor(3),),
    (torch.zeros(0, 2),),
    (torch.tensor([True, False]),),
    (torch.tensor([1.0, float("inf"), float("nan")]),),
    (torch.arange(24.0).reshape(2, 3, 4),),
    (torch.tensor([1e10, 1.0]),),
    (torch.tensor([1 + 2j]),),
)
def tensors_print(x: Tensor):
    print(x)
    print("x:", x, [x])


@program((None,), (2,))
def optional_print(x: Optional[int]):
    print(x, [x])
    return str(x)


@program(("name", 3, 2.5))
def formats(s: str, n: int, f: float):
    return "{} {} {}".format(s, n, f), "{}{{}}".format(n), "%s has %d" % (s, n), "%f" % f, "{}".format([n]), "{} only".format(s, n)


@program((5,))
def format_with_too_few(n: int) -> str:
    return "{} {}".format(n)


@program(("Hello, World",), ("",), ("  spaced out  ",))
def string_methods(s: str):
    return (
        s.upper(),
        s.lower(),
        s.strip(),
        s.split(),
        s.split(","),
        s.replace("o", "0"),
        s.find("o"),
        s.count("l"),
        s.startswith("He"),
        s.endswith("d"),
        s.center(16, "*"),
        s.partition(","),
        len(s),
        "World" in s,
        s == s.lower(),
        s < "M",
        s + "!",
    )


@program((["x", "y", "z"],), ([],))
def joined(parts: List[str]) -> str:
    return "-".join(parts) + "|" + "".join(parts)


@program(("a=1;b=22;c=",))
def parse_pairs(text: str) -> Dict[str, int]:
    out: Dict[str, int] = {}
    for pair in text.split(";"):
        parts = pair.split("=")
        if len(parts[1]) > 0:
            out[parts[0]] = int(parts[1])
    return out


@program(("3.5", "7"))
def numbers_from_text(a: str, b: str) -> Tuple[float, int]:
    return float(a) + 1, int(b) * 2


@program((3,))
def several_prints(n: int):
    for i in range(n):
        print("line", i)
    print()
    print("a", "b\tc", 1.5, True)
    print("multi\nline")


@program(("abc",))
def characters(s: str):
    return ord(s[0]), chr(ord(s[1]) + 1), s[-1] + s[0], hex(255), oct(8), bin(5)


@program((torch.float16,), (torch.int64,))
def dtypes_are_numbers(d: torch.dtype):
    x = torch.zeros(2, dtype=d)
    return x, x.dtype == torch.float16, x.dtype == d
