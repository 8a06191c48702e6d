def _p_numbers_for(sizes: Optional[int], rank: int) -> Optional[List[int]]:
    result: Optional[List[int]] = None
    if sizes is not None:
        result = [sizes] * rank
    return result


def _p_factors_for(factor: Optional[float], rank: int) -> Optional[List[float]]:
    result: Optional[List[float]] = None
    if factor is not None:
        result = [factor] * rank
    return result


def _p_floats(numbers: Optional[List[int]]) -> Optional[List[float]]:
    result: Optional[List[float]] = None
    if numbers is not None:
        floats: List[float] = []
        for n in numbers:
            floats.append(float(n))
        result = floats
    return result


def _p_resample(input: Tensor, size: Optional[List[int]], factors: Optional[List[float]], mode: str, align_corners: Optional[bool], antialias: bool) -> Tensor:
    """A size wins over factors, and factors only give a size: they do not decide about positions, whatever recompute_scale_factor says."""
    rank = input.dim() - 2
    corners = False
    if antialias:
        raise RuntimeError("Antialias is not yet supported")
    if align_corners is not None:
        if mode == "nearest" or mode == "area":
            raise RuntimeError("align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear")
        corners = align_corners
    sizes: List[int] = []
    if size is not None:
        sizes = size
    elif factors is not None:
        for d in range(rank):
            sizes.append(int(float(input.size(d + 2)) * factors[d]))
    else:
        raise RuntimeError("either size or scale_factor should be defined")
    if mode == "nearest" and rank == 1:
        result = torch.upsample_nearest1d(input, sizes, None)
    elif mode == "nearest" and rank == 2:
        result = torch.upsample_nearest2d(input, sizes, None)
    elif mode == "nearest" and rank == 3:
        result = torch.upsample_nearest3d(input, sizes, None)
    elif mode == "area" and rank == 1:
        result = torch.adaptive_avg_pool1d(input, sizes)
    elif mode == "area" and rank == 2:
        result = torch.adaptive_avg_pool2d(input, sizes)
    elif mode == "area" and rank == 3:
        result = torch.adaptive_avg_pool3d(input, sizes)
    elif mode == "linear" and rank == 1:
        result = torch.upsample_linear1d(input, sizes, corners, None)
    elif mode == "bilinear" and rank == 2:
        result = torch.upsample_bilinear2d(input, sizes, corners, None)
    elif mode == "bicubic" and rank == 2:
        result = torch.upsample_bicubic2d(input, sizes, corners, None)
    elif mode == "trilinear" and rank == 3:
        result = torch.upsample_trilinear3d(input, sizes, corners, None)
    else:
        raise RuntimeError("Input Error: Only 3D, 4D and 5D input Tensors supported (got " + str(input.dim()) + "D) for the modes: nearest | linear | bilinear | trilinear (got " + mode + ")")
    return result


def __interpolate(input: Tensor, size: Optional[int], scale_factor: Optional[float], mode: str, align_corners: Optional[bool], recompute_scale_factor: Optional[bool], antialias: bool) -> Tensor:
    rank = input.dim() - 2
    return _p_resample(input, _p_numbers_for(size, rank), _p_factors_for(scale_factor, rank), mode, align_corners, antialias)


def __interpolate__size_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[float], mode: str, align_corners: Optional[bool], recompute_scale_factor: Optional[bool], antialias: bool) -> Tensor:
    return _p_resample(input, size, _p_factors_for(scale_factor, input.dim() - 2), mode, align_corners, antialias)


def __interpolate__scale_list(input: Tensor, size: Optional[int], scale_factor: Optional[List[float]], mode: str, align_corners: Optional[bool], recompute_scale_factor: Optional[bool], antialias: bool) -> Tensor:
    return _p_resample(input, _p_numbers_for(size, input.dim() - 2), scale_factor, mode, align_corners, antialias)


def __interpolate__size_list_scale_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[List[float]], mode: str, align_corners: Optional[bool], recompute_scale_factor: Optional[bool], antialias: bool) -> Tensor:
    return _p_resample(input, size, scale_factor, mode, align_corners, antialias)


def __upsample(input: Tensor, size: Optional[int], scale_factor: Optional[int], mode: str, align_corners: Optional[bool]) -> Tensor:
    rank = input.dim() - 2
    return _p_resample(input, _p_numbers_for(size, rank), _p_floats(_p_numbers_for(scale_factor, rank)), mode, align_corners, False)


def __upsample__size_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[int], mode: str, align_corners: Optional[bool]) -> Tensor:
    return _p_resample(input, size, _p_floats(_p_numbers_for(scale_factor, input.dim() - 2)), mode, align_corners, False)


def __upsample_nearest(input: Tensor, size: Optional[int], scale_factor: Optional[int]) -> Tensor:
    return __upsample(input, size, scale_factor, "nearest", None)


def __upsample_nearest__size_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[int]) -> Tensor:
    return __upsample__size_list(input, size, scale_factor, "nearest", None)


def __upsample_bilinear(input: Tensor, size: Optional[int], scale_factor: Optional[int]) -> Tensor:
    return __upsample(input, size, scale_factor, "bilinear", True)


def __upsample_bilinear__size_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[int]) -> Tensor:
    return __upsample__size_list(input, size, scale_factor, "bilinear", True)


def __upsample_bilinear__scale_list(input: Tensor, size: Optional[int], scale_factor: Optional[List[int]]) -> Tensor:
    return _p_resample(input, _p_numbers_for(size, 2), _p_floats(scale_factor), "bilinear", True, False)


def __upsample_bilinear__size_list_scale_list(input: Tensor, size: Optional[List[int]], scale_factor: Optional[List[int]]) -> Tensor:
    return _p_resample(input, size, _p_floats(scale_factor), "bilinear", True, False)
