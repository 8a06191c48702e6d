def nanmean(self: Tensor, dim: Optional[List[int]], keepdim: bool, dtype: Optional[int]) -> Tensor:
    if not (self.is_floating_point() or self.is_complex()):
        raise RuntimeError("nanmean(): expected input to have floating point or complex dtype")
    present = torch.logical_not(torch.isnan(self))
    return torch.nansum(self, dim, keepdim, dtype=dtype) / torch.sum(present, dim, keepdim)


def _p_diff_once(x: Tensor, dim: int) -> Tensor:
    n = x.size(dim)
    if n == 0:
        result = x.clone()
    elif x.dtype == 11:
        result = torch.logical_xor(torch.narrow(x, dim, 1, n - 1), torch.narrow(x, dim, 0, n - 1))
    else:
        result = torch.narrow(x, dim, 1, n - 1) - torch.narrow(x, dim, 0, n - 1)
    return result


def diff(self: Tensor, n: int, dim: int, prepend: Optional[Tensor], append: Optional[Tensor]) -> Tensor:
    if self.dim() == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError("order must be non-negative but got " + str(n))
    parts: List[Tensor] = []
    if prepend is not None:
        parts.append(prepend)
    parts.append(self)
    if append is not None:
        parts.append(append)
    x = self
    if len(parts) > 1 and n > 0:
        x = torch.cat(parts, dim)
    if n == 0:
        x = torch.clone(self)
    for i in range(min(n, x.size(dim))):
        x = _p_diff_once(x, dim)
    return x


def _p_spacing(x: Tensor, y: Tensor, dim: int) -> Tensor:
    at = dim
    if at < 0:
        at = at + y.dim()
    if x.dim() == 1:
        if x.size(0) != y.size(dim):
            raise RuntimeError("trapezoid: There must be one `x` value for each sample point")
        sizes = [1] * y.dim()
        sizes[at] = x.size(0)
        points = torch.reshape(x, sizes)
    elif x.dim() < y.dim():
        sizes = [1] * (y.dim() - x.dim()) + x.size()
        points = torch.reshape(x, sizes)
    else:
        points = x
    n = points.size(at)
    return torch.narrow(points, at, 1, n - 1) - torch.narrow(points, at, 0, n - 1)


def _p_pair_sums(y: Tensor, dim: int) -> Tensor:
    n = y.size(dim)
    return torch.narrow(y, dim, 1, n - 1) + torch.narrow(y, dim, 0, n - 1)


def trapezoid__dx(y: Tensor, dx: number, dim: int) -> Tensor:
    if y.size(dim) == 0:
        result = torch.sum(y, [dim])
    else:
        result = (torch.sum(y, [dim]) - (torch.select(y, dim, 0) + torch.select(y, dim, -1)) * 0.5) * dx
    return result


def trapezoid__x(y: Tensor, x: Tensor, dim: int) -> Tensor:
    if y.size(dim) == 0:
        result = torch.sum(y, [dim])
    else:
        result = torch.sum(_p_pair_sums(y, dim) * _p_spacing(x, y, dim), [dim]) / 2.0
    return result


def trapz__dx(y: Tensor, dx: float, dim: int) -> Tensor:
    return torch.trapezoid(y, dx=dx, dim=dim)


def trapz__x(y: Tensor, x: Tensor, dim: int) -> Tensor:
    return torch.trapezoid(y, x, dim=dim)


def cumulative_trapezoid__dx(y: Tensor, dx: number, dim: int) -> Tensor:
    return torch.cumsum(_p_pair_sums(y, dim), dim) * (0.5 * dx)


def cumulative_trapezoid__x(y: Tensor, x: Tensor, dim: int) -> Tensor:
    return torch.cumsum(_p_pair_sums(y, dim) * _p_spacing(x, y, dim), dim) / 2.0


def dist(self: Tensor, other: Tensor, p: number) -> Tensor:
    return torch.norm(self - other, p)


