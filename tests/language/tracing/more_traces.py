"""Traces of many kinds: sizes, loops unrolled, containers in and out, scripts inside, modules of all families, in-place work."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from program import program

torch.manual_seed(0)
A, B = torch.randn(4, 6), torch.randn(3, 6)


def traced(*calls):
    return program(*calls, traced=True)


@traced((A,), (B,))
def shape_products(x: Tensor):
    n, m = x.shape
    return x.view(-1), x.reshape(m, n), x.view(1, n, m), x.new_ones(n, m + 1), torch.zeros(x.size(0) + x.size(1)), x.expand(2, n, m)


@traced((A,), (B,))
def sizes_as_numbers(x: Tensor):
    n = x.size(0)
    return x * n, x / n, x + n // 2, x - n % 3, n * torch.ones(2), torch.tensor(n), x.sum() / (n * x.size(1)), -n + x[0, 0]


@traced((A,), (B,))
def sizes_in_slices(x: Tensor):
    n = x.shape[0]
    return x[: n // 2], x[n - 1], x[-n:], x[:, : x.size(1) // n], x.narrow(0, 0, n - 1), x.split(n - 1), x.chunk(2, 1)


@traced((A,), (B,))
def returned_sizes(x: Tensor):
    return torch.tensor(x.shape[0]), x.new_tensor(x.numel()), x * x.dim(), x.sum(0).shape[0] * x


@traced((A,))
def python_loop(x: Tensor):
    out = []
    for row in x:
        out.append(row.sum() * len(out))
    for i in range(3):
        x = x + i
    return torch.stack(out), x, {"k": out[0]}["k"]


@traced((A, [B, B + 1]))
def list_in(x: Tensor, ys: List[Tensor]):
    return torch.cat([x] + ys), ys[0] * 2, [ys[1], x]


class Pair(NamedTuple):
    left: Tensor
    right: Tensor


@traced((A,))
def named_tuple_out(x: Tensor):
    return Pair(x + 1, x * 2)


@traced(((A, (B, B)),))
def nested_tuples(t: Tuple[Tensor, Tuple[Tensor, Tensor]]):
    a, (b, c) = t
    return (a * 2, (b, c + 1)), c


@traced((A,))
def inplace_everything(x: Tensor):
    y = torch.zeros_like(x)
    y[0] = x[1]
    y[:, 1] = 5
    y[1:3, ::2] += x[1:3, ::2]
    y.view(-1)[3] = -1
    y[x > 0.5] = 9
    y[[0, 2], [1, 3]] = torch.tensor([7.0, 8.0])
    y.t()[2].mul_(2)
    y.masked_fill_(y == 0, 0.25)
    return y


@traced((A,))
def changes_its_input(x: Tensor):
    x.add_(1)
    x[0] = 0
    return x.sum()


@traced((A,))
def advanced_indexing(x: Tensor):
    i = torch.tensor([2, 0, 1])
    return x[i], x[:, i], x[i, i], x[i][:, None], x[..., -1], x[None, :, 1:4:2], x[1:, i], x[torch.tensor(1)]


@traced((A,))
def dtype_changes(x: Tensor):
    return x.double(), x.half(), x.int(), x.bool(), x.long() + 1, x.to(torch.bfloat16), x.type(torch.float64), (x > 0).float(), x.to(x.dtype), x.type_as(x.long())


@traced((A,))
def factories(x: Tensor):
    return (
        torch.arange(x.size(0)),
        torch.arange(0, x.size(1), 2),
        torch.linspace(0, 1, 5),
        torch.eye(3),
        torch.full((2, 2), 3.5),
        torch.tensor([1, 2]),
        torch.tensor(1.5),
        torch.ones(x.shape),
        torch.zeros_like(x),
        torch.full_like(x, 2),
        x.new_full((2,), 1.0),
        torch.empty_like(x).fill_(2),
    )


@torch.jit.script
def branchy(x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
    if x.sum() > 0:
        return x * n, x
    for i in range(n):
        x = x - 1
        if i > 1:
            break
    return x, x * -n


@traced((A,), (-A,))
def scripted_function_inside(x: Tensor):
    y, n = branchy(x, 3)
    return y * 2, x + n


class ScriptedPart(nn.Module):
    def forward(self, x: Tensor, scale: Optional[float] = None) -> Tensor:
        if scale is not None:
            return x * scale
        out = torch.zeros_like(x)
        for i in range(x.size(0)):
            if x[i].sum() > 0:
                out[i] = x[i]
        return out


@traced((A,), (B - 1,))
class ScriptedModuleInside(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = torch.jit.script(ScriptedPart())
        self.plain = nn.Linear(6, 6)

    def forward(self, x: Tensor):
        return self.part(self.plain(x)), self.part(x, 2.0)


@traced((A,))
def matrices(x: Tensor):
    return x @ x.t(), torch.einsum("ij,kj->ik", x, x), torch.matmul(x.t(), x), torch.bmm(x[None], x.t()[None]), x.mm(x.t()).trace(), torch.addmm(x, x, torch.eye(6), beta=2, alpha=0.5)


@traced((A,))
def reductions(x: Tensor):
    return x.sum(), x.mean(1), x.std(), x.var(0, unbiased=False), x.max(), x.max(1), x.argmax(-1), x.prod(1), x.norm(), x.topk(2), x.sort(0), x.cumsum(1), x.median(1).values, x.any(), x.logsumexp(1)


@traced((A,))
def functional(x: Tensor):
    return F.relu(x), F.softmax(x, 1), F.log_softmax(x, -1), F.layer_norm(x, (6,)), F.gelu(x), F.silu(x), F.normalize(x), F.one_hot(torch.tensor([1, 0]), 3), F.pad(x, (1, 2)), F.dropout(x, 0.5, False), F.leaky_relu(x, 0.2), F.elu(x)


@traced((torch.randn(1, 3, 8, 8),), (torch.randn(2, 3, 8, 8),))
class Vision(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.Hardswish())
        self.depth = nn.Conv2d(8, 8, 3, 1, 1, groups=8)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x: Tensor):
        y = self.stem(x)
        z = self.up(self.depth(y) + y)
        z = F.interpolate(z, scale_factor=2.0, mode="bilinear", align_corners=False)
        z = F.interpolate(z, size=x.shape[-2:], mode="nearest")
        return z, self.pool(y).flatten(1), F.max_pool2d(x, 2), F.avg_pool2d(x, 3, 1, 1), F.pixel_shuffle(y, 2)


@traced((torch.randn(2, 5, 8),), (torch.randn(3, 5, 8),))
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.q, self.k, self.v = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)
        self.register_buffer("mask", torch.tril(torch.ones(16, 16)) == 0)

    def forward(self, x: Tensor):
        b, t, c = x.size()
        q, k, v = (m(self.norm(x)).view(b, t, 2, c // 2).transpose(1, 2) for m in (self.q, self.k, self.v))
        w = (q @ k.transpose(-2, -1)) / (c // 2) ** 0.5
        w = w.masked_fill(self.mask[:t, :t], float("-inf")).softmax(-1)
        y = (w @ v).transpose(1, 2).contiguous().view(b, t, c)
        return y + x, F.scaled_dot_product_attention(q, k, v, is_causal=True)


@traced((torch.randint(0, 9, (2, 4)),), (torch.randint(0, 9, (3, 5)),))
class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words, self.places = nn.Embedding(10, 6, padding_idx=0), nn.Embedding(16, 6)
        self.rnn = nn.LSTM(6, 4, 2, bidirectional=True)
        self.cell = nn.GRUCell(6, 4)

    def forward(self, ids: Tensor):
        x = self.words(ids) + self.places(torch.arange(ids.size(1), device=ids.device))
        y, (h, c) = self.rnn(x)
        return y, h, c, self.cell(x[:, 0])


@traced((A,))
class TraceWithBuffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(6))

    def forward(self, x: Tensor):
        self.seen += x.sum(0)
        return self.seen * 2


@traced((A,))
def constants_baked(x: Tensor):
    k = float(x.shape[0]) * 2
    w = torch.arange(6.0)
    return x * k + w, x.item() if x.numel() == 1 else x.sum().item() * x


@traced((A,))
def complex_numbers(x: Tensor):
    z = torch.complex(x, x + 1)
    return z.abs(), torch.view_as_real(z * 1j), z.real, z.conj() * z, torch.angle(z)


@traced((A,))
def random_free_of_seed(x: Tensor):
    return torch.zeros_like(x).bernoulli_(1.0), F.dropout(x, 0.0, True)


@traced((A, torch.tensor([3, 1, 2, 0])))
def gather_scatter(x: Tensor, i: Tensor):
    return x.gather(0, i[:, None]), torch.zeros(4, 6).scatter_(0, i[None].expand(1, 4), 1.0), x.index_select(0, i), x.index_add(0, i, x), torch.where(x > 0, x, -x), x.masked_select(x > 1), torch.take(x, i)


@traced((A,))
def unused_results(x: Tensor):
    v, _ = x.max(0)
    a, b, c = x.split([1, 2, 1])
    d = x.unbind(1)[2]
    return v, b, d


@traced((A,), (B,))
def conditional_on_shape(x: Tensor):
    if x.size(0) % 2:
        x = F.pad(x, (0, 0, 0, 1))
    return x.view(x.size(0) // 2, 2, -1)


@traced((A, 2.0 * torch.ones(1)), (A, torch.zeros(1)))
def clamp_with_tensors(x: Tensor, k: Tensor):
    return x.clamp(min=0), x.clamp(-k, k), torch.minimum(x, k), x.pow(k), x.fmod(k), torch.atan2(x, k), x // 0.3


@program((A,))
def traced_inside_script(x: Tensor):
    return TRACED(x) + 1 if x.size(0) > 2 else x


def trace_target(x: Tensor):
    return x * x.shape[0]


TRACED = torch.jit.trace(trace_target, A)
