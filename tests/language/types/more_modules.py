"""Modules: containers of every kind, hooks, constants, overloads, ignored parts, parameters in lists and dicts, sharing, state."""

from typing import Any, Dict, Final, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

from program import Call, program

X = torch.arange(6.0).reshape(2, 3)


class Scale(nn.Module):
    def __init__(self, k: float):
        super().__init__()
        self.k = k
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        return x * self.k

    @torch.jit.export
    def describe(self, prefix: str = "scale") -> str:
        return prefix + str(self.k)


@program((X,), (X,))
class Lists(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(float(i)) for i in range(4)])
        self.empty = nn.ModuleList()

    def forward(self, x: Tensor):
        out: List[Tensor] = []
        for i, layer in enumerate(self.layers):
            out.append(layer(x) + i)
        for layer in self.layers[1:3]:
            out.append(layer(x))
        for layer in self.layers[::-1]:
            x = x + layer.k
        for e in self.empty:
            x = x + 1000
        return out, x, len(self.layers), self.layers[-1](x), self.layers[0].count, self.layers[2].describe(), len(self.empty)


@program((X,))
class Dicts(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"b": Scale(2.0), "a": Scale(3.0)})

    def forward(self, x: Tensor):
        names: List[str] = []
        for k in self.parts:
            names.append(k)
        for k in self.parts.keys():
            names.append(k + "!")
        for v in self.parts.values():
            x = v(x)
        for k, v in self.parts.items():
            x = v(x) + len(k)
        return x, names, "a" in self.parts, "z" in self.parts, len(self.parts), self.parts["b"].k


@program((X,))
class Parameters(nn.Module):
    def __init__(self):
        super().__init__()
        self.ws = nn.ParameterList([nn.Parameter(torch.full((3,), float(i))) for i in range(3)])
        self.named = nn.ParameterDict({"u": nn.Parameter(torch.ones(3)), "v": nn.Parameter(torch.zeros(3))})

    def forward(self, x: Tensor):
        for w in self.ws:
            x = x + w
        return x * self.ws[1], x + self.named["u"]


@program((X,))
class ParameterLists(nn.Module):
    def __init__(self):
        super().__init__()
        self.ws = nn.ParameterList([nn.Parameter(torch.full((3,), float(i))) for i in range(3)])

    def forward(self, x: Tensor):
        for w in self.ws:
            x = x + w
        for i, w in enumerate(self.ws):
            x = x + w * i
        return x


@program((X,))
class Sequences(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 2), nn.Tanh()))
        self.head = nn.Identity()

    def forward(self, x: Tensor):
        for m in self.body:
            x = m(x)
        return self.head(x), len(self.body), self.body[1](x - 0.5)


@program((X, 2), (X, -1), (X, 5))
class IndexedByInterface(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Scale(1.0), Scale(2.0), Scale(3.0)])

    def forward(self, x: Tensor, i: int) -> Tensor:
        layer: Mapping = self.layers[i]
        return layer.forward(x)


