def _p_epsilon(x: Tensor) -> float:
    if not (x.dtype == 6 or x.dtype == 7 or x.dtype == 9 or x.dtype == 10):
        raise RuntimeError("This function doesn't handle types other than float and double")
    return 1.1920928955078125e-07 if x.dtype == 6 or x.dtype == 9 else 2.220446049250313e-16


def _p_default_rtol(x: Tensor) -> float:
    return _p_epsilon(x) * max(x.size(-1), x.size(-2))


def _p_real_dtype(x: Tensor) -> int:
    result = x.dtype
    if result == 9:
        result = 6
    elif result == 10:
        result = 7
    return result


# ---- pseudo-inverse, rank, condition ----


def _p_tolerances(x: Tensor, atol: Optional[float], rtol: Optional[float]) -> Tuple[Tensor, Tensor]:
    absolute = 0.0
    relative = _p_default_rtol(x)
    if atol is not None:
        absolute = atol
        if atol > 0.0:
            relative = 0.0
    if rtol is not None:
        relative = rtol
    return torch.tensor(absolute, dtype=7), torch.tensor(relative, dtype=7)


def _p_tensor_tolerances(x: Tensor, atol: Optional[Tensor], rtol: Optional[Tensor], name: str) -> Tuple[Tensor, Tensor]:
    absolute = torch.zeros([], dtype=7)
    relative = torch.full([], _p_default_rtol(x), dtype=7)
    if atol is not None:
        if atol.is_complex():
            raise RuntimeError(name + ": atol tensor of complex type is not supported.")
        absolute = atol
        relative = torch.where(atol > 0, torch.zeros_like(relative), relative)
    if rtol is not None:
        if rtol.is_complex():
            raise RuntimeError(name + ": rtol tensor of complex type is not supported.")
        relative = rtol
    return absolute, relative


def _p_pinv(self: Tensor, atol: Tensor, rtol: Tensor, hermitian: bool) -> Tensor:
    if self.numel() == 0:
        result = torch.zeros(self.size()[:-2] + [self.size(-1), self.size(-2)], dtype=self.dtype)
    else:
        if hermitian:
            values, vectors = torch.linalg_eigh(self, "L")
            sizes = torch.abs(values)
            left = vectors
            right = vectors.mH
        else:
            u, values, vh = torch.linalg_svd(self, False)
            sizes = values
            left = vh.mH
            right = u.mH
        largest = torch.amax(sizes, [-1], True)
        bound = torch.maximum(torch.unsqueeze(atol, -1), torch.unsqueeze(rtol, -1) * largest)
        inverses = torch.where(sizes > bound, torch.reciprocal(values), torch.zeros_like(values))
        result = torch.matmul(left * torch.unsqueeze(inverses.to(self.dtype), -2), right)
    return result


def _p_check_pinv(self: Tensor) -> None:
    if self.dim() < 2 or not (self.dtype == 6 or self.dtype == 7 or self.dtype == 9 or self.dtype == 10):
        raise RuntimeError("linalg.pinv: expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types")


def linalg_pinv__atol_rtol_float(self: Tensor, atol: Optional[float], rtol: Optional[float], hermitian: bool) -> Tensor:
    _p_check_pinv(self)
    absolute, relative = _p_tolerances(self, atol, rtol)
    return _p_pinv(self, absolute, relative, hermitian)


def linalg_pinv__atol_rtol_tensor(self: Tensor, atol: Optional[Tensor], rtol: Optional[Tensor], hermitian: bool) -> Tensor:
    _p_check_pinv(self)
    absolute, relative = _p_tensor_tolerances(self, atol, rtol, "torch.linalg.pinv")
    return _p_pinv(self, absolute, relative, hermitian)


def linalg_pinv(self: Tensor, rcond: float, hermitian: bool) -> Tensor:
    _p_check_pinv(self)
    return _p_pinv(self, torch.zeros([], dtype=7), torch.tensor(rcond, dtype=7), hermitian)


def linalg_pinv__rcond_tensor(self: Tensor, rcond: Tensor, hermitian: bool) -> Tensor:
    _p_check_pinv(self)
    return _p_pinv(self, torch.zeros([], dtype=7), rcond, hermitian)


def pinverse(self: Tensor, rcond: float) -> Tensor:
    return torch.linalg_pinv(self, rcond, False)


def _p_check_rank_input(x: Tensor) -> None:
    if x.dim() < 2:
        raise RuntimeError("torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions.")


