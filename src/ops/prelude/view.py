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
    if len(size) == 0:
        x = torch.sum(self)
    elif len(dims) > 0:
        x = torch.sum(x, dims, True)
    if lead > 0 and len(size) > 0:
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


def _chunk_cat(tensors: List[Tensor], dim: int, num_chunks: int) -> Tensor:
    if num_chunks < 1:
        raise RuntimeError("_chunk_cat expects positive num_chunks")
    if len(tensors) == 0:
        raise RuntimeError("_chunk_cat expects a non-empty input tensor list")
    first = tensors[0]
    d = dim
    if d < 0:
        d = d + first.dim()
    if d < 0 or d >= first.dim():
        raise RuntimeError("_chunk_cat: dimension out of range")
    rows: List[Tensor] = []
    for t in tensors:
        if t.numel() == 0:
            raise RuntimeError("_chunk_cat expects non-empty tensor")
        if t.dtype != first.dtype:
            raise RuntimeError("_chunk_cat expects all input tensors with the same dtype")
        if d >= t.dim():
            raise RuntimeError("_chunk_cat expects dim < ndim for all input tensors")
        if t.size()[:d] != first.size()[:d]:
            raise RuntimeError("_chunk_cat expects same sizes of 0,...,dim-1 dimensions for all tensors")
        chunk = (t.size(d) + num_chunks - 1) // num_chunks
        pad = [0] * (2 * (t.dim() - 1 - d)) + [0, chunk * num_chunks - t.size(d)]
        rows.append(torch.reshape(torch.constant_pad_nd(t, pad, 0), t.size()[:d] + [num_chunks, -1]))
    return torch.cat(rows, d + 1)


def set__source_Tensor(self: Tensor, source: Tensor) -> Tensor:
    return torch.set_(torch.detach(self).clone(), source)


def set(self: Tensor) -> Tensor:
    return torch.set_(torch.detach(self).clone())


def resize_as(self: Tensor, the_template: Tensor, memory_format: Optional[int]) -> Tensor:
    return torch.resize_as_(self.clone(), the_template, memory_format=memory_format)


def slice_inverse(self: Tensor, src: Tensor, dim: int, start: Optional[int], end: Optional[int], step: int) -> Tensor:
    return torch.as_strided(self, src.size(), src.stride(), src.storage_offset())


def to_dense(self: Tensor, dtype: Optional[int], masked_grad: Optional[bool]) -> Tensor:
    result = self
    if dtype is not None:
        result = torch.to(self, dtype)
    return result


def dense_dim(self: Tensor) -> int:
    return self.dim()


def sparse_dim(self: Tensor) -> int:
    return 0


def embedding_renorm(self: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> Tensor:
    return torch.embedding_renorm_(self.clone(), indices, max_norm, norm_type)


def rrelu_with_noise_functional(self: Tensor, noise: Tensor, lower: number, upper: number, training: bool, generator: Optional[Generator]) -> Tuple[Tensor, Tensor]:
    slopes = noise.clone()
    result = torch.rrelu_with_noise(self, slopes, lower, upper, training, generator)
    return (result, slopes)


def rrelu_with_noise_(self: Tensor, noise: Tensor, lower: number, upper: number, training: bool, generator: Optional[Generator]) -> Tensor:
    return torch.copy_(self, torch.rrelu_with_noise(self, noise, lower, upper, training, generator))


def _reshape_from_tensor(self: Tensor, shape: Tensor) -> Tensor:
    if shape.dim() != 1:
        raise RuntimeError("shape must be 1-D, got " + str(shape.dim()) + "-D")
    sizes: List[int] = []
    for i in range(shape.size(0)):
        sizes.append(int(shape[i]))
    return torch.reshape(self, sizes)


def _lazy_clone(self: Tensor) -> Tensor:
    return torch.clone(self)


def _neg_view(self: Tensor) -> Tensor:
    return torch.neg(self)


def _to_cpu(tensors: List[Tensor]) -> List[Tensor]:
    return tensors


def _pack_sequence(output: Tensor, batch_sizes: Tensor, sorted_indices: Optional[Tensor], unsorted_indices: Optional[Tensor]) -> Tuple[Tensor, Tensor, Optional[Tensor], Optional[Tensor]]:
    return output, batch_sizes, sorted_indices, unsorted_indices
