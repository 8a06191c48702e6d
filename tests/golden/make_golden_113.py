#!/usr/bin/env python3
"""Writes the golden models of PyTorch 1.13 (Debian: apt-get install python3-torch, then /usr/bin/python3 make_golden_113.py).

The same three files for each name as make_golden.py; names end in _113. The archives are packed anew without the records that name
Python files of the machine they were made on.
"""

import io
import pathlib
import zipfile
from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

HERE = pathlib.Path(__file__).resolve().parent


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.GELU(), nn.MaxPool2d(2), nn.Dropout())
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        n = x.size(0)
        y = self.body(x).mean((2, 3)).view(n, -1)
        return torch.softmax(self.head(y), 1), y / n, torch.linspace(0, 1, 5) * n


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.lstm = nn.Embedding(12, 6), nn.LSTM(6, 5, 2, bidirectional=True)

    def forward(self, ids: Tensor, state: Optional[Tuple[Tensor, Tensor]] = None):
        return self.lstm(self.embed(ids), state)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)

    def forward(self, x: Tensor):
        return self.layers(x)


class Kind(Enum):
    SMALL = 1
    LARGE = 10


class Summary(NamedTuple):
    total: int
    words: List[str]
    mean: float = 0.5


def summarise(xs: List[int], names: Dict[str, int]) -> Summary:
    words: List[str] = []
    for k, v in names.items():
        words.append(f"{k}={v}")
    return Summary(sum(xs), words, sum(xs) / max(len(xs), 1))


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.value = start
        self.log: List[str] = []

    def add(self, n: int) -> int:
        self.value += n
        self.log.append(str(n))
        return self.value


class Language(nn.Module):
    table: Dict[str, List[int]]

    def __init__(self):
        super().__init__()
        self.kind = Kind.LARGE
        self.table = {"a": [1, 2], "b": []}
        self.register_buffer("seen", torch.zeros(2))

    def forward(self, x: Tensor, xs: List[int], names: Dict[str, int], limit: Optional[float] = None):
        self.seen += x
        counter = Counter(xs[0])
        for i, n in enumerate(xs[::-1]):
            if n < 0:
                continue
            if i > 3:
                break
            counter.add(n * self.kind.value)
        future = torch.jit.fork(summarise, xs, names)
        with torch.no_grad():
            y = x * 2 if limit is None else x.clamp(max=limit)
        while y.sum() < 10:
            y = y + 1
        self.table["b"].append(counter.value)
        done = torch.jit.wait(future)
        return y, self.seen, counter.log, done, self.table, done.words[-1].upper(), -7 // 2, 7 % -3, 2**3, torch.full([2], 3)


def goldens():
    r = torch.randn
    return {
        "network_scripted": (torch.jit.script(Network().eval()), (r(2, 3, 6, 6),)),
        "network_traced": (torch.jit.trace(Network().eval(), r(1, 3, 6, 6)), (r(3, 3, 6, 6),)),
        "network_frozen": (torch.jit.freeze(torch.jit.script(Network().eval())), (r(2, 3, 6, 6),)),
        "recurrent": (torch.jit.script(Recurrent().eval()), (torch.randint(0, 12, (4, 2)),)),
        "transformer": (torch.jit.script(Transformer().eval()), (r(2, 5, 8),)),
        "language": (torch.jit.script(Language().eval()), (torch.ones(2), [3, -1, 4, 1], {"u": 1, "v": 2}, 1.5)),
    }


def save(module, path):
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry))


def plain(value):
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(plain(v) for v in value)
    return value.detach() if isinstance(value, Tensor) else value


def main():
    assert torch.__version__.startswith("1.13"), torch.__version__
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for name, (module, args) in goldens().items():
        path = HERE / f"{name}_113"
        save(module, f"{path}.pt")
        torch.save(args, f"{path}.inputs.pt")
        with torch.no_grad():
            torch.save(plain(torch.jit.load(f"{path}.pt")(*args)), f"{path}.expected.pt")


if __name__ == "__main__":
    main()
