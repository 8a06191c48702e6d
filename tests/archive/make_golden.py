#!/usr/bin/env python3
"""Makes the small files of PyTorch that the archive's unit tests read, into tests/archive/golden."""
import collections
import os
import pathlib
import zipfile

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent / "golden"


class Net(nn.Module):
    names: dict[str, int]

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 2)
        self.register_buffer("conjugated", torch.complex(torch.tensor([1.0, 2.0]), torch.tensor([3.0, -4.0])).conj())
        self.names = {"a": 1, "b": 1 << 40}

    def forward(self, x):
        y = self.linear(x)
        if y.sum() > 100:
            raise ValueError("too much")
        return torch.relu(y)


def values():
    x = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    return collections.OrderedDict(
        tensor=x,
        transposed=x.t(),
        row=x[1],
        parameter=nn.Parameter(torch.ones(2)),
        empty=torch.empty(0, 3),
        scalar=torch.tensor(7),
        long=torch.tensor([1, -2, 1 << 40]),
        half=torch.tensor([0.5, -1.0], dtype=torch.float16),
        bool=torch.tensor([True, False]),
        complex_tensor=torch.tensor([1 + 2j]),
        conjugated=torch.tensor([1 + 2j, 3 - 4j]).conj(),
        negated=torch.tensor([1 + 2j, 3 - 4j]).conj().imag,
        float8=torch.tensor([1.0, 2.0]).to(torch.float8_e4m3fn),
        uint16=torch.tensor([1, 65535], dtype=torch.uint16),
        nested=(1, [2.5, None, "text"], {"k": (True, False)}),
        complex=3 - 4j,
        device=torch.device("cuda", 1),
        dtype=torch.float64,
        size=torch.Size([2, 3]),
        set={5},
        bytes=b"\x00\xff",
        many=list(range(1500)),
        big=-(1 << 62),
        cycle_free=[[1], [1]],
    )


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    torch.save(values(), FOLDER / "values.pt")
    torch.save(values(), FOLDER / "values_protocol4.pt", pickle_protocol=4)
    older = {k: v for k, v in values().items() if k not in ("float8", "uint16")}
    torch.save(older, FOLDER / "values_legacy.pt", _use_new_zipfile_serialization=False)
    # The debug records keep the path of the source: a relative one is the same on every machine.
    os.chdir(FOLDER.parent)
    Net.forward.__code__ = Net.forward.__code__.replace(co_filename="make_golden.py")
    net = torch.jit.script(Net())
    net.save(FOLDER / "net.pt", _extra_files={"note.txt": "hello"})
    with zipfile.ZipFile(FOLDER / "net.pt") as source, zipfile.ZipFile(FOLDER / "net_rezipped.pt", "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename), source.read(info), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
