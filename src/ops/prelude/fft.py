def _p_fft_norm(norm: Optional[str], forward: bool) -> int:
    mode = "backward"
    if norm is not None:
        mode = norm
    result = 0
    if mode == "backward":
        if not forward:
            result = 2
    elif mode == "forward":
        if forward:
            result = 2
    elif mode == "ortho":
        result = 1
    else:
        raise RuntimeError("Invalid normalization mode: \"" + mode + "\"")
    return result


def _p_fft_input(x: Tensor, complex: bool) -> Tensor:
    if x.dtype == 5 or x.dtype == 15:
        raise RuntimeError("Unsupported dtype " + ("Half" if x.dtype == 5 else "BFloat16"))
    result = x
    if not x.is_complex():
        if not x.is_floating_point():
            result = x.to(6)
        if complex:
            result = result.to(9 if result.dtype == 6 else 10)
    return result


def _p_fft_check_real(x: Tensor, name: str) -> None:
    if x.is_complex():
        raise RuntimeError(name + " expects a real input tensor, but got " + ("ComplexFloat" if x.dtype == 9 else "ComplexDouble"))


def _p_fft_dim(x: Tensor, dim: int) -> int:
    rank = x.dim()
    if rank == 0:
        raise RuntimeError("Dimension specified as " + str(dim) + " but tensor has no dimensions")
    if dim < -rank or dim >= rank:
        raise RuntimeError(
            torch.format("Dimension out of range (expected to be in range of [{}, {}], but got {})", -rank, rank - 1, dim)
        )
    return dim if dim >= 0 else dim + rank


def _p_fft_points(n: int) -> int:
    if n < 1:
        raise RuntimeError("Invalid number of data points (" + str(n) + ") specified")
    return n


def _p_fft_resize(x: Tensor, dims: List[int], sizes: List[int]) -> Tensor:
    pad: List[int] = [0] * (2 * x.dim())
    longer = False
    for i in range(len(dims)):
        if x.size(dims[i]) > sizes[i]:
            x = torch.narrow(x, dims[i], 0, sizes[i])
        elif x.size(dims[i]) < sizes[i]:
            pad[2 * (x.dim() - 1 - dims[i]) + 1] = sizes[i] - x.size(dims[i])
            longer = True
    if longer:
        x = torch.constant_pad_nd(x, pad)
    return x


def _p_fft_1d(x: Tensor, n: Optional[int], dim: int) -> Tensor:
    size = x.size(dim)
    if n is not None:
        size = n
    return _p_fft_resize(x, [dim], [_p_fft_points(size)])


def _p_fft_c2c(self: Tensor, n: Optional[int], dim: int, norm: Optional[str], forward: bool) -> Tensor:
    at = _p_fft_dim(self, dim)
    x = _p_fft_1d(_p_fft_input(self, True), n, at)
    return torch._fft_c2c(x, [at], _p_fft_norm(norm, forward), forward)


def fft_fft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    if self.is_complex():
        result = _p_fft_c2c(self, n, dim, norm, True)
    else:
        at = _p_fft_dim(self, dim)
        x = _p_fft_1d(_p_fft_input(self, False), n, at)
        result = torch._fft_r2c(x, [at], _p_fft_norm(norm, True), False)
    return result


def fft_ifft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    if self.is_complex():
        result = _p_fft_c2c(self, n, dim, norm, False)
    else:
        at = _p_fft_dim(self, dim)
        x = _p_fft_1d(_p_fft_input(self, False), n, at)
        result = torch.conj_physical(torch._fft_r2c(x, [at], _p_fft_norm(norm, False), False))
    return result


def fft_rfft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    _p_fft_check_real(self, "rfft")
    at = _p_fft_dim(self, dim)
    x = _p_fft_1d(_p_fft_input(self, False), n, at)
    return torch._fft_r2c(x, [at], _p_fft_norm(norm, True), True)


def fft_ihfft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    _p_fft_check_real(self, "ihfft")
    at = _p_fft_dim(self, dim)
    x = _p_fft_1d(_p_fft_input(self, False), n, at)
    return torch.conj_physical(torch._fft_r2c(x, [at], _p_fft_norm(norm, False), True))