def renorm(self: Tensor, p: number, dim: int, maxnorm: number) -> Tensor:
    at = dim
    if at < 0:
        at = at + self.dim()
    if self.dim() < 2:
        raise RuntimeError(torch.format("renorm: input needs at least 2 dimensions, got {} dimensions", self.dim()))
    if at < 0 or at >= self.dim():
        raise RuntimeError("renorm: dim is out of range")
    others: List[int] = []
    for d in range(self.dim()):
        if d != at:
            others.append(d)
    norm = torch.linalg_vector_norm(self, p, others, True)
    scale = torch.where(norm > maxnorm, maxnorm / (norm + 1e-7), torch.ones_like(norm))
    return (self * scale).contiguous()


def linalg_vecdot(x: Tensor, y: Tensor, dim: int) -> Tensor:
    return torch.sum(torch.conj(x) * y, [dim])


def _p_check_weights(w: Tensor, name: str, observations: int):
    if w.dim() > 1:
        raise RuntimeError("cov(): expected " + name + " to have one or fewer dimensions but got " + name + " with " + str(w.dim()) + " dimensions")
    if w.numel() != observations:
        raise RuntimeError("cov(): expected " + name + " to have the same numel as there are observations in the input but got " + str(w.numel()) + " != " + str(observations))
    if observations > 0:
        if bool(torch.lt(torch.min(w), 0)):
            raise RuntimeError("cov(): " + name + " cannot be negative")


def cov(self: Tensor, correction: int, fweights: Optional[Tensor], aweights: Optional[Tensor]) -> Tensor:
    if self.dim() > 2:
        raise RuntimeError("cov(): expected input to have two or fewer dimensions but got an input with " + str(self.dim()) + " dimensions")
    x = self
    if self.dim() < 2:
        x = torch.reshape(self, [1, -1])
    if x.dtype == 11:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    if not (x.is_floating_point() or x.is_complex()):
        x = torch.to(x, 6)
    if fweights is not None:
        _p_check_weights(fweights, "fweights", x.size(1))
        if fweights.is_floating_point() or fweights.is_complex() or fweights.dtype == 11:
            raise RuntimeError("cov(): expected fweights to have integral dtype")
    if aweights is not None:
        _p_check_weights(aweights, "aweights", x.size(1))
        if not aweights.is_floating_point():
            raise RuntimeError("cov(): expected aweights to have floating point dtype")
    factor = torch.full([], float(x.size(1) - correction), dtype=7)
    weighted = x
    total = torch.full([], float(x.size(1)), dtype=7)
    if fweights is not None:
        if aweights is not None:
            w = fweights * aweights
        else:
            w = fweights
        weighted = x * w
        total = torch.sum(w)
        factor = total - correction
        if aweights is not None and correction != 0:
            factor = total - correction * torch.sum(w * aweights) / total
    elif aweights is not None:
        weighted = x * aweights
        total = torch.sum(aweights)
        factor = total - correction
        if correction != 0:
            factor = total - correction * torch.sum(aweights * aweights) / total
    if fweights is not None or aweights is not None:
        if bool(total == 0):
            raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    average = torch.sum(weighted, [1], True) / total
    centred = x - average
    if fweights is not None:
        if aweights is not None:
            other = centred * (fweights * aweights)
        else:
            other = centred * fweights
    elif aweights is not None:
        other = centred * aweights
    else:
        other = centred
    c = torch.mm(centred, torch.conj(torch.t(other)))
    return torch.squeeze(c / torch.clamp_min(factor, 0))


def corrcoef(self: Tensor) -> Tensor:
    if self.dim() > 2:
        raise RuntimeError("corrcoef(): expected input to have two or fewer dimensions but got an input with " + str(self.dim()) + " dimensions")
    c = torch.cov(self)
    if c.dim() == 0:
        result = c / c
    else:
        deviation = torch.sqrt(torch.real(torch.diagonal(c)))
        result = c / torch.reshape(deviation, [-1, 1]) / torch.reshape(deviation, [1, -1])
        if not result.is_complex():
            result = torch.clamp(result, -1, 1)
    return result


def _p_matrix_dims(self: Tensor, dim: List[int]) -> List[int]:
    if self.dim() < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    if len(dim) != 2:
        raise RuntimeError("linalg.matrix_norm: dim must be a 2-tuple of ints. Got " + str(dim))
    row = dim[0]
    column = dim[1]
    if row < 0:
        row = row + self.dim()
    if column < 0:
        column = column + self.dim()
    if row == column:
        raise RuntimeError("linalg.matrix_norm: dims must be different. Got " + str(dim))
    return [row, column]


