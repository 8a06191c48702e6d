"""Targets of every kind: tuples, subscripts, attributes, augmented, annotated, deleted."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor

from program import program


@program((1, 2, 3))
def swap(a: int, b: int, c: int) -> Tuple[int, int, int]:
    a, b, c = c, a, b
    return a, b, c


@program(((1, (2.5, "x")),))
def nested_unpacking(t: Tuple[int, Tuple[float, str]]) -> str:
    a, (b, c) = t
    return c + str(a) + str(b)


@program(([1, 2, 3],), ([1, 2],))
def unpack_list(xs: List[int]) -> int:
    a, b, c = xs
    return a * 100 + b * 10 + c


@program((torch.arange(6.0).reshape(2, 3),))
def unpack_tensor(x: Tensor) -> Tensor:
    a, b = x.unbind(0)
    return a * b


@program((7, 2))
def augmented_numbers(a: int, b: int):
    x = a
    x += b
    x -= 1
    x *= b
    y = float(x)
    y /= b
    return x, y, a // b, a % b


@program((6, 3))
def augmented_bits(a: int, b: int):
    x = a
    x |= b
    y = a
    y &= b
    z = a
    z ^= b
    s = a
    s <<= b
    r = a
    r >>= 1
    return x, y, z, s, r, a**2


@program(([1, 2, 3], {"a": 1}))
def augmented_subscripts(xs: List[int], d: Dict[str, int]):
    xs[0] += 10
    xs[-1] *= 3
    d["a"] -= 5
    d["new"] = 4
    d["new"] += 1
    return xs, d


@program(([5, 6, 7, 8],))
def delete_items(xs: List[int]) -> List[int]:
    del xs[0]
    del xs[-1]
    return xs


@program(({"a": 1, "b": 2},))
def delete_key(d: Dict[str, int]) -> Dict[str, int]:
    del d["a"]
    return d


@program((2,))
def annotated(n: int) -> List[float]:
    x: float = 1.5
    out: List[float] = []
    y: int = n
    out.append(x * y)
    return out


@program((torch.zeros(3, 4),))
def tensor_subscripts(x: Tensor) -> Tensor:
    x[0] = 1.0
    x[1, 2] = 5.0
    x[:, 3] = torch.tensor([7.0, 8.0, 9.0])
    x[2, 1:3] += 2
    x[x > 6] = -1.0
    return x


@program(([10, 20, 30, 40, 50],))
def list_slices(xs: List[int]):
    ys = xs[1:4]
    ys[0] = 0
    return xs, ys, xs[:2], xs[-2:], xs[::-1], xs[10:], xs[3:1]


@program(("abcdef",))
def string_slices(s: str):
    return s[1:3], s[-2:], s[::2], s[5:2], s[::-1], s[0], s[-1]


@program((4,))
def chained_use(n: int) -> int:
    a = b = n
    a += 1
    return a * 10 + b


@program((3,))
def underscore_and_star(n: int) -> List[int]:
    _, first, *rest = (n, n + 1), n + 2, n + 3, n + 4
    return [first, rest[0], rest[1]]


@program(((1, 2.0, "s"),))
def tuple_indexing(t: Tuple[int, float, str]):
    return t[0], t[-1], t[1:], t[:2]
