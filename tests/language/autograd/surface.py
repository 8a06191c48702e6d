"""What a file may say about gradients: flags and modes that answer as PyTorch's do while nothing is differentiated."""

import torch
from torch import Tensor, nn

from program import Call, program, table

X = torch.ones(2)
table(
    "x: Tensor",
    [(X,)],
    "x.requires_grad",
    "(x.is_leaf, x.retains_grad)",
    "x.detach()",
    "x.detach_()",
    "x.data",
    "x.data.add_(1)",
    "x.grad is None",
    "x.requires_grad_(False)",
    "x.clone().requires_grad_()",
    "x.clone().requires_grad_().requires_grad",
    "x.clone().requires_grad_(True).detach().requires_grad",
    "x.clone().requires_grad_(False).requires_grad",
    "torch.tensor([1.0], requires_grad=True).requires_grad",
    "torch.is_grad_enabled()",
    "torch.is_inference(x)",
    "x.is_inference()",
    """
    y = x.clone().requires_grad_()
    z = y * 2
    return z.requires_grad, z.is_leaf, y.is_leaf
    """,
    """
    y = x.clone().requires_grad_()
    with torch.no_grad():
        z = y * 2
    return z.requires_grad, z
    """,
    """
    y = x.clone().requires_grad_()
    z = (y * 2).detach()
    z += 1
    return z.requires_grad, z, y
    """,
    """
    torch.set_grad_enabled(False)
    a = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return a, torch.is_grad_enabled()
    """,
    """
    with torch.autograd.profiler.record_function("part"):
        y = x + 1
    return y
    """,
    """
    with torch.no_grad():
        x.add_(1)
        if x.sum() > 3:
            return x * 2
    return x
    """,
    """
    y = x.clone().requires_grad_()
    y.retain_grad()
    return y
    """,
    """
    y = x.clone().requires_grad_()
    y[0] = 5
    return y
    """,
    """
    y = x.clone().requires_grad_()
    y.add_(1)
    return y
    """,
    """
    y = x.clone().requires_grad_()
    return float(y.sum()), y.sum().item()
    """,
    """
    y = x.clone().requires_grad_()
    n: int = int(y[0])
    return n
    """,
    "x.view_as(x)",
)


@program((X,), Call("flags"), Call("freeze"), Call("flags"))
class Trainable(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.register_buffer("b", torch.zeros(2))

    @torch.jit.export
    def flags(self):
        return self.w.requires_grad, self.frozen.requires_grad, self.b.requires_grad, self.w.is_leaf

    @torch.jit.export
    def freeze(self):
        self.w.requires_grad_(False)

    def forward(self, x: Tensor):
        y = x * self.w + self.b
        with torch.no_grad():
            self.b += y
        return y, y.requires_grad, (x * self.frozen).requires_grad, self.w.detach() + 1


@program((X,), (X,))
class StepInPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))

    def forward(self, x: Tensor):
        with torch.no_grad():
            self.w.mul_(0.5)
            self.w -= x * 0.1
        return self.w * x


@program((X,))
def ignored_gradient_functions(x: Tensor):
    y = torch.nn.functional.dropout(x, 0.5, False)
    return y, torch.is_grad_enabled() and not x.requires_grad
