def _p_fake_quantize(self: Tensor, inverse: Tensor, scale: Tensor, zero_point: Tensor, quant_min: int, quant_max: int) -> Tuple[Tensor, Tensor]:
    if quant_min > quant_max:
        raise RuntimeError("`quant_min` should be less than or equal to `quant_max`.")
    places = torch.round(torch.to(self, 6) * inverse + zero_point)
    inside = (places >= quant_min) & (places <= quant_max)
    values = (torch.clamp(places, quant_min, quant_max) - zero_point) * scale
    return (torch.to(values, self.dtype), inside)


def _p_fake_quantize_tensor(self: Tensor, scale: Tensor, zero_point: Tensor, quant_min: int, quant_max: int) -> Tuple[Tensor, Tensor]:
    s = torch.to(scale, 6)
    return _p_fake_quantize(self, 1.0 / s, s, torch.to(zero_point, 6), quant_min, quant_max)


def fake_quantize_per_tensor_affine_cachemask(self: Tensor, scale: float, zero_point: int, quant_min: int, quant_max: int) -> Tuple[Tensor, Tensor]:
    if zero_point < quant_min or zero_point > quant_max:
        raise RuntimeError("`zero_point` must be between `quant_min` and `quant_max`.")
    return _p_fake_quantize_tensor(self, torch.full([], scale, dtype=6), torch.full([], zero_point, dtype=6), quant_min, quant_max)


def fake_quantize_per_tensor_affine(self: Tensor, scale: float, zero_point: int, quant_min: int, quant_max: int) -> Tensor:
    return fake_quantize_per_tensor_affine_cachemask(self, scale, zero_point, quant_min, quant_max)[0]


def fake_quantize_per_tensor_affine__tensor_qparams(self: Tensor, scale: Tensor, zero_point: Tensor, quant_min: int, quant_max: int) -> Tensor:
    return _p_fake_quantize_tensor(self, torch.reshape(scale, []), torch.reshape(zero_point, []), quant_min, quant_max)[0]


def fake_quantize_per_channel_affine_cachemask(self: Tensor, scale: Tensor, zero_point: Tensor, axis: int, quant_min: int, quant_max: int) -> Tuple[Tensor, Tensor]:
    if scale.dim() != 1 or zero_point.dim() != 1:
        raise RuntimeError("scale and zero point need to be 1-D tensors")
    if axis < 0 or axis >= self.dim():
        raise RuntimeError("`axis` must be between 0 and number of dimensions of input")
    if scale.numel() != zero_point.numel() or scale.numel() != self.size(axis):
        raise RuntimeError("dimensions of scale and zero-point are not consistent with input tensor")
    if not bool(torch.all((zero_point >= quant_min) & (zero_point <= quant_max))):
        raise RuntimeError("`zero_point` must be between `quant_min` and `quant_max`.")
    shape = [1] * self.dim()
    shape[axis] = -1
    return _p_fake_quantize_tensor(self, torch.reshape(scale, shape), torch.reshape(zero_point, shape), quant_min, quant_max)


def fake_quantize_per_channel_affine(self: Tensor, scale: Tensor, zero_point: Tensor, axis: int, quant_min: int, quant_max: int) -> Tensor:
    return fake_quantize_per_channel_affine_cachemask(self, scale, zero_point, axis, quant_min, quant_max)[0]


def dequantize__self(self: Tensor) -> Tensor:
    return torch.to(self, 6)


def dequantize__tensor(qtensor: Tensor) -> Tensor:
    return torch.to(qtensor, 6)


def dequantize__tensors(tensors: List[Tensor]) -> List[Tensor]:
    results: List[Tensor] = []
    for t in tensors:
        results.append(torch.to(t, 6))
    return results


def dequantize__list(qtensors: List[Tensor]) -> List[Tensor]:
    return dequantize__tensors(qtensors)


def _saturate_weight_to_fp16(weight: Tensor) -> Tensor:
    return torch.clamp(weight, -65504.0, 65504.0)


def _rowwise_prune(weight: Tensor, mask: Tensor, compressed_indices_dtype: int) -> Tuple[Tensor, Tensor]:
    """The rows that stay, and for every row its place among them, -1 where it goes."""
    if mask.dim() != 1 or mask.size(0) != weight.size(0):
        raise RuntimeError("Number of elements in 'mask' should be equivalent to the number of rows in 'weight'.")
    kept = torch.to(mask, 11)
    places = torch.masked_fill(torch.cumsum(kept, 0) - 1, torch.logical_not(kept), -1)
    return torch.index_select(weight, 0, torch.masked_select(torch.arange(weight.size(0)), kept)), torch.to(places, compressed_indices_dtype)


def _weight_int8pack_mm(self: Tensor, mat2: Tensor, scales: Tensor) -> Tensor:
    if mat2.dtype != 1:
        raise RuntimeError("_weight_int8pack_mm : expect B to be int8 tensor.")
    if self.dim() != 2 or mat2.dim() != 2 or self.size(1) != mat2.size(1) or scales.numel() != mat2.size(0):
        raise RuntimeError("_weight_int8pack_mm : A " + str(self.size()) + ", B " + str(mat2.size()) + " and scales " + str(scales.size()) + " do not fit")
    product = torch.mm(torch.to(self, 6), torch.t(torch.to(mat2, 6)))
    return torch.to(product * torch.to(scales, 6), self.dtype)
