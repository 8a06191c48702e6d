"""Gradient modes in inference files: they must not disturb results, and they must be readable."""

import torch
from torch import Tensor

from program import program


@program((torch.ones(2),))
def no_grad_block(x: Tensor):
    with torch.no_grad():
        y = x * 2
        inside = torch.is_grad_enabled()
    return y, inside


@program((torch.ones(2),))
def nested_no_grad(x: Tensor):
    with torch.no_grad():
        with torch.no_grad():
            inner = torch.is_grad_enabled()
        outer = torch.is_grad_enabled()
    return x + 1, inner, outer, torch.is_grad_enabled()


@program((torch.ones(2),))
def detach_and_requires_grad(x: Tensor):
    y = x.detach()
    return y.requires_grad, (x * 2).detach(), x.is_leaf


@program((torch.ones(2),))
def autocast_is_off(x: Tensor):
    return torch.is_autocast_enabled(), x


@program((torch.ones(2),))
def branch_in_with(x: Tensor) -> Tensor:
    with torch.no_grad():
        if x.sum() > 1:
            x = x * 3
        x = x + 1
    return x
