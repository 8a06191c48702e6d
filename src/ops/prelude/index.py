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
    else:
        high = 1.0
    if low == high:
        low = low - 0.5
        high = high + 0.5
    edges = torch.linspace(low, high, bins + 1, dtype=self.dtype)
    return histogram__bins_tensor(self, edges, weight, density)


def _p_histogramdd(self: Tensor, edges: List[Tensor], weight: Optional[Tensor], density: bool) -> Tuple[Tensor, List[Tensor]]:
    x = torch.reshape(self, [-1, len(edges)])
    place = torch.zeros([x.size(0)], dtype=4)
    inside = torch.ones([x.size(0)], dtype=11)
    sizes: List[int] = []
    for edge in edges:
        values = torch.contiguous(torch.select(x, 1, len(sizes)))
        count = edge.size(0) - 1
        at = torch.searchsorted(edge, values, right=True) - 1
        at = torch.masked_fill(at, values == edge[-1], count - 1)
        inside = inside & (at >= 0) & (at < count)
        place = place * count + at
        sizes.append(count)
    if weight is None:
        amounts = torch.ones([x.size(0)], dtype=self.dtype)
    else:
        amounts = torch.reshape(weight, [-1])
    hist = torch.reshape(torch.zeros(sizes, dtype=self.dtype), [-1])
    hist = torch.index_add(hist, 0, torch.masked_select(place, inside), torch.masked_select(amounts, inside))
    hist = torch.reshape(hist, sizes)
    if density:
        hist = hist / torch.sum(hist)
        d = 0
        for edge in edges:
            hist = hist / torch.reshape(torch.diff(edge), [-1] + [1] * (len(edges) - 1 - d))
            d = d + 1
    return hist, edges


def _histogramdd_bin_edges(self: Tensor, bins: List[int], range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> List[Tensor]:
    edges: List[Tensor] = []
    for count in bins:
        d = len(edges)
        values = torch.select(self, -1, d)
        low = 0.0
        high = 0.0
        if range is not None:
            low = range[2 * d]
            high = range[2 * d + 1]
        elif self.numel() > 0:
            low = float(torch.min(values))
            high = float(torch.max(values))
        else:
            high = 1.0
        if low == high:
            low = low - 0.5
            high = high + 0.5
        edges.append(torch.linspace(low, high, count + 1, dtype=self.dtype))
    return edges


def _histogramdd_from_bin_cts(self: Tensor, bins: List[int], range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> Tensor:
    return histogramdd(self, bins, range, weight, density)[0]


def _histogramdd_from_bin_tensors(self: Tensor, bins: List[Tensor], weight: Optional[Tensor], density: bool) -> Tensor:
    return histogramdd__TensorList_bins(self, bins, None, weight, density)[0]


def histogramdd(self: Tensor, bins: List[int], range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> Tuple[Tensor, List[Tensor]]:
    if self.dim() < 2 or self.size(-1) != len(bins):
        raise RuntimeError("torch.histogramdd: the size of the innermost dimension of self should equal the length of bins")
    return _p_histogramdd(self, _histogramdd_bin_edges(self, bins, range, weight, density), weight, density)


def histogramdd__int_bins(self: Tensor, bins: int, range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> Tuple[Tensor, List[Tensor]]:
    return histogramdd(self, [bins] * self.size(-1), range, weight, density)


def histogramdd__TensorList_bins(self: Tensor, bins: List[Tensor], range: Optional[List[float]], weight: Optional[Tensor], density: bool) -> Tuple[Tensor, List[Tensor]]:
    if self.dim() < 2 or self.size(-1) != len(bins):
        raise RuntimeError("torch.histogramdd: the size of the innermost dimension of self should equal the length of bins")
    return _p_histogramdd(self, bins, weight, density)


def _p_clamp_indices(self: Tensor, indices: List[Optional[Tensor]]) -> List[Optional[Tensor]]:
    clamped: List[Optional[Tensor]] = []
    for index in indices:
        if index is None:
            clamped.append(None)
        else:
            size = self.size(len(clamped))
            clamped.append(torch.clamp(index, -size, size - 1))
    return clamped


def _unsafe_masked_index(self: Tensor, mask: Tensor, indices: List[Optional[Tensor]], fill: number) -> Tensor:
    if self.numel() == 0:
        result = torch.new_full(self, torch._infer_size(mask.size(), self.size()), fill)
    else:
        result = torch.masked_fill(torch.index(self, _p_clamp_indices(self, indices)), torch.logical_not(mask), fill)
    return result


def _unsafe_masked_index_put_accumulate(self: Tensor, mask: Tensor, indices: List[Optional[Tensor]], values: Tensor) -> Tensor:
    if self.numel() == 0:
        result = torch.clone(self)
    else:
        result = torch.index_put(self, _p_clamp_indices(self, indices), torch.masked_fill(values, torch.logical_not(mask), 0), True)
    return result
