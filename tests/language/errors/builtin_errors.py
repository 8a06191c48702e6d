"""What built-ins and operators raise when a program hands them nonsense, and what state such a program leaves."""

from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from program import Call, program, table

table("xs: List[int], i: int", [([1, 2], 5), ([], -1)], """
xs.append(9)
xs[i] = 1
return xs
""", "xs.pop(i)", """
del xs[i]
return xs
""")
table("xs: List[int], x: int", [([1, 2], 5)], "xs.index(x)", """
xs.remove(x)
return xs
""")
table("xs: List[str], x: str", [(["a"], "z")], "xs.index(x)", """
xs.remove(x)
return xs
""")
table("d: Dict[str, int], k: str", [({"a": 1}, "zz")], "d[k]", "d.pop(k)", """
del d[k]
return d
""")
table("d: Dict[int, int], k: int", [({1: 1}, 7)], "d[k]", "d.pop(k)")
table("d: Dict[float, int], k: float", [({1.5: 1}, 7.25)], "d[k]")
table("d: Dict[bool, int], k: bool", [({True: 1}, False)], "d[k]")
table("d: Dict[str, int]", [({},)], "d.popitem()")
table("s: str", [("",), ("abc",)], "s[10]", "s[-10]", "ord(s)", "int(s)", "float(s)", "s.index('q')", "s.rindex('q')", "s.split('')")
table("n: int", [(0,)], "1 // n", "1.5 // n", "divmod(3, n)", "divmod(3.5, n)", "math.log(n)", "[i for i in range(0, 5, n)]", "chr(-1 - n)", "chr(1114112 + n)", "math.sqrt(n - 1)", "math.acos(n + 2.0)", "math.factorial(n - 1)", "math.fmod(1.0, n)")
table("x: float", [(float("inf"),), (float("nan"),), (1e300,)], "int(x)", "math.floor(x)", "math.ceil(x)", "round(x)")
table("xs: List[int]", [([],)], "max(xs)", "min(xs)", "xs.pop()", "xs[0]", "sum(xs) // len(xs)", """
a, b = xs
return a
""", "torch.tensor(xs)[0]")
table("o: Optional[int], s: Optional[str]", [(None, None)], "torch.jit._unwrap_optional(o) + 1", """
assert o is not None
return o
""", """
assert s is not None, "no string"
return s
""")
table(
    "x: Tensor, y: Tensor",
    [(torch.ones(2, 3), torch.ones(4, 5))],
    "x + y",
    "x @ y",
    "torch.mm(x, y)",
    "torch.cat([x, y])",
    "torch.stack([x, y])",
    "x.view(7)",
    "x.view(-1, -1)",
    "x.reshape(4, 4)",
    "x[5]",
    "x[0, 9]",
    "x[0, 0, 0]",
    "x.squeeze(5)",
    "x.sum(7)",
    "x.transpose(0, 4)",
    "x.permute(0, 0)",
    "x.expand(3, 3)",
    "x.repeat(2)",
    "float(x)",
    "int(x)",
    "bool(x)",
    "x.item()",
    "1 if x > 0 else 2",
    "x.split([1, 5])",
    "x.chunk(0)",
    "torch.arange(0, 5, 0)",
    "torch.full([2, -3], 1.0)",
    "torch.tensor([[1], [2, 3]])",
    "x.gather(1, torch.tensor([[9]]))",
    "x[torch.tensor([5])]",
    "x[torch.tensor([True, False, True])]",
    "torch.nn.functional.linear(x, y)",
    "torch.nn.functional.conv2d(x, y)",
    "torch.nn.functional.embedding(torch.tensor([9]), x)",
    "torch.nn.functional.one_hot(torch.tensor([3]), 2)",
    "torch.nn.functional.cross_entropy(x, torch.tensor([0, 9]))",
    "torch.nn.functional.softmax(x, 5)",
    "torch.nn.functional.layer_norm(x, [7])",
    "x.long() / 0",
    "x.long() // 0",
    "x.long() % 0",
    "torch.tensor(1) // torch.tensor(0)",
    "torch.where(x > 0, x, y)",
    "x.unbind(3)",
    "x.narrow(0, 1, 5)",
    "x.select(0, 3)",
    "x.flatten(1, 0)",
    "x.unflatten(0, [3, 3])",
    "torch.einsum('ij', x, y)",
    "x.topk(9)",
    "x.kthvalue(9)",
    "torch.logical_and(x, y)",
    "x.bitwise_and(x)",
    "~x",
    "x & 1",
    "x.long() << y.long()",
    "x.int().mean()",
    "x.long().exp_()",
    "torch.randint(5, 5, [2])",
    "torch.linspace(0, 1, -1)",
    "x.dot(x)",
    "torch.outer(x, x)",
    "torch.bmm(x, y)",
    "x.diagonal(0, 0, 0)",
    "x.roll(1, 5)",
    "x.flip([0, 0])",
    "x.unfold(0, 9, 1)",
    "x.as_strided([9, 9], [9, 9])",
    "torch.chunk(x, 2, 5)",
    "torch.nn.functional.pad(x, [1])",
    "torch.nn.functional.interpolate(x, scale_factor=2.0)",
    "torch.nn.functional.dropout(x, 1.5)",
    "torch.nn.functional.batch_norm(x, None, None)",
    "torch.cumsum(x, 4)",
    """
    x += y
    return x
    """,
    """
    x[0] = y
    return x
    """,
    """
    x[9] = 1
    return x
    """,
    """
    z = x.long()
    z /= 2
    return z
    """,
    """
    z = x.long()
    z += 1.5
    return z
    """,
    """
    z = x > 0
    z += x
    return z
    """,
    """
    a, b, c = x.unbind(0)
    return a
    """,
    """
    x.copy_(y)
    return x
    """,
    """
    n: int = int(x[0, 0] + 0.5)
    return x[:, n + 7]
    """,
)


