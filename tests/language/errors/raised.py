"""What a program raises: class name and message of its own exceptions, the message of built-ins that refuse."""

from typing import Dict, List, Optional

import torch
from torch import Tensor, nn

from program import program


@program((1,), (-1,))
def value_error(n: int) -> int:
    if n < 0:
        raise ValueError("n must not be negative")
    return n


@program((3,))
def formatted_message(n: int) -> int:
    if n > 2:
        raise RuntimeError(f"{n} is more than {2}")
    return n


@program((1,), (2,), (3,))
def other_classes(n: int) -> int:
    if n == 1:
        raise NotImplementedError("later")
    elif n == 2:
        raise KeyError("no such key")
    elif n == 3:
        raise IndexError("too far")
    return n


@program((0,))
def without_message(n: int) -> int:
    if n == 0:
        raise ValueError
    return n


@program((1,), (2,))
def assertion_messages(n: int) -> int:
    assert n != 1, "one is not allowed"
    assert n != 2
    return n


@program(([1, 2], 2), ([1, 2], -3), ([], 0))
def list_index(xs: List[int], i: int) -> int:
    return xs[i]


@program(({"a": 1}, "b"))
def missing_key(d: Dict[str, int], k: str) -> int:
    return d[k]


@program(([],))
def pop_of_empty(xs: List[int]) -> int:
    return xs.pop()


@program((1, 0))
def division_by_zero(a: int, b: int) -> int:
    return a // b


@program(("12a",))
def bad_number(s: str) -> int:
    return int(s)


@program((None,))
def unwrapping_none(x: Optional[int]) -> int:
    assert x is not None, "x is required"
    return x


def deep(n: int) -> int:
    if n == 0:
        raise RuntimeError("bottom")
    return n


def middle(n: int) -> int:
    return deep(n - 1) + 1


@program((1,))
def through_calls(n: int) -> int:
    return middle(n) * 2


class Picky(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if x.dim() != 2:
            raise ValueError("expected a matrix, got {} dimensions".format(x.dim()))
        return x


@program((torch.ones(2, 2),), (torch.ones(2),))
class RaisesInSubmodule(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Picky()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) + 1


@program(([1, 2, 3],))
def unpack_of_wrong_length(xs: List[int]) -> int:
    a, b = xs
    return a + b


@program((torch.ones(2),), (torch.ones(3),))
def state_before_the_error(x: Tensor) -> Tensor:
    x += 1
    if x.size(0) == 3:
        raise ValueError("three")
    return x