def _p_singular_values(self: Tensor, dims: List[int]) -> Tensor:
    return torch.linalg_svdvals(torch.movedim(self, dims, [-2, -1]))


def linalg_matrix_norm(self: Tensor, ord: number, dim: List[int], keepdim: bool, dtype: Optional[int]) -> Tensor:
    dims = _p_matrix_dims(self, dim)
    x = self
    if dtype is not None:
        x = torch.to(self, dtype)
    order = float(ord)
    size = abs(order)
    if size == 2.0:
        values = _p_singular_values(x, dims)
        if order > 0.0:
            if values.size(-1) == 0:
                values = torch.constant_pad_nd(values, [0, 1])
            result = torch.amax(values, [-1])
        else:
            result = torch.amin(values, [-1])
        if keepdim:
            result = torch.unsqueeze(torch.unsqueeze(result, min(dims[0], dims[1])), max(dims[0], dims[1]))
    elif size == 1.0 or size == float("inf"):
        summed = dims[0]
        chosen = dims[1]
        if size != 1.0:
            summed = dims[1]
            chosen = dims[0]
        sums = torch.linalg_vector_norm(x, 1, [summed], True)
        if order > 0.0:
            if sums.size(chosen) == 0:
                sums = torch.zeros_like(torch.sum(sums, [chosen], True))
            result = torch.amax(sums, [chosen], True)
        else:
            result = torch.amin(sums, [chosen], True)
        if not keepdim:
            result = torch.squeeze(torch.squeeze(result, max(dims[0], dims[1])), min(dims[0], dims[1]))
    else:
        raise RuntimeError("linalg.matrix_norm: Order " + str(order) + " not supported.")
    return result


def linalg_matrix_norm__str_ord(self: Tensor, ord: str, dim: List[int], keepdim: bool, dtype: Optional[int]) -> Tensor:
    dims = _p_matrix_dims(self, dim)
    if ord == "fro":
        result = torch.linalg_vector_norm(self, 2, dims, keepdim, dtype=dtype)
    elif ord == "nuc":
        x = self
        if dtype is not None:
            x = torch.to(self, dtype)
        result = torch.sum(_p_singular_values(x, dims), [-1])
        if keepdim:
            result = torch.unsqueeze(torch.unsqueeze(result, min(dims[0], dims[1])), max(dims[0], dims[1]))
    else:
        raise RuntimeError("linalg.matrix_norm: Order " + ord + " not supported.")
    return result


def linalg_norm(self: Tensor, ord: Optional[number], dim: Optional[List[int]], keepdim: bool, dtype: Optional[int]) -> Tensor:
    if ord is None:
        result = torch.linalg_vector_norm(self, 2, dim, keepdim, dtype=dtype)
    elif dim is not None:
        if len(dim) == 1:
            result = torch.linalg_vector_norm(self, ord, dim, keepdim, dtype=dtype)
        else:
            result = torch.linalg_matrix_norm(self, ord, dim, keepdim, dtype=dtype)
    elif self.dim() == 1:
        result = torch.linalg_vector_norm(self, ord, [0], keepdim, dtype=dtype)
    elif self.dim() == 2:
        result = torch.linalg_matrix_norm(self, ord, [0, 1], keepdim, dtype=dtype)
    else:
        raise RuntimeError("linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D.")
    return result


def linalg_norm__ord_str(self: Tensor, ord: str, dim: Optional[List[int]], keepdim: bool, dtype: Optional[int]) -> Tensor:
    if dim is not None:
        result = torch.linalg_matrix_norm(self, ord, dim, keepdim, dtype=dtype)
    else:
        if self.dim() != 2:
            raise RuntimeError("linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D.")
        result = torch.linalg_matrix_norm(self, ord, [0, 1], keepdim, dtype=dtype)
    return result


def nuclear_norm(self: Tensor, keepdim: bool) -> Tensor:
    return torch.linalg_matrix_norm(self, "nuc", [-2, -1], keepdim)


def nuclear_norm__dim(self: Tensor, dim: List[int], keepdim: bool) -> Tensor:
    return torch.linalg_matrix_norm(self, "nuc", dim, keepdim)
