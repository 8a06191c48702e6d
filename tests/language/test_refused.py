"""What tsrun declines although PyTorch runs it: the error names the reason."""

import pytest
import torch

from agreement import kind_of


@torch.jit.script
def backward(x: torch.Tensor):
    y = x.clone().requires_grad_()
    y.sum().backward()
    return y.grad


@torch.jit.script
def backward_of_several(x: torch.Tensor):
    y = x.clone().requires_grad_()
    torch.autograd.backward([y.sum()])
    return y.grad


@torch.jit.script
def grad(x: torch.Tensor):
    y = x.clone().requires_grad_()
    return torch.autograd.grad([(y * y).sum()], [y])[0]


@pytest.mark.parametrize("function", (backward, backward_of_several, grad), ids=lambda f: f.name)
def test_gradients(function, tmp_path, tsrun):
    path = str(tmp_path / "program.pt")
    function.save(path)
    with pytest.raises(tsrun.Error, match="gradients are not computed") as raised:
        tsrun.load(path)(torch.ones(2))
    assert kind_of(raised.value) == "unsupported"