def _p_fft_c2r(self: Tensor, n: Optional[int], dim: int, norm: Optional[str], forward: bool) -> Tensor:
    at = _p_fft_dim(self, dim)
    x = _p_fft_input(self, True)
    points = 2 * (x.size(at) - 1)
    if n is not None:
        points = n
    x = _p_fft_resize(x, [at], [_p_fft_points(points) // 2 + 1])
    if forward:
        x = torch.conj_physical(x)
    return torch._fft_c2r(x, [at], _p_fft_norm(norm, forward), points)


def fft_irfft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    return _p_fft_c2r(self, n, dim, norm, False)


def fft_hfft(self: Tensor, n: Optional[int], dim: int, norm: Optional[str]) -> Tensor:
    return _p_fft_c2r(self, n, dim, norm, True)


def _p_fft_dims(x: Tensor, s: Optional[List[int]], dim: Optional[List[int]]) -> List[int]:
    dims: List[int] = []
    if dim is not None:
        for d in dim:
            at = _p_fft_dim(x, d)
            if at in dims:
                raise RuntimeError("FFT dims must be unique")
            dims.append(at)
        if s is not None:
            if len(s) != len(dims):
                raise RuntimeError("When given, dim and shape arguments must have the same length")
    elif s is not None:
        if len(s) > x.dim():
            raise RuntimeError(torch.format("Got shape with {} values but input tensor only has {} dimensions.", len(s), x.dim()))
        for i in range(len(s)):
            dims.append(x.dim() - len(s) + i)
    else:
        for i in range(x.dim()):
            dims.append(i)
    return dims


def _p_fft_sizes(x: Tensor, s: Optional[List[int]], dims: List[int], to_real: bool) -> List[int]:
    sizes: List[int] = []
    for i in range(len(dims)):
        size = -1
        if s is not None:
            size = s[i]
        if size == -1:
            size = x.size(dims[i])
            if to_real and i + 1 == len(dims):
                size = 2 * (size - 1)
        sizes.append(_p_fft_points(size))
    return sizes


def _p_fft_check_axes(dims: List[int], name: str) -> None:
    if len(dims) == 0:
        raise RuntimeError(name + " must transform at least one axis")


def _p_fftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str], forward: bool) -> Tensor:
    dims = _p_fft_dims(self, s, dim)
    x = _p_fft_resize(_p_fft_input(self, True), dims, _p_fft_sizes(self, s, dims, False))
    return torch._fft_c2c(x, dims, _p_fft_norm(norm, forward), forward)


def fft_fftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    return _p_fftn(self, s, dim, norm, True)


def fft_ifftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    return _p_fftn(self, s, dim, norm, False)


def fft_rfftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    if self.is_complex():
        raise RuntimeError("rfftn expects a real-valued input tensor, but got " + ("ComplexFloat" if self.dtype == 9 else "ComplexDouble"))
    dims = _p_fft_dims(self, s, dim)
    _p_fft_check_axes(dims, "rfftn")
    x = _p_fft_resize(_p_fft_input(self, False), dims, _p_fft_sizes(self, s, dims, False))
    return torch._fft_r2c(x, dims, _p_fft_norm(norm, True), True)


def _p_fft_half(
    self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], name: str
) -> Tuple[Tensor, List[int], int]:  # the half spectrum that gives a real signal, its dimensions, and the size of the signal's last one
    dims = _p_fft_dims(self, s, dim)
    _p_fft_check_axes(dims, name)
    sizes = _p_fft_sizes(self, s, dims, True)
    last = sizes[-1]
    sizes[-1] = last // 2 + 1
    return _p_fft_resize(_p_fft_input(self, True), dims, sizes), dims, last


def fft_irfftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    x, dims, last = _p_fft_half(self, s, dim, "irfftn")
    return torch._fft_c2r(x, dims, _p_fft_norm(norm, False), last)


def fft_hfftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    x, dims, last = _p_fft_half(self, s, dim, "hfftn")
    mode = _p_fft_norm(norm, True)
    if len(dims) > 1:
        x = torch._fft_c2c(x, dims[:-1], mode, True)
    return torch._fft_c2r(torch.conj_physical(x), [dims[-1]], mode, last)


def fft_ihfftn(self: Tensor, s: Optional[List[int]], dim: Optional[List[int]], norm: Optional[str]) -> Tensor:
    if self.is_complex():
        raise RuntimeError("Only supports floating-point dtypes, but found: " + ("ComplexFloat" if self.dtype == 9 else "ComplexDouble"))
    dims = _p_fft_dims(self, s, dim)
    _p_fft_check_axes(dims, "ihfftn")
    x = _p_fft_resize(_p_fft_input(self, False), dims, _p_fft_sizes(self, s, dims, False))
    mode = _p_fft_norm(norm, False)
    x = torch.conj_physical(torch._fft_r2c(x, [dims[-1]], mode, True))
    if len(dims) > 1:
        x = torch._fft_c2c(x, dims[:-1], mode, False)
    return x


def fft_fft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_fftn(self, s, dim, norm)


def fft_ifft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_ifftn(self, s, dim, norm)


def fft_rfft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_rfftn(self, s, dim, norm)


def fft_irfft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_irfftn(self, s, dim, norm)


def fft_hfft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_hfftn(self, s, dim, norm)


