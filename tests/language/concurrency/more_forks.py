"""fork, wait and awaitables: order of effects, errors that wait, futures as values, methods and objects on the other side."""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.jit import Future

from program import Call, program


def work(x: Tensor, n: int = 2) -> Tensor:
    for i in range(n):
        x = x * 2 + i
    return x


def fails(n: int) -> int:
    if n > 1:
        raise ValueError("n is " + str(n))
    return n * 10


@program((1,), (5,))
def error_never_waited(n: int) -> int:
    torch.jit.fork(fails, n)
    return n


@program((1,), (5,))
def error_after_other_work(n: int) -> int:
    f = torch.jit.fork(fails, n)
    print("between")
    return torch.jit.wait(f) + 1


@program((1,), (5,))
def error_in_branch_never_reached(n: int) -> int:
    f = torch.jit.fork(fails, n)
    if n < 3:
        return torch.jit.wait(f)
    return -1


@program((5,))
def error_in_the_second(n: int) -> int:
    f = torch.jit.fork(fails, 1)
    g = torch.jit.fork(fails, n)
    return torch.jit.wait(f) + torch.jit.wait(g)


def nested_failure(n: int) -> int:
    f = torch.jit.fork(fails, n)
    return torch.jit.wait(f) + 1


@program((0,), (3,))
def error_through_two_forks(n: int) -> int:
    f = torch.jit.fork(nested_failure, n)
    return torch.jit.wait(f)


def divides(a: int, b: int) -> int:
    return a // b


@program((6, 3), (1, 0))
def builtin_error_in_fork(a: int, b: int) -> int:
    return torch.jit.wait(torch.jit.fork(divides, a, b))


@program((torch.ones(2),))
def defaults_and_keywords(x: Tensor):
    return torch.jit.wait(torch.jit.fork(work, x)), torch.jit.wait(torch.jit.fork(work, x, n=3)), torch.jit.wait(torch.jit.fork(work, n=1, x=x))


def future_of(x: Tensor) -> Future[Tensor]:
    return torch.jit.fork(work, x, 1)


@program((torch.ones(2),))
def future_returned(x: Tensor) -> Tensor:
    f = future_of(x)
    return torch.jit.wait(f)


def waits_for(f: Future[Tensor], k: int) -> Tensor:
    return torch.jit.wait(f) * k


@program((torch.ones(2),))
def future_as_argument(x: Tensor) -> Tensor:
    f = torch.jit.fork(work, x, 1)
    g = torch.jit.fork(waits_for, f, 3)
    return waits_for(f, 2) + torch.jit.wait(g)


@program((3,))
def futures_in_containers(n: int):
    fs = torch.jit.annotate(List[Future[Tensor]], [])
    for i in range(n):
        fs.append(torch.jit.fork(work, torch.full((1,), float(i)), i))
    d: Dict[str, Future[Tensor]] = {"a": fs[0]}
    d["b"] = fs[-1]
    t = (fs[1], d)
    out = [torch.jit.wait(f) for f in fs]
    return out, torch.jit.wait(t[0]), torch.jit.wait(t[1]["b"])


def several(x: Tensor) -> Tuple[Tensor, int, List[str]]:
    return x + 1, x.numel(), ["a", "b"]


@program((torch.ones(3),))
def tuple_results(x: Tensor):
    a, n, names = torch.jit.wait(torch.jit.fork(several, x))
    return a * n, names


def nothing(x: Tensor):
    x.add_(1)


@program((torch.ones(3),))
def fork_of_nothing(x: Tensor):
    y = x.clone()
    f = torch.jit.fork(nothing, y)
    torch.jit.wait(f)
    return y


def shares(xs: List[int], x: Tensor) -> int:
    xs.append(7)
    x += 5
    return len(xs)


@program(([1], torch.zeros(2)))
def effects_are_shared(xs: List[int], x: Tensor):
    f = torch.jit.fork(shares, xs, x)
    n = torch.jit.wait(f)
    return n, xs, x


