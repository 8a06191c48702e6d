def sum_to_size(self: Tensor, size: List[int]) -> Tensor:
    lead = self.dim() - len(size)
    if lead < 0:
        raise RuntimeError("size is not expandable to the size of the tensor")
    dims: List[int] = []
    for i in range(self.dim()):
        if i < lead:
            dims.append(i)
        elif size[i - lead] == 1:
            if self.size(i) != 1:
                dims.append(i)
        elif size[i - lead] != self.size(i):
            raise RuntimeError("size is not expandable to the size of the tensor")
    x = self
    if len(dims) > 0:
        x = torch.sum(x, dims, True)
    if lead > 0:
        x = torch.view(x, size)
    return x


def vander(x: Tensor, N: Optional[int], increasing: bool) -> Tensor:
    if x.dim() != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    if N is None:
        n = x.size(0)
    else:
        n = N
    if n < 0:
        raise RuntimeError("N must be non-negative.")
    powers = torch.unsqueeze(torch.expand(torch.unsqueeze(x, 1), [x.size(0), max(n - 1, 0)]), 0)
    powers = torch.squeeze(torch.cumprod(powers, 2), 0)
    result = torch.cat([torch.ones([x.size(0), min(n, 1)], dtype=powers.dtype), powers], 1)
    if not increasing:
        result = torch.flip(result, [1])
    return result


def combinations(self: Tensor, r: int, with_replacement: bool) -> Tensor:
    if self.dim() != 1:
        raise RuntimeError("Expect a 1D vector")
    if r < 0:
        raise RuntimeError("Expect a non-negative number")
    if r == 0:
        result = torch.empty([0], dtype=self.dtype)
    else:
        places = torch.arange(self.numel())
        grids = torch.meshgrid([places] * r, indexing="ij")
        chosen = torch.ones([self.numel()] * r, dtype=11)
        for i in range(r - 1):
            if with_replacement:
                chosen = chosen & (grids[i] <= grids[i + 1])
            else:
                chosen = chosen & (grids[i] < grids[i + 1])
        columns: List[Tensor] = []
        for grid in grids:
            columns.append(torch.index_select(self, 0, torch.masked_select(grid, chosen)))
        result = torch.stack(columns, 1)
    return result