def _p_matrix_rank(x: Tensor, atol: Tensor, rtol: Tensor, hermitian: bool) -> Tensor:
    if x.numel() == 0:
        result = torch.zeros(x.size()[:-2], dtype=4)
    else:
        if hermitian:
            values = torch.abs(torch.linalg_eigvalsh(x, "L"))
        else:
            values = torch.linalg_svdvals(x)
        bound = torch.maximum(atol, rtol * torch.amax(values, [-1]))
        result = torch.sum(values > torch.unsqueeze(bound, -1), [-1])
    return result


def linalg_matrix_rank__atol_rtol_float(self: Tensor, atol: Optional[float], rtol: Optional[float], hermitian: bool) -> Tensor:
    _p_check_rank_input(self)
    absolute, relative = _p_tolerances(self, atol, rtol)
    return _p_matrix_rank(self, absolute, relative, hermitian)


def linalg_matrix_rank__atol_rtol_tensor(input: Tensor, atol: Optional[Tensor], rtol: Optional[Tensor], hermitian: bool) -> Tensor:
    _p_check_rank_input(input)
    absolute, relative = _p_tensor_tolerances(input, atol, rtol, "torch.linalg.matrix_rank")
    return _p_matrix_rank(input, absolute, relative, hermitian)


def linalg_matrix_rank(self: Tensor, tol: float, hermitian: bool) -> Tensor:
    _p_check_rank_input(self)
    return _p_matrix_rank(self, torch.tensor(tol, dtype=7), torch.zeros([], dtype=7), hermitian)


def linalg_matrix_rank__tol_tensor(input: Tensor, tol: Tensor, hermitian: bool) -> Tensor:
    _p_check_rank_input(input)
    if tol.is_complex():
        raise RuntimeError("torch.linalg.matrix_rank: tol tensor of complex type is not supported.")
    return _p_matrix_rank(input, tol, torch.zeros([], dtype=7), hermitian)


def _p_cond_inverse(self: Tensor) -> Tensor:
    if self.size(-1) != self.size(-2):
        raise RuntimeError("linalg.cond: A must be batches of square matrices")
    inverse, info = torch.linalg_inv_ex(self)
    singular = torch.unsqueeze(torch.unsqueeze(info > 0, -1), -1)
    return torch.masked_fill(inverse, singular, float("inf"))


def linalg_cond(self: Tensor, p: Optional[number]) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    order = 2.0
    if p is not None:
        order = float(p)
    size = abs(order)
    if not (size == 2.0 or size == 1.0 or size == float("inf")):
        raise RuntimeError("linalg.cond got an invalid norm type: " + str(order))
    if self.numel() == 0:
        result = torch.zeros(self.size()[:-2], dtype=_p_real_dtype(self))
    elif size == 2.0:
        values = torch.linalg_svdvals(self)
        first = torch.select(values, -1, 0)
        last = torch.select(values, -1, -1)
        if order > 0.0:
            result = first / last
        else:
            result = last / first
    else:
        inverse = _p_cond_inverse(self)
        result = torch.linalg_matrix_norm(self, order) * torch.linalg_matrix_norm(inverse, order)
    return result


def linalg_cond__p_str(self: Tensor, p: str) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if not (p == "fro" or p == "nuc"):
        raise RuntimeError("linalg.cond got an invalid norm type: " + p)
    if self.numel() == 0:
        result = torch.zeros(self.size()[:-2], dtype=_p_real_dtype(self))
    elif p == "nuc":
        values = torch.linalg_svdvals(self)
        result = torch.sum(values, [-1]) * torch.sum(torch.reciprocal(values), [-1])
    else:
        inverse = _p_cond_inverse(self)
        result = torch.linalg_matrix_norm(self, p) * torch.linalg_matrix_norm(inverse, p)
    return result


# ---- least squares ----


def _p_solve_full_rank(a: Tensor, b: Tensor) -> Tensor:
    m = a.size(-2)
    n = a.size(-1)
    if m >= n:
        q, r = torch.linalg_qr(a, "reduced")
        result = torch.linalg_solve_triangular(r, torch.matmul(q.mH, b), upper=True)
    else:
        q, r = torch.linalg_qr(a.mH, "reduced")
        result = torch.matmul(q, torch.linalg_solve_triangular(r.mH, b, upper=False))
    zero = torch.amax(torch.abs(a), [-2, -1]) == 0
    missing = torch.diagonal(r, 0, -2, -1) == 0
    if bool(torch.any(torch.logical_and(torch.any(missing, -1), torch.logical_not(zero)))):
        raise RuntimeError("torch.linalg.lstsq: The least squares solution could not be computed because the input matrix does not have full rank.")
    return torch.where(torch.unsqueeze(torch.unsqueeze(zero, -1), -1), torch.zeros_like(result), result)