@torch.jit.script
class Counter:
    def __init__(self, n: int):
        self.n = n

    def add(self, k: int) -> int:
        self.n += k
        return self.n


def count_up(c: Counter, k: int) -> int:
    return c.add(k)


@program((2,))
def objects_cross(n: int):
    c = Counter(n)
    f = torch.jit.fork(count_up, c, 3)
    a = torch.jit.wait(f)
    g = torch.jit.fork(c.add, 4)
    return a, torch.jit.wait(g), c.n


class Leaf(nn.Module):
    def __init__(self, k: float):
        super().__init__()
        self.k = k
        self.calls = 0

    def forward(self, x: Tensor, add: int = 0) -> Tensor:
        self.calls += 1
        return x * self.k + add

    @torch.jit.export
    def other(self, x: Tensor) -> Tensor:
        return x - self.k


@program((torch.ones(2),), (torch.ones(2),))
class Modules(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = Leaf(2.0), Leaf(3.0)
        self.many = nn.ModuleList([Leaf(float(i)) for i in range(3)])

    def helper(self, x: Tensor, n: int) -> Tensor:
        return self.left(x) * n

    def forward(self, x: Tensor):
        f = torch.jit.fork(self.left, x, 1)
        g = torch.jit.fork(self.right.other, x)
        h = torch.jit.fork(self.helper, x, n=3)
        fs = torch.jit.annotate(List[Future[Tensor]], [])
        for m in self.many:
            fs.append(torch.jit.fork(m, x))
        return torch.jit.wait(f), torch.jit.wait(g), torch.jit.wait(h), [torch.jit.wait(q) for q in fs], self.left.calls


@program((torch.randn(4, 3),), traced=True)
class TracedForks(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 2), nn.Linear(3, 2)

    def forward(self, x: Tensor):
        f = torch.jit.fork(self.a, x)
        y = self.b(x)
        return torch.jit.wait(f) + y


@program((True,), (False,))
def fork_in_branches(c: bool):
    f = torch.jit.fork(work, torch.ones(1), 1)
    if c:
        f = torch.jit.fork(work, torch.zeros(1), 2)
    return torch.jit.wait(f)


def recursive_sum(n: int) -> int:
    return n


def tree(xs: List[int]) -> int:
    f = torch.jit.fork(recursive_sum, xs[0])
    g = torch.jit.fork(recursive_sum, xs[-1])
    return torch.jit.wait(f) * 10 + torch.jit.wait(g)


@program(([1, 2, 3],))
def forks_in_forks(xs: List[int]):
    fs = [torch.jit.fork(tree, xs[i:]) for i in range(len(xs))]
    return [torch.jit.wait(f) for f in fs]


@program((2,))
def value_captured_at_fork(n: int):
    f = torch.jit.fork(divides, n * 10, n)
    n = 0
    return torch.jit.wait(f), n


def lazily(x: Tensor, n: int) -> Tensor:
    return x * n


@program((torch.ones(2),))
def awaitables(x: Tensor):
    a = torch.jit._awaitable(lazily, x, 3)
    b = torch.jit._awaitable_nowait(x)
    return torch.jit._awaitable_wait(a), torch.jit._awaitable_wait(b)


@program((1,))
def future_prints_nothing_before_wait(n: int):
    f = torch.jit.fork(fails, n)
    x = torch.jit.wait(f)
    print("value", x)
    return x, isinstance(x, int)


@program((3,))
def optional_future(n: int):
    f: Optional[Future[int]] = None
    if n > 2:
        f = torch.jit.fork(fails, 1)
    if f is not None:
        return torch.jit.wait(f)
    return -1


@program((torch.ones(2), 2))
def any_of_futures(x: Tensor, n: int):
    fs = [torch.jit.fork(work, x + i) for i in range(n)]
    total = torch.zeros(2)
    while len(fs) > 0:
        total += torch.jit.wait(fs.pop())
    return total
