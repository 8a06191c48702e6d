"""Random programs of image layers, in-place operators, views and lists: with passes they compute what PyTorch computes, strides included."""

import random

import pytest
import torch
from torch import nn

from agreement import difference, native

CHANNELS, SIZE = 4, 6


class Writer:
    """Writes forward(x, r): every image has the sizes of x, so any can go anywhere."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.names = ["x", "r"]
        self.lists = []
        self.count = 0

    def pick(self):
        # Mostly what was just made, so that chains come about.
        return self.random.choice(self.names[-3:] if self.random.random() < 0.7 else self.names)

    def new(self, text, indent=""):
        self.count += 1
        name = f"t{self.count}"
        self.lines.append(f"{indent}{name} = {text}")
        return name

    def layer(self, indent=""):
        a, b, r = self.pick(), self.pick(), self.random
        layer = r.randrange(3)
        if r.random() < 0.45:
            return self.new(r.choice([f"self.conv{layer}({a})", f"self.bn{layer}({a})", f"self.bn{layer}(self.conv{layer}({a}))"]), indent)
        return self.new(
            r.choice(
                [
                    f"torch.relu({a})",
                    f"F.hardtanh({a}, -0.5, 0.7)",
                    f"F.silu({a})",
                    f"{a} + {b}",
                    f"{a} * torch.sigmoid({b})",
                    f"F.max_pool2d({a}, 3, 1, 1)",
                    f"torch.cat([{a}, {b}], 1)[:, {r.randrange(4)}:{CHANNELS + 4}][:, :{CHANNELS}]",
                    f"self.wide(torch.cat([{a}, {b}], 1))",
                    f"F.dropout({a}, 0.5, False)",
                    f"{a}.transpose(2, 3)",
                    f"{a} * {a}.mean([2, 3], True)",
                    f"{a}.reshape({a}.size(0), -1).view({a}.size(0), {CHANNELS}, {SIZE}, {SIZE})",
                    f"self.up(F.avg_pool2d({a}, 2))",
                    f"{a}.clone()",
                    f"{a}.contiguous()",
                ]
            ),
            indent,
        )

    def statement(self):
        r = self.random
        kind = r.random()
        if kind < 0.62:
            self.names.append(self.layer())
        elif kind < 0.82:
            a, b = self.pick(), self.pick()
            # A bounded operator first: values must not grow from program to program.
            write = r.choice(
                [f"{a}.relu_()", f"F.relu({a}, inplace=True)", f"{a}.add_({b})", f"{a}.sigmoid_()", f"{a}[:, 1].mul_(0.5)", f"{a} += {b}",
                 f"{a}.transpose(2, 3).clamp_(-1., 1.)", f"F.hardtanh_({a}, -1., 1.)", f"{a}.copy_({b}.tanh())"]
            )  # fmt: skip
            if a in ("x", "r"):
                return
            if "+=" in write or "[:, 1]" in write or r.random() < 0.5:
                self.lines.append(write)
            else:
                self.names.append(self.new(write))
        elif kind < 0.9:
            name = self.new(f"[{self.pick()}, {self.pick()}]")
            self.lists.append(name)
        elif kind < 0.95 and self.lists:
            self.names.append(self.new(f"{r.choice(self.lists)}[{r.randrange(2)}]"))
        else:
            a = self.pick()
            self.lines.append(f"if {a}.size(0) > {r.randrange(4)}:")
            one = self.layer("    ")
            self.lines.append("else:")
            self.lines.append(f"    {one} = {r.choice(['torch.neg(' + a + ')', a])}")
            self.names.append(one)

    def module(self):
        for _ in range(self.random.randrange(5, 16)):
            self.statement()
        shown = self.random.sample(self.names, min(3, len(self.names))) + [self.names[-1]]
        body = "\n".join("        " + line for line in [*self.lines, "return " + ", ".join(shown)])
        return f"""
import torch
import torch.nn.functional as F
from torch import nn

class Generated(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d({CHANNELS}, {CHANNELS}, 3, padding=1)
        self.conv1 = nn.Conv2d({CHANNELS}, {CHANNELS}, 1, bias=False)
        self.conv2 = nn.Conv2d({CHANNELS}, {CHANNELS}, 3, padding="same", groups={CHANNELS}, dilation=2)
        self.wide = nn.Conv2d({2 * CHANNELS}, {CHANNELS}, 1)
        self.up = nn.ConvTranspose2d({CHANNELS}, {CHANNELS}, 2, 2)
        self.bn0 = nn.BatchNorm2d({CHANNELS})
        self.bn1 = nn.BatchNorm2d({CHANNELS})
        self.bn2 = nn.BatchNorm2d({CHANNELS})

    def forward(self, x, r):
{body}
"""


@pytest.mark.parametrize("seed", range(60))
def test_generated_images(seed, tmp_path, tsrun, monkeypatch):
    text = Writer(seed).module()
    (tmp_path / f"generated_{seed}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__(f"generated_{seed}").Generated()
    torch.manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.5, 1)
            nn.init.normal_(part.bias)
            nn.init.normal_(part.running_mean)
            nn.init.uniform_(part.running_var, 0.8, 2)
    path = str(tmp_path / "model.pt")
    torch.jit.script(module.eval()).save(path)
    optimised = tsrun.load(path, threads=1)
    x, r = torch.randn(2, CHANNELS, SIZE, SIZE), torch.randn(2, CHANNELS, SIZE, SIZE)
    last = torch.channels_last
    for images in ((x, r), (x.contiguous(memory_format=last), r.contiguous(memory_format=last)), (x, r.contiguous(memory_format=last)), (x[:1], r[:1])):
        with torch.no_grad():
            keep = [i.clone() for i in images]
            try:
                want = module(*keep)  # not the compiled one, whose passes may forget that dropout outside training is its input
            except RuntimeError as e:
                assert "single memory location" in str(e), f"{e}\n{text}"
                continue
        args = [i.clone() for i in images]
        wrong = difference(native(optimised(*args)), want, strides=True, tolerance=(1e-4, 1e-4)) or difference(args, keep, where="argument")
        assert not wrong, f"{wrong}\n{text}"
