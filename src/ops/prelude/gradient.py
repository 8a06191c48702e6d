def _p_gradient_dims(self: Tensor, spacings: Optional[int], dim: Optional[List[int]], edge_order: int) -> List[int]:
    if self.dtype == 0:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if edge_order != 1 and edge_order != 2:
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    dims: List[int] = []
    if dim is None:
        for d in range(self.dim()):
            dims.append(d)
    else:
        for d in dim:
            if d < -self.dim() or d >= self.dim():
                raise IndexError("Dimension out of range (got " + str(d) + " for a tensor of " + str(self.dim()) + " dimensions)")
            w = d
            if d < 0:
                w = d + self.dim()
            if w in dims:
                raise RuntimeError("dim " + str(w) + " appears multiple times in the list of dims")
            dims.append(w)
    if spacings is not None:
        if spacings != len(dims) and (dim is not None or spacings != 1):
            raise RuntimeError("torch.gradient expected spacing to be unspecified, a scalar, or a list with one entry for each dim, got " + str(spacings))
    for d in dims:
        if self.size(d) < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    return dims


def _p_gradient_even(self: Tensor, spacing: List[number], dims: List[int], edge_order: int) -> List[Tensor]:
    results: List[Tensor] = []
    for i in range(len(dims)):
        d = dims[i]
        step = spacing[min(i, len(spacing) - 1)]
        n = self.size(d)
        steps = torch.slice(self, d, 1, n) - torch.slice(self, d, 0, n - 1)
        inner = (torch.slice(self, d, 2, n) - torch.slice(self, d, 0, n - 2)) / step / 2
        if edge_order == 1:
            first = torch.slice(steps, d, 0, 1) / step
            last = torch.slice(steps, d, n - 2, n - 1) / step
        else:
            first = (-1.5 * torch.slice(self, d, 0, 1) + 2 * torch.slice(self, d, 1, 2) - 0.5 * torch.slice(self, d, 2, 3)) / step
            last = (0.5 * torch.slice(self, d, n - 3, n - 2) - 2 * torch.slice(self, d, n - 2, n - 1) + 1.5 * torch.slice(self, d, n - 1, n)) / step
        results.append(torch.cat([first, inner, last], d))
    return results


def _p_gradient_at(self: Tensor, places: List[Tensor], dims: List[int], edge_order: int) -> List[Tensor]:
    results: List[Tensor] = []
    for i in range(len(dims)):
        d = dims[i]
        n = self.size(d)
        place = places[min(i, len(places) - 1)]
        if place.dim() != 1:
            raise RuntimeError("torch.gradient expected each element of spacing to have one dimension, but got an element with " + str(place.dim()) + " dimensions!")
        step = torch.reshape(torch.diff(place), [-1] + [1] * (self.dim() - 1 - d))
        low = torch.slice(step, 0, 0, n - 2)
        high = torch.slice(step, 0, 1, n - 1)
        a = -high / (low * (low + high))
        b = (high - low) / (low * high)
        c = low / (high * (low + high))
        inner = a * torch.slice(self, d, 0, n - 2) + b * torch.slice(self, d, 1, n - 1) + c * torch.slice(self, d, 2, n)
        if edge_order == 1:
            first = (torch.slice(self, d, 1, 2) - torch.slice(self, d, 0, 1)) / torch.slice(step, 0, 0, 1)
            last = (torch.slice(self, d, n - 1, n) - torch.slice(self, d, n - 2, n - 1)) / torch.slice(step, 0, n - 2, n - 1)
        else:
            h = torch.slice(step, 0, 0, 1)
            k = torch.slice(step, 0, 1, 2)
            first = -(2 * h + k) / (h * (h + k)) * torch.slice(self, d, 0, 1) + (h + k) / (h * k) * torch.slice(self, d, 1, 2) - h / (k * (h + k)) * torch.slice(self, d, 2, 3)
            h = torch.slice(step, 0, n - 3, n - 2)
            k = torch.slice(step, 0, n - 2, n - 1)
            last = k / (h * (h + k)) * torch.slice(self, d, n - 3, n - 2) - (h + k) / (h * k) * torch.slice(self, d, n - 2, n - 1) + (h + 2 * k) / (k * (h + k)) * torch.slice(self, d, n - 1, n)
        results.append(torch.cat([first, inner, last], d))
    return results


def _p_one_dim(dim: Optional[int]) -> Optional[List[int]]:
    dims: Optional[List[int]] = None
    if dim is not None:
        dims = [dim]
    return dims


def gradient__scalarint(self: Tensor, spacing: Optional[number], dim: Optional[int], edge_order: int) -> List[Tensor]:
    dims = _p_gradient_dims(self, None, _p_one_dim(dim), edge_order)
    steps: List[number] = [1.0]
    if spacing is not None:
        steps = [spacing]
    return _p_gradient_even(self, steps, dims, edge_order)


def gradient__scalararray(self: Tensor, spacing: number, dim: List[int], edge_order: int) -> List[Tensor]:
    return _p_gradient_even(self, [spacing], _p_gradient_dims(self, None, dim, edge_order), edge_order)


def gradient__array(self: Tensor, dim: List[int], edge_order: int) -> List[Tensor]:
    steps: List[number] = [1.0]
    return _p_gradient_even(self, steps, _p_gradient_dims(self, None, dim, edge_order), edge_order)


def gradient__scalarrayint(self: Tensor, spacing: List[number], dim: Optional[int], edge_order: int) -> List[Tensor]:
    return _p_gradient_even(self, spacing, _p_gradient_dims(self, len(spacing), _p_one_dim(dim), edge_order), edge_order)


def gradient__scalarrayarray(self: Tensor, spacing: List[number], dim: List[int], edge_order: int) -> List[Tensor]:
    return _p_gradient_even(self, spacing, _p_gradient_dims(self, len(spacing), dim, edge_order), edge_order)


def gradient__tensorarrayint(self: Tensor, spacing: List[Tensor], dim: Optional[int], edge_order: int) -> List[Tensor]:
    return _p_gradient_at(self, spacing, _p_gradient_dims(self, len(spacing), _p_one_dim(dim), edge_order), edge_order)


def gradient__tensorarray(self: Tensor, spacing: List[Tensor], dim: List[int], edge_order: int) -> List[Tensor]:
    return _p_gradient_at(self, spacing, _p_gradient_dims(self, len(spacing), dim, edge_order), edge_order)