@program((torch.ones(2),), (torch.ones(3),), Call("count"))
class StateAfterError(nn.Module):
    seen: List[int]

    def __init__(self):
        super().__init__()
        self.n = 0
        self.seen = []

    @torch.jit.export
    def count(self):
        return self.n, self.seen

    def forward(self, x: Tensor) -> Tensor:
        self.n += 1
        self.seen.append(x.size(0))
        return x + torch.ones(2)


class Custom(Exception):
    pass


def checked(n: int) -> int:
    if n > 3:
        raise Custom("too big: " + str(n))
    return n


@program((1,), (9,))
def custom_exception(n: int) -> int:
    return checked(n) + 1


@program((0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,))
def builtin_classes(n: int) -> int:
    if n == 0:
        raise ValueError("v")
    if n == 1:
        raise TypeError("t")
    if n == 2:
        raise AttributeError("a")
    if n == 3:
        raise ZeroDivisionError("z")
    if n == 4:
        raise OverflowError("o")
    if n == 5:
        raise AssertionError("as")
    if n == 6:
        raise Exception("e")
    raise NotImplementedError


@program((1,), (0,))
def raise_in_expression_function(n: int) -> int:
    return 10 // positive(n)


def positive(n: int) -> int:
    assert n > 0, f"expected a positive number, got {n}"
    return n


@program(([3, -1],))
def raise_in_loop(xs: List[int]):
    for i, x in enumerate(xs):
        if x < 0:
            raise ValueError("negative at {}: {}".format(i, x))
        print(x)
    return len(xs)


@program(([1, 2, 3],))
def raise_in_comprehension(xs: List[int]):
    return [10 // (x - 2) for x in xs]


@program((1,))
def raise_after_print(n: int) -> int:
    print("before")
    if n == 1:
        raise RuntimeError("line one\nline two")
    print("after")
    return n


@program((2,))
def raise_with_format(n: int):
    raise ValueError("%d of %s" % (n, "x"))


@program((2,))
def raise_with_number(n: int):
    raise ValueError(n)


@program((2,))
def raise_with_several(n: int):
    raise ValueError("a", n, [n])


@program((-1,), (5,))
def nested_condition(n: int) -> str:
    if n < 0:
        if n < -5:
            raise ValueError("very negative")
        else:
            raise ValueError("negative")
    elif n > 3:
        s = "big"
    else:
        s = "small"
    return s


class Inner(nn.Module):
    def forward(self, x: Tensor, n: int) -> Tensor:
        if n > 1:
            raise IndexError(f"n={n}")
        return x.view(n, -1)


@program((torch.ones(4), 1), (torch.ones(4), 2), (torch.ones(4), 0))
class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x: Tensor, n: int) -> Tensor:
        y = self.inner(x, n)
        return y * 2


@torch.jit.script
class Guard:
    def __init__(self, log: List[str]):
        self.log = log

    def __enter__(self):
        self.log.append("in")

    def __exit__(self, a: Any, b: Any, c: Any):
        self.log.append("out")


@program(([], 1),)
def raise_inside_with(log: List[str], n: int) -> int:
    with Guard(log):
        if n == 1:
            raise ValueError("inside")
    return n
