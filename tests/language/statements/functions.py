"""Calls: defaults, keywords, recursion through helpers, comprehensions, closures over constants, higher forms."""

from typing import Dict, Final, List, Optional, Tuple

import torch
from torch import Tensor, nn

from program import program


def helper(a: int, b: int = 2, c: int = 5) -> int:
    return a * 100 + b * 10 + c


@program((1,))
def defaults_and_keywords(a: int):
    return helper(a), helper(a, 3), helper(a, c=1), helper(b=7, a=a), helper(c=0, b=0, a=a)


@program((), (4,), (4, "z"))
class OptionalArguments(nn.Module):  # a saved function has no defaults any more, a method has
    def forward(self, n: int = 3, s: str = "ab") -> str:
        return s + str(n)


@program((torch.ones(2),), (torch.ones(2), 2.0), (torch.ones(2), 2.0, (1, 2)))
class DefaultsOfContainers(nn.Module):
    def forward(self, x: Tensor, k: float = 1.5, sizes: Tuple[int, int] = (3, 4), flag: Optional[bool] = None):
        return x * k, sizes, flag


@program((5,))
class ModuleConstants(nn.Module):
    __constants__ = ["scale"]
    offset: Final[float]

    def __init__(self):
        super().__init__()
        self.scale, self.offset = 3, 0.25

    def forward(self, n: int) -> float:
        return n * self.scale + self.offset


@program(([1, 2, 3, 4, 5],))
def comprehensions(xs: List[int]):
    squares = [x * x for x in xs]
    halves = [x // 2 for x in range(len(xs))]
    table = {x: float(x) / 2 for x in xs}
    pairs = [(x, str(x)) for x in squares]
    return squares, halves, table, pairs


@program(([[1, 2], [3], []],))
def nested_comprehension(xss: List[List[int]]) -> List[List[int]]:
    return [[x + 1 for x in xs] for xs in xss]


def even(n: int) -> bool:
    return n % 2 == 0


def collatz(n: int, depth: int) -> int:
    if n == 1:
        return depth
    return depth if depth > 200 else next_collatz(n, depth)


def next_collatz(n: int, depth: int) -> int:
    return depth + 1 if even(n) else depth + 2


@program((6,))
def helpers_of_helpers(n: int) -> int:
    return collatz(n, 0) + collatz(1, 7)


def min_and_max(xs: List[float]) -> Tuple[float, float]:
    return min(xs), max(xs)


@program(([3.0, -1.0, 2.0],))
def tuple_results(xs: List[float]) -> float:
    low, high = min_and_max(xs)
    return high - low


@program((torch.arange(4.0),))
def keyword_operators(x: Tensor):
    return (
        torch.sum(x.view(2, 2), dim=[0], keepdim=True),
        torch.cat(tensors=[x, x], dim=0),
        torch.clamp(x, max=2.0),
        torch.add(input=x, other=x, alpha=2),
    )


@program((torch.arange(4.0), [0, 1]))
def list_as_sizes(x: Tensor, dims: List[int]) -> Tensor:
    return x.view(2, 2).permute(dims)


@torch.jit.script
def scripted_helper(d: Dict[str, Tensor], key: str) -> Tensor:
    if key in d:
        return d[key]
    return torch.zeros(1)


@program(({"x": torch.ones(2)}, "x"), ({"x": torch.ones(2)}, "y"))
def calls_a_script_function(d: Dict[str, Tensor], key: str) -> Tensor:
    return scripted_helper(d, key) + 1


@program((3,))
def docstring_and_pass(n: int) -> int:
    """This text is no statement of the program."""
    pass
    return n


@program((2.0,))
def inner_function(x: float) -> float:
    y = x * 2
    z = [y, x]
    return sum(z)


@program((4, 6))
def builtin_functions(a: int, b: int):
    return abs(a - b), min(a, b), max(a, b), divmod(b, a), pow(a, 2), round(2.567), len([a, b]), sum([a, b]), sorted([b, a]), list(range(a))
