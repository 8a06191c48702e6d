"""Modules: attributes, buffers, submodules, exports, containers, interfaces, hooks, constants, state."""

from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from program import Call, program


@program((torch.ones(3),), (torch.ones(3),), Call("reset"), (torch.ones(3),), Call("total"))
class Accumulator(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("sum", torch.zeros(3))
        self.calls = 0

    @torch.jit.export
    def reset(self):
        self.sum.zero_()
        self.calls = 0

    @torch.jit.export
    def total(self) -> Tuple[float, int]:
        return float(self.sum.sum()), self.calls

    def forward(self, x: Tensor) -> Tensor:
        self.sum += x
        self.calls += 1
        return self.sum * self.calls


@program((1,), (2,), Call("history"), Call("rename", ("z",)), Call("history"))
class ContainerAttributes(nn.Module):
    seen: List[int]
    best: Optional[int]

    def __init__(self):
        super().__init__()
        self.seen = []
        self.table: Dict[str, int] = {"a": 1}
        self.name = "m"
        self.best = None

    @torch.jit.export
    def history(self):
        return self.seen, self.table, self.name, self.best

    @torch.jit.export
    def rename(self, name: str):
        self.name = name
        self.table[name] = len(self.seen)

    def forward(self, n: int) -> int:
        self.seen.append(n)
        best = self.best
        if best is None or n > best:
            self.best = n
        return len(self.seen)


class Double(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 2


class Shift(nn.Module):
    def __init__(self, by: float):
        super().__init__()
        self.by = by

    def forward(self, x: Tensor) -> Tensor:
        return x + self.by


@program((torch.ones(2),))
class Containers(nn.Module):
    def __init__(self):
        super().__init__()
        self.sequence = nn.Sequential(Double(), Shift(1.0), Double())
        self.many = nn.ModuleList([Shift(float(i)) for i in range(3)])
        self.named = nn.ModuleDict({"left": Double(), "right": Shift(0.5)})
        self.shared = self.many[0]

    def forward(self, x: Tensor):
        y = self.sequence(x)
        for m in self.many:
            y = m(y)
        names: List[str] = []
        for name, m in self.named.items():
            names.append(name)
            y = m(y)
        return y, names, self.many[1](x), self.named["left"](x), len(self.many), "left" in self.named, self.shared(x)


@torch.jit.interface
class Transform(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


@program((torch.ones(2), 0), (torch.ones(2), 2))
class Interfaces(nn.Module):
    chosen: Transform

    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([Double(), Shift(3.0), Double()])
        self.chosen = Shift(-1.0)

    def forward(self, x: Tensor, i: int) -> Tensor:
        step: Transform = self.steps[i]
        return step.forward(self.chosen.forward(x))


class Hooked(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 3


def halve(self, inputs: Tuple[Tensor]) -> Tuple[Tensor]:
    return (inputs[0] / 2,)


def lift(self, inputs: Tuple[Tensor], output: Tensor) -> Tensor:
    return output + 100 + inputs[0]


@program((torch.ones(2),))
class SubmoduleHooks(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Hooked()
        self.inner.register_forward_pre_hook(halve)
        self.inner.register_forward_hook(lift)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) - 1


@program((torch.randn(2, 4),), (torch.randn(3, 4),))
class FunctionalAndParameters(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(torch.randn(3, 4))
        self.bias = nn.Parameter(torch.randn(3))
        self.tied = self.weight

    def forward(self, x: Tensor):
        return nn.functional.linear(x, self.weight, self.bias), self.tied.t(), self.training


@program((torch.ones(2),))
class IgnoredAndUnused(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if not torch.jit.is_scripting():
            return self.python_only(x)
        return x + 1

    @torch.jit.unused
    def python_only(self, x: Tensor) -> Tensor:
        return x - 1


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.k = 2

    def scale(self, x: Tensor) -> Tensor:
        return x * self.k

    def forward(self, x: Tensor) -> Tensor:
        return self.scale(x)


@program((torch.ones(2),))
class Derived(Base):
    def __init__(self):
        super().__init__()
        self.k = 5

    def scale(self, x: Tensor) -> Tensor:
        return x * self.k + 1


@program((torch.ones(2, 4),), Call("weaken"), (torch.ones(2, 4),))
class AttributeReplaced(nn.Module):
    def __init__(self):
        super().__init__()
        self.mask = torch.ones(4)
        self.pair: Tuple[int, float] = (1, 0.5)

    @torch.jit.export
    def weaken(self):
        self.mask = self.mask / 2
        self.pair = (self.pair[0] + 1, self.pair[1] * 2)

    def forward(self, x: Tensor):
        return x * self.mask, self.pair


@program((torch.ones(2),), Call("add", (torch.ones(2), 3)), Call("name_of", (1,)))
class SeveralMethods(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.add(x, 1)

    @torch.jit.export
    def add(self, x: Tensor, n: int) -> Tensor:
        return x + n

    @torch.jit.export
    def name_of(self, n: int) -> str:
        return "m" + str(n)


@program((torch.randn(2, 3),))
class SavedState(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.arange(3.0)
        self.loaded = False

    @torch.jit.export
    def __getstate__(self):
        return self.w * 2, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, bool]):
        self.w = state[0] + 1
        self.training = state[1]
        self.loaded = True

    def forward(self, x: Tensor):
        return x * self.w, self.loaded
