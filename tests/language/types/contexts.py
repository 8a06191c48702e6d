"""with blocks of script classes, and objects that hold other objects."""

from typing import Any, List

import torch
from torch import Tensor, nn

from program import program


@torch.jit.script
class Recorder:
    def __init__(self, log: List[str], name: str):
        self.log = log
        self.name = name

    def __enter__(self) -> int:
        self.log.append("enter " + self.name)
        return len(self.log)

    def __exit__(self, kind: Any, value: Any, trace: Any):
        self.log.append("exit " + self.name)


@program((3,))
def with_block(n: int):
    log: List[str] = []
    with Recorder(log, "a") as depth:
        log.append(str(n + depth))
    return log


@program((1,))
def nested_with(n: int):
    log: List[str] = []
    with Recorder(log, "a"), Recorder(log, "b") as depth:
        with Recorder(log, "c"):
            log.append(str(depth * n))
    return log


@program(([1, 2, 3],))
def with_in_a_loop(xs: List[int]):
    log: List[str] = []
    total = 0
    for x in xs:
        with Recorder(log, str(x)):
            total += x
    return total, log


@torch.jit.script
class Holder:
    def __init__(self, x: Tensor):
        self.x = x

    def bump(self):
        self.x += 1


@program((torch.zeros(2),))
def object_holds_the_tensor_itself(x: Tensor):
    h = Holder(x)
    h.bump()
    h.bump()
    h.x = h.x * 10
    h.bump()
    return x, h.x


@torch.jit.script
class Loud:
    def __init__(self, name: str):
        self.name = name

    def __enter__(self) -> str:
        print("enter", self.name)
        if self.name == "fails":
            raise ValueError("in __enter__")
        return self.name

    def __exit__(self, kind: Any, value: Any, trace: Any):
        print("exit", self.name)
        if self.name == "fails late":
            raise RuntimeError("in __exit__")


def raises(text: str):
    with Loud("inner"):
        raise KeyError(text)


@program((0,), (1,), (2,), (3,), (4,))
def errors_run_exits(n: int):
    if n == 0:
        with Loud("a"), Loud("fails"):
            print("body")
    elif n == 1:
        with Loud("a"):
            with Loud("fails late"):
                print("body")
    elif n == 2:
        with Loud("a"), Loud("b"):
            for i in range(3):
                with Loud("c"):
                    raise KeyError("k")
    elif n == 3:
        with Loud("a"):
            with Loud("fails late"):
                raises("text")
    return n


@program((True,), (False,))
class ErrorUnderNoGrad(nn.Module):
    def forward(self, fails: bool):
        with torch.no_grad():
            if fails:
                raise ValueError("without gradients")
            inside = torch.is_grad_enabled()
        return inside, torch.is_grad_enabled()
