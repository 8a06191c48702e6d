#!/usr/bin/env python3
"""Writes the golden models beside this file: small archives with inputs and PyTorch's answers, so that they run without PyTorch.

NAME.pt             the archive, without the records that name Python files of the machine it was made on
NAME.inputs.pt      the arguments of forward, a tuple
NAME.expected.pt    what PyTorch 2.13 returns
"""

import io
import pathlib
import sys
import warnings
from typing import Dict, List

import torch
from torch import Tensor, nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "models"))

import documents  # noqa: E402
from registry import plain, script, trace  # noqa: E402


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.gru = nn.LSTM(6, 8, batch_first=True, bidirectional=True), nn.GRU(16, 4, 2, batch_first=True)

    def forward(self, x):
        return self.gru(self.lstm(x)[0])


class Layers(nn.Module):
    """One of many kinds of layers, on a picture."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.Hardswish())
        self.depthwise = nn.Conv2d(8, 8, 5, padding=2, groups=8)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.norms = nn.ModuleList([nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True)])

    def forward(self, x: Tensor):
        x = self.stem(x)
        x = self.up(nn.functional.max_pool2d(nn.functional.silu(self.depthwise(x)), 2))
        for norm in self.norms:
            x = norm(x)
        y = nn.functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
        return nn.functional.adaptive_avg_pool2d(y, 3), y.permute(0, 2, 3, 1)[:, ::2], torch.softmax(x.flatten(1), -1).topk(3)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(20, 16)
        self.layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
        self.head = nn.Linear(16, 20, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids):
        return self.head(self.layer(self.tokens(ids)))


class Dtypes(nn.Module):
    def forward(self, x: Tensor, n: int, k: float):
        return (
            x.half() * k,
            x.to(torch.bfloat16),
            x.double() / n,
            x.to(torch.int32) // n,
            x > k,
            x.to(torch.uint8) % 7,
            torch.complex(x, -x),
            x.sum(),
            n * k,
            -n,
            "done",
        )


class Forks(nn.Module):
    """Tasks that see outer values, fail and are waited for, beside strings and dictionaries."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def part(self, x: Tensor, k: int):
        if k == 2:
            raise ValueError("no part " + str(k))
        return self.linear(x) * k

    def forward(self, x: Tensor, words: List[str]):
        counts: Dict[str, int] = {}
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        parts = [torch.jit.fork(self.part, x, k) for k in range(4)]
        total = torch.zeros_like(x)
        for k in range(4):
            if k != 2:
                total = total + torch.jit.wait(parts[k])
        return total, counts, [f"{k}: {v}" for k, v in counts.items()]


def goldens():
    r = torch.randn
    return {
        "simplenet": (script(documents.SimpleNet()), (r(3, 10),)),
        "simplecnn_traced": (trace(documents.SimpleCNN(), r(1, 3, 16, 16)), (r(2, 3, 16, 16),)),
        "simplecnn_frozen": (torch.jit.freeze(script(documents.SimpleCNN())), (r(1, 3, 16, 16),)),
        "dynamic_router": (script(documents.DynamicRouter(16, 4)), (r(9, 16),)),
        "process_outputs": (script(documents.ProcessOutputs()), (r(2, 9), None, 4)),
        "sign_branch": (script(documents.SignBranch()), (-torch.ones(2, 2),)),
        "listed_types": (script(documents.ListedTypes()), (r(5, 2), ["a", "b"], {"a": 2.0}, 1.5, True)),
        "recurrent": (script(Recurrent()), (r(2, 5, 6),)),
        "layers": (script(Layers()), (r(2, 3, 17, 20),)),
        "attention": (trace(Attention(), torch.zeros(1, 4, dtype=torch.int64)), (torch.randint(0, 20, (2, 7)),)),
        "dtypes": (script(Dtypes()), (torch.tensor([0.0, 1.5, 2.0, 100.25]), 3, 1.5)),
        "forks": (script(Forks()), (r(3, 4), ["b", "a", "b", ""])),
    }


def save(module, path):
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    reader, writer = torch._C.PyTorchFileReader(io.BytesIO(buffer.getvalue())), torch._C.PyTorchFileWriter(str(path))
    for name in reader.get_all_records():
        if not name.endswith(".debug_pkl") and name not in ("version", "byteorder", ".data/serialization_id"):
            record = reader.get_record(name)
            writer.write_record(name, record, len(record))
    writer.write_record("byteorder", b"little", 6)
    writer.write_end_of_file()


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    for name, (module, args) in goldens().items():
        save(module, HERE / f"{name}.pt")
        torch.save(args, HERE / f"{name}.inputs.pt")
        with torch.no_grad():
            torch.save(plain(torch.jit.load(str(HERE / f"{name}.pt"))(*args)), HERE / f"{name}.expected.pt")


if __name__ == "__main__":
    main()
