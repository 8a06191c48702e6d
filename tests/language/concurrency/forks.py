"""fork and wait: results, captures, nesting, futures in containers, errors on the way back."""

from typing import Dict, List

import torch
from torch import Tensor, nn

from program import program


def slow_square(x: Tensor, times: int) -> Tensor:
    y = x
    for _ in range(times):
        y = y * x
    return y


@program((torch.full((3,), 2.0),))
def fork_and_wait(x: Tensor) -> Tensor:
    f = torch.jit.fork(slow_square, x, 2)
    g = torch.jit.fork(slow_square, x, times=1)
    return torch.jit.wait(f) - torch.jit.wait(g)


@program((torch.ones(2),))
def futures_in_a_list(x: Tensor) -> List[Tensor]:
    futures: List[torch.jit.Future[Tensor]] = []
    for i in range(4):
        futures.append(torch.jit.fork(slow_square, x * i, i))
    return [torch.jit.wait(f) for f in futures]


def outer(x: Tensor) -> Tensor:
    f = torch.jit.fork(slow_square, x, 1)
    return torch.jit.wait(f) + 1


@program((torch.full((2,), 3.0),))
def nested_forks(x: Tensor) -> Tensor:
    f = torch.jit.fork(outer, x)
    return torch.jit.wait(f) * 2


def summarise(xs: List[int], d: Dict[str, int]) -> Dict[str, int]:
    out = {"sum": sum(xs)}
    for k, v in d.items():
        out[k] = v * 2
    return out


@program(([1, 2, 3], {"a": 1}))
def containers_cross(xs: List[int], d: Dict[str, int]) -> Dict[str, int]:
    f = torch.jit.fork(summarise, xs, d)
    return torch.jit.wait(f)


@program((torch.randn(2, 3),))
class ForkedSubmodules(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(3, 4), nn.Linear(3, 4)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.left, x)
        g = torch.jit.fork(self.right, x)
        return torch.jit.wait(f) + torch.jit.wait(g)


def failing(n: int) -> int:
    if n > 2:
        raise ValueError("too many")
    return n


@program((1,), (5,))
def error_in_fork(n: int) -> int:
    f = torch.jit.fork(failing, n)
    return torch.jit.wait(f)


@program((torch.ones(3),))
def waited_twice(x: Tensor) -> Tensor:
    f = torch.jit.fork(slow_square, x * 2, 1)
    return torch.jit.wait(f) + torch.jit.wait(f)
