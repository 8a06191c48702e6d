"""while, for over every kind of sequence, break, continue, ranges with steps, loops that carry values."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor, nn

from program import program


@program((10,), (0,), (1,))
def fibonacci(n: int) -> int:
    a, b = 0, 1
    while n > 0:
        a, b = b, a + b
        n -= 1
    return a


@program((20,))
def break_and_continue(n: int) -> List[int]:
    out: List[int] = []
    for i in range(n):
        if i % 3 == 0:
            continue
        if i > 13:
            break
        out.append(i)
    return out


@program((0, 10, 3), (10, 0, -4), (5, 5, 1), (-3, 4, 2), (0, 3, -1))
def ranges(start: int, stop: int, step: int) -> List[int]:
    return [i for i in range(start, stop, step)]


@program((0, 5, 0))
def range_step_zero(start: int, stop: int, step: int) -> List[int]:
    return [i for i in range(start, stop, step)]


@program((6,))
def nested_loops(n: int) -> int:
    count = 0
    for i in range(n):
        for j in range(i):
            if j == 3:
                break
            if (i + j) % 2:
                continue
            count += i * j
        else_value = count
        count = else_value + 1
    return count


@program((["a", "bb", "ccc"],), ([],))
def over_list(words: List[str]) -> Tuple[str, int]:
    joined = ""
    total = 0
    for w in words:
        joined += w
        total += len(w)
    return joined, total


@program(("héllo",))
def over_string(s: str) -> int:
    n = 0
    for c in s:
        n += 1
    return n


@program((torch.arange(6).reshape(3, 2),))
def over_tensor(x: Tensor) -> List[Tensor]:
    out: List[Tensor] = []
    for row in x:
        out.append(row * 2)
    return out


@program(({"a": 1, "b": 2},))
def over_dict(d: Dict[str, int]) -> Tuple[List[str], int]:
    names: List[str] = []
    total = 0
    for k in d:
        names.append(k)
    for k, v in d.items():
        total += v * len(k)
    return names, total


@program(([1, 2, 3], [4.0, 5.0]))
def zipped(a: List[int], b: List[float]) -> List[float]:
    out: List[float] = []
    for i, (x, y) in enumerate(zip(a, b)):
        out.append(x * y + i)
    return out


@program(([5, 6],))
def enumerated(xs: List[int]) -> List[Tuple[int, int]]:
    out: List[Tuple[int, int]] = []
    for i, x in enumerate(xs):
        out.append((i, x))
    return out


@program((3,))
def over_tuple_unrolled(n: int) -> float:
    total = 0.0
    for x in (n, 2.5, 4):
        total += float(x)
    return total


@program((4,))
def loop_variable_survives(n: int) -> int:
    i = -1
    for i in range(n):
        pass
    return i


@program((100,))
def while_true(n: int) -> int:
    steps = 0
    while True:
        steps += 1
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        if n == 1:
            break
    return steps


@program(([3, 1, 2],))
def list_grows_while_iterated(xs: List[int]) -> List[int]:
    for i in range(len(xs)):
        xs.append(xs[i])
    return xs


@program((torch.tensor([4.0]),))
def while_on_tensor(x: Tensor) -> Tuple[Tensor, int]:
    n = 0
    while x > 1:
        x = x / 2
        n += 1
    return x, n


@program((torch.randn(2, 3),))
class OverModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 2)])

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            x = layer(x) + i
        return x


@program((3,))
def break_out_of_two(n: int) -> Tuple[int, int]:
    found = (-1, -1)
    done = False
    for i in range(n):
        for j in range(n):
            if i * j == 2:
                found = (i, j)
                done = True
                break
        if done:
            break
    return found


@program((5,))
def return_inside_while(n: int) -> int:
    while n < 100:
        n *= 2
        if n % 3 == 2:
            return n
    return -n
