"""Models that make the passes' life hard: what they compute, with passes and as written, is what PyTorch computes, strides included."""

import pytest
import torch
from torch import Tensor, nn

from agreement import difference, native


class Block(nn.Module):
    """Convolution, norm, sum and activation, as residual networks have them; the norm's numbers are not those of a fresh one."""

    def __init__(self, channels: int = 8, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(channels)
        for bn in (self.bn1, self.bn2):
            nn.init.normal_(bn.weight)
            nn.init.normal_(bn.bias)
            nn.init.normal_(bn.running_mean)
            nn.init.uniform_(bn.running_var, 0.5, 2)

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += x
        return self.relu(y)


class Seen(Block):
    """Every tensor between the layers is handed out."""

    def forward(self, x):
        a = self.conv1(x)
        b = self.bn1(a)
        c = torch.relu(b)
        d = self.conv2(c)
        return a, b, c, d, d.transpose(1, 2), torch.relu(d + c), d.stride(), d.is_contiguous()


class Written(Block):
    """Tensors between the layers change while views of them are held."""

    def forward(self, x):
        a = self.conv1(x)
        rows = a.transpose(2, 3)
        b = self.bn1(a)
        a.mul_(2)
        c = self.conv2(b)
        first = c[:, 0]
        c.relu_()
        kept = [c]
        d = self.conv1(c)
        kept[0].add_(1)
        return rows, b, first, d, self.conv2(c)


class Mutable(nn.Module):
    """Methods change what another method has been compiled from."""

    def __init__(self):
        super().__init__()
        self.block = Block()
        self.linear = nn.Linear(6, 5)
        self.register_buffer("table", torch.eye(5))
        self.register_buffer("same", self.table)
        self.gain = 2.0

    def forward(self, x):
        return torch.relu(self.linear(self.block(x))) @ (self.table * 2.0) * self.gain

    @torch.jit.export
    def scale_weights(self, by: float):
        self.block.conv1.weight.mul_(by)
        self.block.bn1.running_mean.add_(by)
        self.linear.weight.mul_(by)

    @torch.jit.export
    def change_table(self):
        self.same[0].add_(3.0)

    @torch.jit.export
    def set_gain(self, gain: float):
        self.gain = gain

    @torch.jit.export
    def replace(self, t: Tensor):
        self.linear.bias.copy_(t)


class Pyramid(nn.Module):
    """Regions with several exits, a concatenation, a gate, resampling and a branch."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.block = Block()
        self.gate = nn.Conv2d(8, 8, 1)
        self.depthwise = nn.Conv2d(16, 16, 3, padding="same", groups=16)
        self.up = nn.ConvTranspose2d(16, 4, 2, 2)
        self.norm = nn.BatchNorm2d(4)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):
        features = []
        y = nn.functional.silu(self.stem(x))
        features.append(y)
        z = self.block(nn.functional.max_pool2d(y, 3, 1, 1))
        z = z * torch.sigmoid(self.gate(nn.functional.adaptive_avg_pool2d(z, 1)))
        z = torch.cat([z, y], 1)
        if z.size(2) > 100:
            z = z + 1
        z = self.dropout(nn.functional.hardswish(self.depthwise(z)))
        features.append(z)
        z = nn.functional.leaky_relu(self.norm(self.up(z)), 0.1)
        features.append(nn.functional.interpolate(z, scale_factor=2.0))
        features.append(z.mean([2, 3]))
        return features, z.flatten(1)


def images(channels, *sizes):
    """The same image in the memory orders that decide about strides."""
    x = torch.randn(2, channels, *sizes)
    return {"contiguous": x, "channels_last": x.contiguous(memory_format=torch.channels_last), "transposed": x.transpose(2, 3)}


def saved(module, path, example=None):
    compiled = torch.jit.script(module.eval()) if example is None else torch.jit.trace(module.eval(), example, check_trace=False)
    compiled.save(path)
    return torch.jit.load(path)


def fresh(x):
    return x.clone(memory_format=torch.preserve_format)


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
@pytest.mark.parametrize("traced", (False, True), ids=("scripted", "traced"))
@pytest.mark.parametrize("model, channels", ((Block, 8), (Seen, 8), (Written, 8), (Pyramid, 3)))
def test_images(model, channels, traced, optimize, tmp_path, tsrun):
    torch.manual_seed(3)
    path = str(tmp_path / "model.pt")
    shapes = images(channels, 9, 6)
    if traced and model is Seen:
        pytest.skip("strides as numbers are constants of a trace")
    with torch.no_grad():
        reference = saved(model(), path, shapes["contiguous"] if traced else None)
        module = tsrun.load(path, optimize=optimize)
        for order, x in shapes.items():
            want, got = reference(fresh(x)), native(module(fresh(x)))
            wrong = difference(got, want, strides=True, tolerance=(1e-4, 2e-5))
            assert not wrong, f"{order}: {wrong}"


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
def test_changes_are_seen(optimize, tmp_path, tsrun):
    torch.manual_seed(4)
    path = str(tmp_path / "model.pt")
    with torch.no_grad():
        reference = saved(Mutable(), path)
        module = tsrun.load(path, optimize=optimize)
        x = torch.randn(2, 8, 5, 6)
        steps = [
            lambda m: None,
            lambda m: m.scale_weights(0.5),
            lambda m: m.change_table(),
            lambda m: m.set_gain(-1.5),
            lambda m: m.replace(torch.arange(5.0)),
            lambda m: m.train(),
            lambda m: m.eval(),
        ]
        for number, step in enumerate(steps):
            step(reference)
            step(module)
            for _ in range(2):
                wrong = difference(native(module(fresh(x))), reference(fresh(x)), tolerance=(1e-4, 2e-5))
                assert not wrong, f"after step {number}: {wrong}"


class Layers(nn.Module):
    """Layers that keep several weights prepared; a method changes one of each."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 8, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(16, 8, batch_first=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        y, _ = self.lstm(x)
        z, _ = self.gru(y)
        return self.attention(z, z, z)[0]

    @torch.jit.export
    def change(self, which: int):
        with torch.no_grad():
            if which == 0:
                self.lstm.weight_hh_l0.mul_(2.0)
            elif which == 1:
                self.gru.weight_ih_l0.neg_()
            elif which == 2:
                self.attention.in_proj_weight.mul_(3.0)


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
def test_changes_of_prepared_weights_are_seen(optimize, tmp_path, tsrun):
    torch.manual_seed(6)
    path = str(tmp_path / "model.pt")
    with torch.no_grad():
        reference = saved(Layers(), path)
        module = tsrun.load(path, optimize=optimize)
        x, answers = torch.randn(2, 5, 8), []
        for which in (-1, 0, 1, 2):
            reference.change(which)
            module.method("change")(which)
            for _ in range(3):
                answers.append(reference(x))
                wrong = difference(native(module(x)), answers[-1], tolerance=(1e-4, 2e-5))
                assert not wrong, f"after change {which}: {wrong}"
        assert len({float(a.sum()) for a in answers}) == 4


def test_other_dtypes_and_ranks(tmp_path, tsrun):
    """What the fused kernels do not take goes the general way, or is refused as in PyTorch."""
    torch.manual_seed(5)

    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3)
            self.linear = nn.Linear(4, 3)

        def forward(self, x):
            y = torch.sigmoid(self.conv(x) + 1)
            z = torch.relu(self.conv(x))
            return y, z, nn.functional.gelu(self.linear(z.mean(-1).transpose(-1, -2)))

    path = str(tmp_path / "model.pt")
    with torch.no_grad():
        reference = saved(Plain(), path)
        module = tsrun.load(path)
        for x in (torch.randn(2, 3, 8, 7), torch.randn(3, 8, 7), torch.randn(0, 3, 8, 7)):
            wrong = difference(native(module(x)), reference(x), strides=True)
            assert not wrong, f"{list(x.shape)}: {wrong}"
        for x in (torch.randn(2, 3, 8, 7, dtype=torch.float64), torch.randn(8, 7), torch.randn(2, 5, 8, 7), torch.randn(2, 3, 2, 2)):
            with pytest.raises(RuntimeError):
                reference(x)
            with pytest.raises(tsrun.Error):
                module(x)
        reference.double().save(path)
        x = torch.randn(2, 3, 8, 7, dtype=torch.float64)
        wrong = difference(native(tsrun.load(path)(x)), torch.jit.load(path)(x), strides=True)
        assert not wrong, wrong
        reference.to(torch.bfloat16).save(path)
        x = x.to(torch.bfloat16)
        wrong = difference(native(tsrun.load(path)(x)), torch.jit.load(path)(x), strides=True, tolerance=(3e-2, 3e-2))
        assert not wrong, wrong
