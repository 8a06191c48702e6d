"""References and copies: what a change through one name shows under another."""

from typing import Dict, List

import torch
from torch import Tensor, nn

from program import Call, program


@program(([1, 2],))
def lists_are_shared(xs: List[int]):
    ys = xs
    ys.append(3)
    zs = xs + [4]
    zs[0] = -1
    return xs, ys, zs, xs is ys


@program((torch.zeros(2, 3),))
def views_share_memory(x: Tensor):
    row = x[1]
    row += 1
    col = x[:, 0]
    col.fill_(5)
    flat = x.view(-1)
    flat[2] = 7
    copy = x.clone()
    copy.zero_()
    return x, row, col


@program((torch.zeros(3),))
def in_place_on_argument(x: Tensor) -> Tensor:
    x.add_(1)
    y = x
    y += 1
    z = y * 2
    z -= 1
    return z


@program((torch.zeros(2),))
def augmented_name_is_in_place(x: Tensor):
    y = x
    y = y + 1
    z = x
    z += 5
    return x, y, z


@program((torch.zeros(2), torch.ones(2)))
def tensors_in_containers(x: Tensor, y: Tensor):
    xs = [x, y]
    d = {"x": x}
    xs[0].add_(1)
    d["x"].mul_(10)
    t = (x, y)
    t[1].sub_(1)
    return xs, d, t


@program(({"a": [1]},))
def nested_sharing(d: Dict[str, List[int]]):
    inner = d["a"]
    inner.append(2)
    d["b"] = inner
    d["b"].append(3)
    copy = d.copy()
    copy["a"].append(4)
    copy["c"] = [0]
    return d, copy


def change(xs: List[int], x: Tensor):
    xs.append(len(xs))
    x += 1
    xs = [100]
    x = x * 0


@program(([5], torch.zeros(1)))
def arguments_are_references(xs: List[int], x: Tensor):
    change(xs, x)
    return xs, x


@program((3,))
def loop_appends_same_list(n: int) -> List[List[int]]:
    row: List[int] = []
    table: List[List[int]] = []
    for i in range(n):
        row.append(i)
        table.append(row)
    return table


@program((torch.ones(2),), (torch.ones(2),), Call("peek"))
class StateByReference(nn.Module):
    items: List[Tensor]

    def __init__(self):
        super().__init__()
        self.buffer = torch.zeros(2)
        self.items = []

    @torch.jit.export
    def peek(self):
        return self.buffer, self.items

    def forward(self, x: Tensor) -> Tensor:
        b = self.buffer
        b += x
        self.items.append(b.clone())
        return b * 1


@program((torch.arange(4.0),))
def overlapping_copy(x: Tensor) -> Tensor:
    y = x.clone()
    y[1:] = x[:-1]
    return y


@program((torch.ones(3, 1),))
def write_through_expand(x: Tensor):
    y = x.expand(3, 4)
    x[0, 0] = 9
    return y


@program((torch.zeros(4),))
def evaluation_order(x: Tensor):
    log: List[int] = []
    total = note(log, 1) + note(log, 2) * note(log, 3)
    pair = (note(log, 4), [note(log, 5), note(log, 6)])
    return total, pair, log


def note(log: List[int], n: int) -> int:
    log.append(n)
    return n


@program((torch.zeros(2, 2),))
def out_arguments(x: Tensor):
    y = torch.empty(2, 2)
    torch.add(x, 1, out=y)
    return y, x


@program((torch.arange(3),))
def detach_and_numpy_style(x: Tensor):
    y = x.detach()
    y[0] = 5
    z = x.to(torch.int64)
    z[1] = 7
    w = x.to(torch.float32)
    w[2] = 9
    return x, y, z, w
