def pairwise_distance(x1: Tensor, x2: Tensor, p: float, eps: float, keepdim: bool) -> Tensor:
    return torch.linalg_vector_norm(x1 - x2 + eps, p, [-1], keepdim)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int, eps: float) -> Tensor:
    both = torch.broadcast_tensors([x1, x2])
    a = both[0]
    b = both[1]
    a = a / torch.clamp_min(torch.linalg_vector_norm(a, 2, [dim], True), eps)
    b = b / torch.clamp_min(torch.linalg_vector_norm(b, 2, [dim], True), eps)
    return torch.sum(a * b, [dim])


def norm_except_dim(v: Tensor, pow: int, dim: int) -> Tensor:
    if dim == -1:
        norm = torch.norm(v, pow)
    else:
        others: List[int] = []
        for d in range(v.dim()):
            if d != dim:
                others.append(d)
        if len(others) == 0:
            norm = torch.abs(v)
        else:
            norm = torch.norm(v, pow, others, True)
    return norm


def _weight_norm(v: Tensor, g: Tensor, dim: int) -> Tensor:
    return v * (g / torch.norm_except_dim(v, 2, dim))


def _weight_norm_interface(v: Tensor, g: Tensor, dim: int) -> Tuple[Tensor, Tensor]:
    norm = torch.norm_except_dim(v, 2, dim)
    return (v * (g / norm), norm)


def tensordot(self: Tensor, other: Tensor, dims_self: List[int], dims_other: List[int]) -> Tensor:
    if len(dims_self) != len(dims_other):
        raise RuntimeError("both dimension lists should have same length")
    a = self
    b = other
    da: List[int] = []
    db: List[int] = []
    contracted = 1
    for i in range(len(dims_self)):
        m = dims_self[i]
        n = dims_other[i]
        if m < 0:
            m = m + self.dim()
        if n < 0:
            n = n + other.dim()
        da.append(m)
        db.append(n)
        if other.size(n) == 1:
            a = torch.sum(a, [m], True, dtype=a.dtype)
        elif self.size(m) == 1:
            b = torch.sum(b, [n], True, dtype=b.dtype)
        elif self.size(m) != other.size(n):
            raise RuntimeError(torch.format("contracted dimensions need to match, but first has size {} in dim {} and second has size {} in dim {}", self.size(m), m, other.size(n), n))
        contracted = contracted * a.size(m)
    free_a: List[int] = []
    free_b: List[int] = []
    sizes: List[int] = []
    rows = 1
    columns = 1
    for d in range(a.dim()):
        if d not in da:
            free_a.append(d)
            sizes.append(a.size(d))
            rows = rows * a.size(d)
    for d in range(b.dim()):
        if d not in db:
            free_b.append(d)
            sizes.append(b.size(d))
            columns = columns * b.size(d)
    left = torch.reshape(torch.permute(a, free_a + da), [rows, contracted])
    right = torch.reshape(torch.permute(b, db + free_b), [contracted, columns])
    return torch.reshape(torch.mm(left, right), sizes)


def kron(self: Tensor, other: Tensor) -> Tensor:
    rank = max(self.dim(), other.dim())
    left: List[int] = []
    right: List[int] = []
    sizes: List[int] = []
    for d in range(rank):
        m = 1
        n = 1
        if d >= rank - self.dim():
            m = self.size(d - rank + self.dim())
        if d >= rank - other.dim():
            n = other.size(d - rank + other.dim())
        left.append(m)
        left.append(1)
        right.append(1)
        right.append(n)
        sizes.append(m * n)
    return torch.reshape(torch.reshape(self, left) * torch.reshape(other, right), sizes)


def _p_product_order(sizes: List[int]) -> List[int]:
    count = len(sizes) - 1
    cost = [0] * (count * count)
    split = [0] * (count * count)
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            best = -1
            for k in range(i, j):
                c = cost[i * count + k] + cost[(k + 1) * count + j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                if best < 0 or c < best:
                    best = c
                    split[i * count + j] = k
            cost[i * count + j] = best
    return split


def _p_chain(matrices: List[Tensor]) -> Tensor:
    sizes = [matrices[0].size(0)]
    for m in matrices:
        sizes.append(m.size(1))
    count = len(matrices)
    split = _p_product_order(sizes)
    wanted = [0] * (count * count)
    wanted[count - 1] = 1
    for back in range(count - 1):
        length = count - 1 - back
        for i in range(count - length):
            j = i + length
            if wanted[i * count + j] == 1:
                k = split[i * count + j]
                wanted[i * count + k] = 1
                wanted[(k + 1) * count + j] = 1
    done: List[Tensor] = []
    for i in range(count * count):
        done.append(matrices[i // count])
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            if wanted[i * count + j] == 1:
                k = split[i * count + j]
                done[i * count + j] = torch.mm(done[i * count + k], done[(k + 1) * count + j])
    return done[count - 1]


def chain_matmul(matrices: List[Tensor]) -> Tensor:
    if len(matrices) == 0:
        raise RuntimeError("chain_matmul(): Expected one or more matrices")
    return _p_chain(matrices)


def linalg_multi_dot(tensors: List[Tensor]) -> Tensor:
    count = len(tensors)
    if count < 2:
        raise RuntimeError("multi_dot(): expected at least 2 tensors but got " + str(count))
    matrices: List[Tensor] = []
    for i in range(count):
        t = tensors[i]
        if i == 0 and t.dim() == 1:
            t = torch.unsqueeze(t, 0)
        if i == count - 1 and t.dim() == 1:
            t = torch.unsqueeze(t, 1)
        if t.dim() != 2:
            raise RuntimeError("multi_dot(): all tensors but the first and the last must be 2D")
        matrices.append(t)
    result = _p_chain(matrices)
    if tensors[count - 1].dim() == 1:
        result = torch.squeeze(result, 1)
    if tensors[0].dim() == 1:
        result = torch.squeeze(result, 0)
    return result


def linalg_matrix_power(self: Tensor, n: int) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("linalg.matrix_power: The input tensor A must have at least 2 dimensions.")
    if self.size(-1) != self.size(-2):
        raise RuntimeError("linalg.matrix_power: A must be batches of square matrices")
    power = torch.expand(torch.eye(self.size(-1), dtype=self.dtype), self.size()).clone()
    base = self
    rest = n
    if n < 0:
        base = torch.linalg_inv(self)
        rest = -n
    started = False
    while rest > 0:
        if rest % 2 == 1:
            if started:
                power = torch.matmul(power, base)
            else:
                power = base.clone()
                started = True
        rest = rest // 2
        if rest > 0:
            base = torch.matmul(base, base)
    return power


def matrix_power(self: Tensor, n: int) -> Tensor:
    return torch.linalg_matrix_power(self, n)


def _transform_bias_rescale_qkv(qkv: Tensor, qkv_bias: Tensor, num_heads: int) -> Tuple[Tensor, Tensor, Tensor]:
    width = qkv.size(2) // 3
    split = torch.reshape(qkv + qkv_bias, [qkv.size(0), qkv.size(1), 3, num_heads, width // num_heads])
    heads = torch.permute(split, [2, 0, 3, 1, 4]).contiguous()
    scale = (width // num_heads) ** -0.5
    return (heads[0] * scale, heads[1], heads[2])
