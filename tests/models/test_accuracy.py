"""How far results lie from those in double precision: Winograd's algorithm rounds more than a plain sum, but not much more."""

import pytest
import torch

from agreement import native
from build_models import build

BOUND = 1e-5  # of the largest output; the bound that docs/architecture.md states for the default

NETWORKS = "resnet18 resnet50 vgg11_bn googlenet inception_v3 densenet121 squeezenet1_1 efficientnet_b0 mobilenet_v2".split()


def distance(got, exact):
    return ((got.double() - exact).abs().max() / exact.abs().max()).item()


@pytest.mark.parametrize("exact", (False, True), ids=("default", "exact"))
@pytest.mark.parametrize("name", NETWORKS)
def test_network(name, exact, tsrun, cache):
    files = build(f"{name}_traced", str(cache / "models"))
    call = torch.load(files["calls"], weights_only=True)[0]
    wide = torch.jit.load(files["model"]).double()(*(x.double() for x in call["args"]))
    got = native(tsrun.load(files["model"], exact=exact)(*call["args"]))
    first = lambda y: y[0] if isinstance(y, (tuple, list)) else y  # noqa: E731
    assert distance(first(got), first(wide)) < BOUND


class Convolution(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Conv2d(128, 128, 3, padding=1)

    def forward(self, x):
        return self.layer(x)


def test_exact_sums_directly(tsrun, tmp_path):
    torch.manual_seed(3)
    module = Convolution()
    torch.jit.save(torch.jit.script(module), tmp_path / "m.pt")
    x = torch.randn(1, 128, 40, 40)
    wide = module.double()(x.double()).detach()
    loaded = tsrun.load(tmp_path / "m.pt")
    fast = distance(native(loaded(x)), wide)
    plain = distance(native(loaded.session(exact=True)(x)), wide)
    assert plain < 5e-7
    assert plain < fast < 5e-6  # the session of the same module took the other way
