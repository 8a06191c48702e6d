def _p_quantile(self: Tensor, q: Tensor, dim: Optional[int], keepdim: bool, interpolation: str, ignore_nan: bool) -> Tensor:
    if self.numel() == 0:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if q.dim() > 1:
        raise RuntimeError("quantile() q must be a scalar or 1D tensor")
    if self.dtype != 6 and self.dtype != 7:
        raise RuntimeError("quantile() input tensor must be either float or double dtype")
    if self.dtype != q.dtype:
        raise RuntimeError("quantile() q tensor must be same dtype as the input tensor")
    if not bool(torch.all((q >= 0) & (q <= 1))):
        raise RuntimeError("quantile() q values must be in the range [0, 1]")
    rank = self.dim()
    if dim is None:
        x = torch.reshape(self, [-1])
        d = 0
    else:
        d = dim
        if d < 0:
            d = d + max(rank, 1)
        x = self
        if rank == 0:
            x = torch.reshape(self, [1])
        x = torch.movedim(x, d, -1)
    ordered = torch.sort(x, -1)[0]
    last = x.size(-1) - 1
    missing = torch.isnan(ordered)
    if ignore_nan:
        counts = torch.sum(torch.logical_not(missing), [-1], True)
        place = torch.clamp(q * (counts - 1), 0)
    else:
        place = torch.expand(q * last, list(x.size())[:-1] + [q.numel()])
        place = torch.masked_fill(place, torch.any(missing, -1, True), last)
    place = torch.to(place, self.dtype)
    if interpolation == "lower":
        place = torch.floor(place)
    elif interpolation == "higher":
        place = torch.ceil(place)
    elif interpolation == "nearest":
        place = torch.round(place)
    elif interpolation != "linear" and interpolation != "midpoint":
        raise RuntimeError("quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got " + interpolation)
    below = torch.to(place, 4)
    result = torch.gather(ordered, -1, below)
    if interpolation == "linear" or interpolation == "midpoint":
        weights = place - below
        if interpolation == "midpoint":
            weights = torch.full_like(place, 0.5)
        result = torch.lerp(result, torch.gather(ordered, -1, torch.to(torch.ceil(place), 4)), weights)
    result = torch.movedim(result, -1, 0)
    if keepdim:
        if dim is None:
            result = torch.reshape(result, [q.numel()] + [1] * rank)
        elif rank > 0:
            result = torch.unsqueeze(result, d + 1)
    if q.dim() == 0:
        result = torch.squeeze(result, 0)
    return result


def quantile(self: Tensor, q: Tensor, dim: Optional[int], keepdim: bool, interpolation: str) -> Tensor:
    return _p_quantile(self, q, dim, keepdim, interpolation, False)


def quantile__scalar(self: Tensor, q: float, dim: Optional[int], keepdim: bool, interpolation: str) -> Tensor:
    return _p_quantile(self, torch.scalar_tensor(q, dtype=self.dtype), dim, keepdim, interpolation, False)


def nanquantile(self: Tensor, q: Tensor, dim: Optional[int], keepdim: bool, interpolation: str) -> Tensor:
    return _p_quantile(self, q, dim, keepdim, interpolation, True)


def nanquantile__scalar(self: Tensor, q: float, dim: Optional[int], keepdim: bool, interpolation: str) -> Tensor:
    return _p_quantile(self, torch.scalar_tensor(q, dtype=self.dtype), dim, keepdim, interpolation, True)


def histogram__bins_tensor(self: Tensor, bins: Tensor, weight: Optional[Tensor], density: bool) -> Tuple[Tensor, Tensor]:
    x = torch.reshape(self, [-1])
    count = bins.size(0) - 1
    place = torch.searchsorted(bins, x, right=True) - 1
    place = torch.masked_fill(place, x == bins[-1], count - 1)
    inside = torch.reshape(torch.nonzero((place >= 0) & (place < count)), [-1])
    if weight is None:
        amounts = torch.ones_like(x)
    else:
        amounts = torch.reshape(weight, [-1])
    hist = torch.zeros([count], dtype=self.dtype)
    hist = torch.index_add(hist, 0, torch.index_select(place, 0, inside), torch.index_select(amounts, 0, inside))
    if density:
        hist = hist / (torch.sum(hist) * torch.diff(bins))
    return hist, bins


def histogram__bin_ct(self: Tensor, bins: int, range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> Tuple[Tensor, Tensor]:
    low = 0.0
    high = 0.0
    if range is not None:
        low = range[0]
        high = range[1]
    elif self.numel() > 0:
        low = float(torch.min(self))
        high = float(torch.max(self))
    if low == high:
        low = low - 0.5
        high = high + 0.5
    edges = torch.linspace(low, high, bins + 1, dtype=self.dtype)
    return histogram__bins_tensor(self, edges, weight, density)