@torch.jit.interface
class Mapping(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        pass


@program((X, "b"), (X, "a"), (X, "z"))
class KeyedByInterface(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({"a": Scale(1.5), "b": Scale(2.0)})

    def forward(self, x: Tensor, k: str) -> Tensor:
        layer: Mapping = self.layers[k]
        return layer.forward(x)


@program((X,))
class InterfaceSwapped(nn.Module):
    m: Mapping

    def __init__(self):
        super().__init__()
        self.m = Scale(2.0)
        self.other = Scale(7.0)

    def forward(self, x: Tensor):
        return self.m.forward(x), self.other(x)


@program((X,), (X,))
class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Scale(2.0)
        self.b = self.a
        self.list = nn.ModuleList([self.a, self.a])

    def forward(self, x: Tensor):
        y = self.b(self.a(x))
        for m in self.list:
            y = m(y)
        return y, self.a.count, self.b.count, self.list[0].count


@program((X,))
class TiedWeights(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.encode = nn.Linear(3, 3, bias=False)
        self.decode = nn.Linear(3, 3, bias=False)
        self.decode.weight = self.encode.weight
        self.register_buffer("view", torch.arange(6.0))
        self.register_buffer("part", self.view[2:4])

    def forward(self, x: Tensor):
        y = self.decode(self.encode(x))
        self.view.add_(1)
        return y, self.part, self.view


@program((X,))
class Constants(nn.Module):
    __constants__ = ["k", "name"]
    size: Final[int]

    def __init__(self):
        super().__init__()
        self.k = 3
        self.name = "constant"
        self.size = 4
        self.pair = (1, 2.5)
        self.flag = True
        self.none = None
        self.text = "t"
        self.ints = [1, 2]
        self.device = torch.device("cpu")
        self.dtype = torch.float64

    def forward(self, x: Tensor):
        y = x
        for i in range(self.size):
            y = y + self.k
        if self.none is not None:
            y = y + 100
        return y, self.name, self.pair, self.flag, self.text, self.ints, x.to(self.dtype), self.pair[0]


@program((X,), (X, 2), (X, 3, "b"), Call("other", (X,)), Call("other", (X, [1, 2])), Call("other", (X, [], {"a": 1})))
class Defaults(nn.Module):
    def forward(self, x: Tensor, n: int = 1, s: str = "a", f: float = 1.5, flag: bool = False, o: Optional[int] = None):
        return x * n, s, f, flag, o

    @torch.jit.export
    def other(self, x: Tensor, xs: Optional[List[int]] = None, d: Optional[Dict[str, int]] = None) -> Tuple[Tensor, int]:
        n = 0
        if xs is not None:
            n += len(xs)
        if d is not None:
            n += 10 * len(d)
        return x, n


@program((X,), Call("set", (5,)), (X,), Call("get"))
class Properties(nn.Module):
    def __init__(self):
        super().__init__()
        self._n = 2

    @property
    def n(self) -> int:
        return self._n * 10

    @n.setter
    def n(self, v: int):
        self._n = v + 1

    @torch.jit.export
    def set(self, v: int):
        self.n = v

    @torch.jit.export
    def get(self) -> int:
        return self.n

    def forward(self, x: Tensor) -> Tensor:
        self.n = self.n // 10
        return x * self.n


class WithHooks(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 1

    def forward(self, x: Tensor, k: int) -> Tensor:
        print("forward", k)
        return x * k


def before_one(self, inputs: Tuple[Tensor, int]) -> Tuple[Tensor, int]:
    print("before one", inputs[1])
    self.n += 1
    return inputs[0] + self.n, inputs[1] + 1


def before_two(self, inputs: Tuple[Tensor, int]) -> None:
    print("before two", inputs[1])


def after_one(self, inputs: Tuple[Tensor, int], output: Tensor) -> Tensor:
    print("after one", self.n)
    return output * 2


def after_two(self, inputs: Tuple[Tensor, int], output: Tensor) -> Tensor:
    print("after two")
    return output + inputs[0]


@program((X,), (X,))
class HooksOfSubmodule(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = WithHooks()
        self.inner.register_forward_pre_hook(before_one)
        self.inner.register_forward_pre_hook(before_two)
        self.inner.register_forward_hook(after_one)
        self.inner.register_forward_hook(after_two)

    def forward(self, x: Tensor):
        return self.inner(x, 3)


def own_before(self, inputs: Tuple[Tensor]) -> Tuple[Tensor]:
    print("own before")
    return (inputs[0] + 1,)


def own_after(self, inputs: Tuple[Tensor], output: Tensor) -> Tensor:
    print("own after")
    return output * 10 + inputs[0]


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_forward_pre_hook(own_before)
        self.register_forward_hook(own_after)
        self.inner = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        print("own forward")
        return x * 2


program((X,))(Hooked)


@program((X,), Call("exported", (X,)))
class Ignored(nn.Module):
    def __init__(self):
        super().__init__()
        self.flag = False

    @torch.jit.unused
    def debug(self, x: Tensor) -> Tensor:
        return x.numpy()

    @torch.jit.export
    def exported(self, x: Tensor) -> Tensor:
        if self.flag:
            return self.debug(x)
        return x * 5

    def forward(self, x: Tensor) -> Tensor:
        if torch.jit.is_scripting():
            return self.exported(x) + 1
        else:
            return self.debug(x)


@program((X,))
class CallsUnused(nn.Module):
    @torch.jit.unused
    def debug(self, x: Tensor) -> Tensor:
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.debug(x)


@program((X,), Call("train_mode"))
class TrainingFlags(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(3)

    @torch.jit.export
    def train_mode(self):
        return self.training, self.drop.training

    def forward(self, x: Tensor):
        if self.training:
            return x
        return self.norm(self.drop(x))


@program(Call("first", (X,)), Call("second", (X, 2)), Call("first", (X,)))
class NoForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.total = 0

    @torch.jit.export
    def first(self, x: Tensor):
        self.total += 1
        return x + self.total

    @torch.jit.export
    def second(self, x: Tensor, n: int):
        return self.first(x) * n


class Config(NamedTuple):
    width: int
    name: str


@program((X,))
class StructuredAttributes(nn.Module):
    config: Config
    table: Dict[str, List[int]]
    nested: List[Tuple[int, str]]
    maybe: Optional[Tensor]
    keyed: Dict[int, Tensor]

    def __init__(self):
        super().__init__()
        self.config = Config(3, "c")
        self.table = {"a": [1], "b": []}
        self.nested = [(1, "x")]
        self.maybe = None
        self.keyed = {1: torch.ones(1)}

    def forward(self, x: Tensor):
        self.table["b"].append(self.config.width)
        self.nested.append((2, self.config.name))
        maybe = self.maybe
        if maybe is None:
            self.maybe = x
        self.keyed[2] = x.sum()
        return self.config, self.table, self.nested, self.maybe, self.keyed


@program((X,), (X,))
class BuffersChange(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("running", torch.zeros(3))
        self.register_buffer("steps", torch.tensor(0))
        self.register_buffer("maybe", None)

    def forward(self, x: Tensor):
        self.running = self.running * 0.9 + x.mean(0) * 0.1
        self.steps += 1
        y = self.running
        self.running.mul_(2)
        return y, int(self.steps), self.maybe is None


class Inner(nn.Module):
    def __init__(self, depth: int):
        super().__init__()
        self.depth = depth
        self.child = Inner(depth - 1) if depth > 0 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.child(x) + self.depth


@program((X,))
class DeepTree(nn.Module):
    def __init__(self):
        super().__init__()
        self.tree = Inner(6)

    def forward(self, x: Tensor) -> Tensor:
        return self.tree(x) + self.tree.child.child.depth


@program((X,))
class StateOfSubmodules(nn.Module):
    def __init__(self):
        super().__init__()
        self.packed = Packed()

    def forward(self, x: Tensor):
        return self.packed(x), self.packed.scale


class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 2.0
        self.names = ["a"]

    @torch.jit.export
    def __getstate__(self) -> Tuple[float, List[str], bool]:
        return self.scale, self.names, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[float, List[str], bool]) -> None:
        self.scale = state[0] * 3
        self.names = state[1] + ["loaded"]
        self.training = state[2]

    def forward(self, x: Tensor):
        return x * self.scale, self.names




@program((X,))
class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.functional.relu
        self.fn = torch.add

    def forward(self, x: Tensor):
        return self.act(x - 2), nn.functional.gelu(x), torch.nn.functional.pad(x, [1, 1]), self.fn(x, 1)


@program((X,))
class KeywordsAndStars(nn.Module):
    def combine(self, a: Tensor, b: int, c: int = 3) -> Tensor:
        return a * b + c

    def forward(self, x: Tensor):
        args = (x, 2)
        return self.combine(*args), self.combine(b=4, a=x), self.combine(x, 1, c=0), torch.add(*(x, x), alpha=2)


@program((X,))
class ModuleResults(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 2, batch_first=True)
        self.embed = nn.Embedding(10, 3)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        return self.lstm(x.unsqueeze(0) * 0.1)


@program((X,))
class NamedChildren(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("0", Scale(2.0))
        self.add_module("with_number_1", Scale(3.0))

    def forward(self, x: Tensor):
        return getattr(self, "0")(x) + self.with_number_1(x), hasattr(self, "missing"), hasattr(self, "with_number_1"), getattr(self, "nothing", 5)