def fft_ihfft2(self: Tensor, s: Optional[List[int]], dim: List[int], norm: Optional[str]) -> Tensor:
    return torch.fft_ihfftn(self, s, dim, norm)


def _p_fft_roll(x: Tensor, dim: Optional[List[int]], rounding: int) -> Tensor:
    dims: List[int] = []
    if dim is not None:
        dims = dim
    else:
        for d in range(x.dim()):
            dims.append(d)
    shifts: List[int] = []
    for d in dims:
        shifts.append((x.size(d) + rounding) // 2)
    result = x.clone()
    if len(dims) > 0:
        result = torch.roll(x, shifts, dims)
    return result


def fft_fftshift(self: Tensor, dim: Optional[List[int]]) -> Tensor:
    return _p_fft_roll(self, dim, 0)


def fft_ifftshift(self: Tensor, dim: Optional[List[int]]) -> Tensor:
    return _p_fft_roll(self, dim, 1)


def _p_fft_frequency_dtype(dtype: Optional[int], name: str) -> int:
    result = 6
    if dtype is not None:
        result = dtype
    if not (result == 5 or result == 6 or result == 7 or result == 15 or result == 9 or result == 10):
        raise RuntimeError(name + " requires a floating point or complex dtype")
    return result


def fft_fftfreq(n: int, d: float, dtype: Optional[int], layout: Optional[int], device: Optional[Device], pin_memory: Optional[bool]) -> Tensor:
    kind = _p_fft_frequency_dtype(dtype, "fftfreq")
    result = torch.cat([torch.arange((n + 1) // 2, dtype=kind), torch.arange(-(n // 2), 0, dtype=kind)])
    return result.mul_(1.0 / (n * d))


def fft_rfftfreq(n: int, d: float, dtype: Optional[int], layout: Optional[int], device: Optional[Device], pin_memory: Optional[bool]) -> Tensor:
    kind = _p_fft_frequency_dtype(dtype, "rfftfreq")
    return torch.arange(n // 2 + 1, dtype=kind).mul_(1.0 / (n * d))


def _p_stft_window(window: Optional[Tensor], win_length: int, n_fft: int, like: Tensor) -> Tensor:
    if window is not None:
        result = window
    else:
        result = torch.ones([win_length], dtype=like.dtype)
    if win_length < n_fft:
        left = (n_fft - win_length) // 2
        result = torch.constant_pad_nd(result, [left, n_fft - win_length - left])
    return result


def _p_stft(x: Tensor, n_fft: int, hop: int, win_length: int, window: Optional[Tensor], normalized: bool, onesided: Optional[bool]) -> Tensor:
    if not (x.is_floating_point() or x.is_complex()):
        raise RuntimeError("stft: expected a tensor of floating point or complex values")
    if x.dim() != 1 and x.dim() != 2:
        raise RuntimeError("stft: expected a 1D or 2D tensor")
    batch = x
    if x.dim() == 1:
        batch = torch.unsqueeze(x, 0)
    length = batch.size(1)
    if n_fft <= 0 or n_fft > length:
        raise RuntimeError(torch.format("stft: expected 0 < n_fft < {}, but got n_fft={}", length, n_fft))
    if hop <= 0:
        raise RuntimeError(torch.format("stft: expected hop_length > 0, but got hop_length={}", hop))
    if win_length <= 0 or win_length > n_fft:
        raise RuntimeError(torch.format("stft: expected 0 < win_length <= n_fft, but got win_length={}", win_length))
    if window is not None:
        if window.dim() != 1 or window.size(0) != win_length:
            raise RuntimeError(
                torch.format("stft: expected a 1D window tensor of size equal to win_length={}, but got window with size {}", win_length, window.size())
            )
    frames = batch.unfold(1, n_fft, hop)
    if window is not None or win_length < n_fft:
        frames = frames * _p_stft_window(window, win_length, n_fft, batch)
    complex = frames.is_complex()
    one = not complex
    if onesided is not None:
        one = onesided
    mode = 1 if normalized else 0
    if complex:
        if one:
            raise RuntimeError("Cannot have onesided output if window or input is complex")
        result = torch._fft_c2c(frames, [2], mode, True)
    else:
        result = torch._fft_r2c(frames, [2], mode, one)
    result = torch.transpose(result, 1, 2)
    if x.dim() == 1:
        result = torch.squeeze(result, 0)
    return result


def _p_stft_form(result: Tensor, self: Tensor, window: Optional[Tensor], return_complex: Optional[bool]) -> Tensor:
    wanted = self.is_complex()
    if window is not None:
        wanted = wanted or window.is_complex()
    if return_complex is not None:
        wanted = return_complex
    elif not wanted:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further require that return_complex=True in a future PyTorch release."
        )
    if not wanted:
        result = torch.view_as_real(result)
    return result


def stft(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int],
    win_length: Optional[int],
    window: Optional[Tensor],
    normalized: bool,
    onesided: Optional[bool],
    return_complex: Optional[bool],
    align_to_window: Optional[bool],
) -> Tensor:
    return torch.stft(self, n_fft, hop_length, win_length, window, False, "constant", normalized, onesided, return_complex, align_to_window)


def stft__center(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int],
    win_length: Optional[int],
    window: Optional[Tensor],
    center: bool,
    pad_mode: str,
    normalized: bool,
    onesided: Optional[bool],
    return_complex: Optional[bool],
    align_to_window: Optional[bool],
) -> Tensor:
    if center and align_to_window is not None:
        raise RuntimeError("stft align_to_window should only be set when center = false")
    hop = n_fft // 4
    if hop_length is not None:
        hop = hop_length
    length = n_fft
    if win_length is not None:
        length = win_length
    padding = 0
    if center:
        padding = n_fft // 2
    elif align_to_window is not None:
        if align_to_window:
            padding = (n_fft - length) // 2
    x = self
    if padding > 0 and (self.dim() == 1 or self.dim() == 2):
        lead = [1] * (3 - self.dim())
        x = torch.pad(torch.reshape(self, lead + self.size()), [padding, padding], pad_mode)
        x = torch.reshape(x, self.size()[:-1] + [x.size(-1)])
    return _p_stft_form(_p_stft(x, n_fft, hop, length, window, normalized, onesided), self, window, return_complex)


def istft(
    self: Tensor,
    n_fft: int,
    hop_length: Optional[int],
    win_length: Optional[int],
    window: Optional[Tensor],
    center: bool,
    normalized: bool,
    onesided: Optional[bool],
    length: Optional[int],
    return_complex: bool,
) -> Tensor:
    hop = n_fft // 4
    if hop_length is not None:
        hop = hop_length
    size = n_fft
    if win_length is not None:
        size = win_length
    if not self.is_complex():
        raise RuntimeError("istft requires a complex-valued input tensor matching the output from stft with return_complex=True.")
    if self.dim() != 2 and self.dim() != 3:
        raise RuntimeError(torch.format("istft: expected a tensor with 3 or 4 dimensions, but got {}", self.dim() + 1))
    if self.numel() == 0:
        raise RuntimeError("istft: input tensor cannot be empty.")
    bins = self.size(-2)
    frames = self.size(-1)
    one = bins != n_fft
    if onesided is not None:
        one = onesided
    expected = n_fft
    if one:
        expected = n_fft // 2 + 1
    if bins != expected:
        raise RuntimeError(
            torch.format(
                "istft: expected the frequency dimension (3rd to the last) of the input tensor to match {} when onesided={}, but got {}",
                "n_fft / 2 + 1" if one else "n_fft", one, bins,
            )
        )
    if hop <= 0 or hop > size:
        raise RuntimeError("istft: expected 0 < hop_length <= win_length")
    if size <= 0 or size > n_fft:
        raise RuntimeError("istft: expected 0 < win_length <= n_fft")
    if window is not None:
        if window.dim() != 1 or window.size(0) != size:
            raise RuntimeError("istft: Invalid window shape. window has to be 1D and length of `win_length`")
        if window.is_complex() and not return_complex:
            raise RuntimeError("Complex windows are incompatible with return_complex=False")
    if return_complex and one:
        raise RuntimeError("Cannot have onesided output if window or input is complex")
    weights = _p_stft_window(window, size, n_fft, torch.real(self))
    x = self
    if self.dim() == 2:
        x = torch.unsqueeze(self, 0)
    x = torch.transpose(x, 1, 2)
    mode = 1 if normalized else 2
    if return_complex:
        x = torch._fft_c2c(x, [2], mode, False)
    else:
        x = torch._fft_c2r(torch.narrow(x, 2, 0, n_fft // 2 + 1), [2], mode, n_fft)
    total = n_fft + hop * (frames - 1)
    y = torch.unfold_backward(x * weights, [x.size(0), total], 1, n_fft, hop)
    envelope = torch.unfold_backward(torch.expand_copy(torch.square(weights), [1, frames, n_fft]), [1, total], 1, n_fft, hop)
    start = 0
    end = total
    if center:
        start = n_fft // 2
        end = total - n_fft // 2
    if length is not None:
        end = start + length
    y = y[:, start:end]
    envelope = envelope[:, start:end]
    if bool(torch.min(torch.abs(envelope)) < 1e-11):
        raise RuntimeError("istft: window overlap add min: 1")
    y = y / envelope
    if self.dim() == 2:
        y = torch.squeeze(y, 0)
    if end > total:
        y = torch.constant_pad_nd(y, [0, end - total])
    return y
