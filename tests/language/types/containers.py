"""Lists, dicts and tuples of anything, nested and empty, with the types that PyTorch gives them."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from program import program


@program((3,))
def nested_lists(n: int) -> List[List[int]]:
    table: List[List[int]] = []
    for i in range(n):
        row: List[int] = []
        for j in range(i):
            row.append(i * j)
        table.append(row)
    table[-1][0] = 99
    return table


@program((torch.ones(2),))
def dict_of_lists(x: Tensor) -> Dict[str, List[Tensor]]:
    d: Dict[str, List[Tensor]] = {}
    for k in ["a", "b", "a"]:
        if k not in d:
            d[k] = []
        d[k].append(x * len(d))
    return d


@program((4,))
def integer_keys(n: int) -> Dict[int, float]:
    d: Dict[int, float] = {}
    for i in range(n, 0, -1):
        d[i * i] = 1.0 / i
    d.pop(9)
    d[9] = -1.0
    return d


@program(([("a", 1), ("b", 2)],))
def dict_of_pairs(pairs: List[Tuple[str, int]]) -> Dict[str, int]:
    return dict(pairs)


@program((1,))
def empty_containers(n: int):
    a: List[Tensor] = []
    b: Dict[str, int] = {}
    c = torch.jit.annotate(List[Optional[int]], [])
    c.append(None)
    c.append(n)
    return a, b, c, len(a) + len(b)


@program(([1.5, 2.5], {"x": [1, 2]}, (1, ("y", [3]))))
def deep_arguments(a: List[float], b: Dict[str, List[int]], c: Tuple[int, Tuple[str, List[int]]]):
    b["x"].append(7)
    c[1][1].append(8)
    return a[::-1], b, c


@program(([3, 1, 2], ["b", "a"], [1.5, -0.5]))
def sorting(a: List[int], b: List[str], c: List[float]):
    d = sorted(a)
    a.sort(reverse=True)
    b.sort()
    return a, b, sorted(c), d


@program(([1, 2], [1, 2], [2, 1]))
def comparisons(a: List[int], b: List[int], c: List[int]):
    return a == b, a == c, a != c, (1, 2) == (1, 2), "a" in ["a", "b"], 3 not in a, a is b


@program(([1, 2, 3],))
def list_methods(xs: List[int]):
    xs.append(4)
    xs.extend([5, 6])
    xs.insert(1, 99)
    last = xs.pop()
    first = xs.pop(0)
    xs.remove(99)
    where = xs.index(3)
    count = xs.count(3)
    xs.reverse()
    copy = xs.copy()
    copy.clear()
    return xs, last, first, where, count, copy


@program(({"a": 1, "b": 2},))
def dict_methods(d: Dict[str, int]):
    got = d.get("a", 0) + d.get("zz", 10)
    missing = d.get("zz")
    s = d.setdefault("c", 3)
    popped = d.pop("b")
    d.update({"d": 4, "a": -1})
    return got, missing is None, s, popped, d, list(d.keys()), list(d.values()), list(d.items()), "a" in d, len(d)


@program((torch.ones(2), torch.zeros(2)))
def tensor_keys_in_list(x: Tensor, y: Tensor):
    xs = [x, y]
    xs[0] += 1
    return xs, torch.stack(xs), torch.cat(xs)


@program((True,), (False,))
def list_of_tuples(flag: bool) -> List[Tuple[int, Optional[str]]]:
    out: List[Tuple[int, Optional[str]]] = []
    out.append((1, "a" if flag else None))
    out.append((2, None))
    return out


@program(([[1.0, 2.0], [3.0, 4.0]],))
def tensor_of_nested_list(rows: List[List[float]]) -> Tensor:
    return torch.tensor(rows).t()


@program((torch.arange(6).reshape(2, 3), torch.tensor(2.5)))
def tensor_to_list(x: Tensor, y: Tensor):
    a: List[List[int]] = x.tolist()
    b = float(y.item())
    c: List[int] = x[0].tolist()
    return a, b, c


@program((3,))
def list_times(n: int):
    return [0] * n, [1, 2] * n, [True] * 0, "ab" + "c"


@program((2 + 1j,))
def complex_numbers(z: complex):
    w = z * (1 - 2j) + 3
    return w, abs(z), z == 2 + 1j, -z, z / 2


@program(((4, 5, 6), 0), ((4, 5, 6), 2), ((4, 5, 6), -1), ((4, 5, 6), -3), ((4, 5, 6), 3), ((4, 5, 6), -4))
def tuple_at_computed_index(t: Tuple[int, int, int], i: int) -> int:
    return t[i]