def linalg_lstsq(self: Tensor, b: Tensor, rcond: Optional[float], driver: Optional[str]) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    if self.dim() < 2:
        raise RuntimeError("torch.linalg.lstsq: input must have at least 2 dimensions.")
    if b.dim() < 1:
        raise RuntimeError("torch.linalg.lstsq: other must have at least 1 dimension.")
    if self.dtype != b.dtype:
        raise RuntimeError("torch.linalg.lstsq: Expected input and other to have the same dtype")
    method = "gelsy"
    if driver is not None:
        method = driver
        if not (method == "gels" or method == "gelsy" or method == "gelsd" or method == "gelss"):
            raise RuntimeError("torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    vector = b.dim() == 1
    if self.dim() - 1 == b.dim():
        vector = vector or self.size()[:-1] == b.size()
    side = b
    if vector:
        side = torch.unsqueeze(b, -1)
    m = self.size(-2)
    n = self.size(-1)
    if side.size(-2) != m:
        raise RuntimeError("torch.linalg.lstsq: input.size(-2) should match other.size(" + ("-1" if vector else "-2") + ")")
    tolerance = _p_default_rtol(self)
    if rcond is not None:
        tolerance = rcond
    batch = torch.broadcast_shapes(self.size()[:-2], side.size()[:-2])
    a = torch.expand(self, batch + [m, n])
    side = torch.expand(side, batch + [m, side.size(-1)])
    values = torch.zeros([0], dtype=_p_real_dtype(self))
    residuals = values
    rank = torch.zeros([0], dtype=4)
    full = True
    if method != "gels":
        rank = torch.zeros(batch, dtype=4)
    if self.numel() == 0:
        x = torch.zeros(batch + [n, side.size(-1)], dtype=self.dtype)
        full = n == 0
        if method == "gelsd" or method == "gelss":
            values = torch.zeros(batch + [0], dtype=_p_real_dtype(self))
    elif method == "gels":
        x = _p_solve_full_rank(a, side)
    else:
        u, s, vh = torch.linalg_svd(a, False)
        kept = s > tolerance * torch.narrow(s, -1, 0, 1)
        inverses = torch.where(kept, torch.reciprocal(s), torch.zeros_like(s)).to(self.dtype)
        x = torch.matmul(vh.mH, torch.matmul(u.mH, side) * torch.unsqueeze(inverses, -1))
        rank = torch.sum(kept, [-1])
        full = bool(torch.all(rank == n))
        if method != "gelsy":
            values = s
    if m > n and full and method != "gelsy":
        residuals = torch.sum(torch.square(torch.abs(torch.matmul(a, x) - side)), [-2])
        if self.numel() == 0 and method == "gels":
            residuals = torch.zeros_like(residuals)
    columns = torch.empty(batch + [side.size(-1), max(m, n)], dtype=self.dtype)
    solution = torch.narrow(columns.mT, -2, 0, n)
    solution = solution.copy_(x)
    if vector:
        solution = torch.squeeze(solution, -1)
    return solution, residuals, rank, values


# ---- tensors seen as matrices ----


def _p_product(sizes: List[int]) -> int:
    result = 1
    for size in sizes:
        result = result * size
    return result


def linalg_tensorinv(self: Tensor, ind: int) -> Tensor:
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind'")
    if ind > self.dim():
        raise RuntimeError(torch.format("Expected 'ind' to be at most {}, but got {}", self.dim(), ind))
    first = self.size()[:ind]
    rest = self.size()[ind:]
    rows = _p_product(first)
    columns = _p_product(rest)
    if rows != columns:
        raise RuntimeError(
            torch.format("Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {} != {}", columns, rows)
        )
    inverse, info = torch.linalg_inv_ex(torch.reshape(self, [columns, rows]))
    if bool(info != 0):
        raise RuntimeError("Failed to invert the input tensor, because it is singular.")
    return torch.reshape(inverse, rest + first)


def linalg_tensorsolve(self: Tensor, other: Tensor, dims: Optional[List[int]]) -> Tensor:
    a = self
    if dims is not None:
        last: List[int] = []
        for i in range(len(dims)):
            last.append(self.dim() - len(dims) + i)
        a = torch.movedim(self, dims, last)
    shape = a.size()[other.dim() :]
    wanted = _p_product(shape)
    if wanted != other.numel():
        raise RuntimeError(
            torch.format(
                "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got {} != {}",
                wanted, other.numel(),
            )
        )
    return torch.reshape(torch.linalg_solve(torch.reshape(a, [wanted, wanted]), torch.reshape(other, [-1])), shape)


def linalg_vander(x: Tensor, N: Optional[int]) -> Tensor:
    if x.dtype == 5 or x.dtype == 15 or x.dtype == 11:
        raise RuntimeError("linalg.vander supports floating point, complex, and integer tensors")
    points = x
    if x.dim() == 0:
        points = torch.reshape(x, [1])
    count = points.size(-1)
    if N is not None:
        count = N
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    powers = torch.cumprod(torch.expand(torch.unsqueeze(points, -1), points.size() + [count - 1]), -1)
    return torch.cat([torch.ones(points.size() + [1], dtype=powers.dtype), powers], -1)


# ---- exponential: scaling and squaring (Higham 2005); the bounds are of the 1-norm, for which the Pade approximant is exact to rounding ----


def _p_pade(single: bool) -> Tuple[List[float], List[List[float]]]:
    third = [120.0, 60.0, 12.0, 1.0]
    fifth = [30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0]
    seventh = [17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0, 1.0]
    ninth = [17643225600.0, 8821612800.0, 2075673600.0, 302702400.0, 30270240.0, 2162160.0, 110880.0, 3960.0, 90.0, 1.0]
    thirteenth = [
        64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0, 10559470521600.0, 670442572800.0,
        33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0,
    ]
    if single:
        bounds = [4.258730016922831e-1, 1.880152677804762, 3.925724783138660]
        table = [third, fifth, seventh]
    else:
        bounds = [1.495585217958292e-2, 2.539398330063230e-1, 9.504178996162932e-1, 2.097847961257068, 5.371920351148152]
        table = [third, fifth, seventh, ninth, thirteenth]
    return bounds, table


def _p_exponential(a: Tensor) -> Tensor:
    norm = float(torch.amax(torch.sum(torch.abs(a), [0])))
    if not (norm < float("inf")):
        result = torch.full_like(a, float("nan"))
    else:
        bounds, table = _p_pade(a.dtype == 6 or a.dtype == 9)
        chosen = 0
        while chosen + 1 < len(table) and norm > bounds[chosen]:
            chosen = chosen + 1
        squarings = 0
        scale = 1.0
        while norm * scale > bounds[chosen]:
            squarings = squarings + 1
            scale = scale * 0.5
        b = table[chosen]
        scaled = a * scale
        square = torch.mm(scaled, scaled)
        identity = torch.eye(a.size(0), dtype=a.dtype)
        even = identity * b[len(b) - 2]
        odd = identity * b[len(b) - 1]
        k = len(b) - 4
        while k >= 0:
            even = torch.mm(square, even) + identity * b[k]
            odd = torch.mm(square, odd) + identity * b[k + 1]
            k = k - 2
        odd = torch.mm(scaled, odd)
        result = torch.linalg_solve(even - odd, even + odd)
        for i in range(squarings):
            result = torch.mm(result, result)
    return result


def linalg_matrix_exp(self: Tensor) -> Tensor:
    if self.dim() < 2:
        raise RuntimeError("linalg.matrix_exp: The input tensor A must have at least 2 dimensions.")
    if self.size(-1) != self.size(-2):
        raise RuntimeError(
            torch.format("linalg.matrix_exp: A must be batches of square matrices, but they are {} by {} matrices", self.size(-2), self.size(-1))
        )
    if not (self.is_floating_point() or self.is_complex()):
        raise RuntimeError("linalg.matrix_exp: Expected a floating point or complex tensor as input.")
    x = self
    if self.dtype == 5 or self.dtype == 15:
        x = self.to(6)
    if self.numel() == 0:
        result = self.clone()
    elif self.size(-1) == 1:
        result = torch.exp(self)
    else:
        done: List[Tensor] = []
        for a in torch.unbind(torch.reshape(x, [-1, x.size(-1), x.size(-1)])):
            done.append(_p_exponential(a))
        result = torch.reshape(torch.stack(done), self.size()).to(self.dtype)
    return result


def matrix_exp(self: Tensor) -> Tensor:
    return torch.linalg_matrix_exp(self)


def native_norm__ScalarOpt_dim_dtype(self: Tensor, p: Optional[number], dim: List[int], keepdim: bool, dtype: Optional[int]) -> Tensor:
    order = 2.0
    if p is not None:
        order = float(p)
    return torch.linalg_vector_norm(self, order, dim, keepdim, dtype=dtype)
