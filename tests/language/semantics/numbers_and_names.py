"""Corners of evaluation: shadowing, conversions that do not happen, defaults, order, large values, chained containers."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from program import program


@program((5,))
def names_shadow(n: int) -> int:
    x = n
    for x in range(3):
        n += x
    y = [x for x in [7, 8]]
    return x + n + y[0]


@program((2,))
def int_stays_int(n: int):
    a = n / 2
    b = n // 2
    c = n * 1.0
    d = -n // 3
    return a, b, c, d, n**2, n**-1


@program((10**15, 10**15))
def products_beyond_double(a: int, b: int) -> int:
    return a * b + a


@program((0.1, 0.2))
def floats_are_doubles(a: float, b: float):
    return a + b, a + b == 0.3, (a * 3) / 3, 1e308 * 10, -1e308 * 10, 5e-324 / 2


@program(({"a": {"x": 1}},))
def nested_dicts(d: Dict[str, Dict[str, int]]):
    d["a"]["y"] = 2
    d["b"] = {"z": 3}
    inner = d["b"]
    inner["z"] += 10
    return d, d["b"]["z"]


@program(([("b", 2), ("a", 2), ("c", 1)],))
def sort_of_tuples(pairs: List[Tuple[str, int]]):
    return [p[0] for p in pairs], sorted([p[1] for p in pairs])


@program((torch.arange(3),), (torch.arange(3.0),))
def in_place_keeps_dtype(x: Tensor):
    y = x.clone()
    y *= 2
    y += 1
    return y, (x + 0.5).dtype == torch.float32


@program((torch.tensor(3), 4))
def zero_dim_arithmetic(t: Tensor, n: int):
    return t + n, n - t, t / n, t // 2, t % 2, t**2, t > n, -t, t == 3


@program((torch.tensor(2.0),))
def tensors_as_conditions_and_indices(t: Tensor):
    xs = [10, 20, 30]
    i = int(t)
    return xs[i], 1 if t > 1 else 0, not bool(t), [1.5] * i


@program((None, 3), ([1], 3))
def none_default_pattern(xs: Optional[List[int]], n: int) -> List[int]:
    if xs is None:
        xs = []
    xs.append(n)
    return xs


@program((3,))
def list_of_lists_by_multiplication(n: int):
    row = [0] * n
    rows = [row, row]
    rows[0][1] = 5
    return rows, row


@program(("abc",))
def strings_do_not_change(s: str):
    t = s
    t += "d"
    return s, t, s.upper(), s


@program((torch.ones(2, 2),))
def result_names_reused(x: Tensor):
    x = x + 1
    x = x @ x
    y, x = x, x.sum()
    return x, y


@program((6,))
def loop_carried_optional(n: int) -> Optional[int]:
    best: Optional[int] = None
    for i in range(n):
        if (i * i) % 7 == 2:
            if best is None:
                best = i
            elif i > best:
                best = i * 10
    return best


@program((torch.arange(6.0),))
def views_of_views(x: Tensor):
    y = x.view(2, 3)
    z = y.t()[1]
    z += 10
    w = x[::2]
    w[1] = -1
    return x, y, z, w


@program((4,))
def deep_conditions(n: int) -> str:
    s = ""
    for i in range(n):
        for j in range(n):
            if i == j:
                s += "="
            elif i < j:
                if j - i > 2:
                    s += "<<"
                    continue
                s += "<"
            else:
                if i + j > 4:
                    break
                s += ">"
        s += "|"
    return s


@program((torch.zeros(3), 2))
def tensor_index_forms(x: Tensor, i: int):
    x[i] = 1
    x[-3] += 2
    x[i - 1 :] *= 3
    return x, x[i], x[torch.tensor(0)], x[None, :1], x[:, None].shape
