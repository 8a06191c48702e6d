"""What tracing leaves in a file: sizes as tensors, baked constants, traced functions inside scripts and the reverse."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor, nn

from program import program


@program((torch.randn(2, 3, 4),), (torch.randn(5, 3, 4),), traced=True)
def sizes_flow(x: Tensor):
    b, c, d = x.shape
    return x.view(b, c * d), x.reshape(b * c, -1), x.new_zeros(b, c), x.size(0) * x


@program((torch.randn(2, 3),), (torch.randn(4, 3),), traced=True)
def arithmetic_on_sizes(x: Tensor):
    n = x.shape[0]
    half = (n + 1) // 2
    return x[:half], x[-1], torch.arange(n), torch.zeros(n * 2, n), x / n, x.sum() / x.numel()


@program((torch.randn(3),), traced=True)
def baked_branch(x: Tensor):
    if x.dim() == 1:
        return x * 2
    return x


HALF, DOUBLE, INTEGER = torch.tensor(1.5, dtype=torch.float16), torch.tensor(2.5, dtype=torch.float64), torch.tensor(3)
COMPLEX = torch.tensor(1 + 2j, dtype=torch.complex128)
SCALARS = (torch.tensor(0.5), torch.tensor(0.5, dtype=torch.bfloat16), torch.tensor(2, dtype=torch.int32), torch.tensor(7, dtype=torch.uint8))


@program(*((x,) for x in SCALARS), traced=True)
def constant_is_a_number(x: Tensor):
    """Before it runs a graph PyTorch makes a number of a constant without dimensions on the right of + - * and /: it then promotes less."""
    return x + HALF, x - DOUBLE, x * INTEGER, x / DOUBLE, torch.add(x, DOUBLE, alpha=2), x.float() * COMPLEX, x.sum() * 0.5 - 0.25


@program(*((x,) for x in SCALARS[:2]), traced=True)
def constant_stays_a_tensor(x: Tensor):
    return DOUBLE - x, x**DOUBLE, torch.maximum(x, DOUBLE), x * DOUBLE.clone(), torch.div(x, DOUBLE, rounding_mode="floor"), x.clone().mul_(DOUBLE)


@program((torch.randn(3), torch.randn(3)), traced=True)
def in_place_in_trace(x: Tensor, y: Tensor):
    z = x.clone()
    z[1:] = y[:-1]
    z += 1
    z[z > 0] = 0
    return z


@program((torch.randn(3),), traced=True)
def tuple_and_dict_results(x: Tensor):
    return x, (x + 1, [x * 2, x * 3])


@program(((torch.ones(2), torch.zeros(2)),), traced=True)
def tuple_argument(pair: Tuple[Tensor, Tensor]):
    return pair[0] + pair[1], pair


@program(({"a": torch.ones(2), "b": torch.zeros(2)},), traced=True)
def dict_argument(d: Dict[str, Tensor]):
    return d["a"] - d["b"]


@program(([torch.ones(2), torch.zeros(2)],), traced=True)
def list_argument(xs: List[Tensor]):
    return xs[0] * 2 + xs[1]


@torch.jit.script
def scripted_part(x: Tensor, n: int) -> Tensor:
    for _ in range(n):
        x = x + 1 if x.sum() > 0 else x - 1
    return x


@program((torch.ones(2),), (-torch.ones(2),), traced=True)
def script_inside_trace(x: Tensor):
    return scripted_part(x * 2, 3) + 1


class Inner(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean(0, keepdim=True) + x.shape[0]


@program((torch.ones(2, 3),), (torch.ones(4, 3),))
class TraceInsideScript(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.jit.trace(Inner(), torch.ones(2, 3))

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) if x.size(0) > 1 else x


@program((torch.randn(1, 2, 6, 6),), (torch.randn(2, 2, 6, 6),), traced=True)
class TracedNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(), nn.Linear(36, 3)
        )

    def forward(self, x: Tensor):
        return torch.softmax(self.body(x), -1)


@program((torch.arange(6).reshape(2, 3),), traced=True)
def dtypes_and_devices(x: Tensor):
    return x.float(), x.to(torch.float64), torch.zeros_like(x, dtype=torch.float16), torch.ones(2, device=x.device), x.type_as(x.float())


@program((torch.randn(4, 4),), traced=True)
def indexing_forms(x: Tensor):
    rows = torch.tensor([0, 2])
    return x[rows], x[:, rows], x[..., None], x[1:3, ::2], x[x > 0].sum(), x[rows, rows]


@program((torch.randn(2, 5, 8),), traced=True)
class TracedRecurrent(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.rnn = nn.GRU(8, 6, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor):
        y, h = self.rnn(x)
        return y, h


@program((torch.arange(4),), (torch.tensor(3),), (torch.tensor(2.0),), (torch.ones(2, dtype=torch.half),), traced=True)
def numbers_beside_tensors(x: Tensor):
    """A trace keeps numbers as float64 tensors; they must not decide about dtypes."""
    return x * 0.5, x + 1.25, 2.5 - x, x - 0.5, x / 3, x // 2, x.add(2.5, alpha=2)
