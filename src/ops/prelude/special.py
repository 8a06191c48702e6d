def special_ndtr(self: Tensor) -> Tensor:
    return (1 + torch.erf(self * 0.7071067811865476)) * 0.5


def _add_relu__Tensor(self: Tensor, other: Tensor, alpha: number) -> Tensor:
    return torch.relu(torch.add(self, other, alpha=alpha))


def _add_relu__Scalar(self: Tensor, other: number, alpha: number) -> Tensor:
    return torch.relu(torch.add(self, other, alpha))
