def native_dropout_backward(grad_output: Tensor, mask: Tensor, scale: float) -> Tensor:
    return grad_output * (torch.type_as(mask, grad_output) * scale)


def _p_wide(x: Tensor) -> Tensor:
    result = x
    if x.dtype == 5 or x.dtype == 15:
        result = torch.to(x, 6)
    return result


def _softmax_backward_data(grad_output: Tensor, output: Tensor, dim: int, input_dtype: int) -> Tensor:
    gradient = _p_wide(grad_output)
    y = _p_wide(output)
    product = gradient * y
    return torch.to(product - y * torch.sum(product, [dim], True), input_dtype)


def _log_softmax_backward_data(grad_output: Tensor, output: Tensor, dim: int, input_dtype: int) -> Tensor:
    gradient = _p_wide(grad_output)
    return torch.to(gradient - torch.exp(_p_wide(output)) * torch.sum(gradient, [dim], True), input_dtype)


def glu_jvp(glu: Tensor, x: Tensor, dx: Tensor, dim: int) -> Tensor:
    gate = torch.sigmoid(torch.chunk(x, 2, dim)[1])
    change = torch.chunk(dx, 2, dim)
    return change[0] * gate + glu * (change[1] - gate * change[1])


def max_pool2d_with_indices_backward(grad_output: Tensor, self: Tensor, kernel_size: List[int], stride: List[int], padding: List[int], dilation: List[int], ceil_mode: bool, indices: Tensor) -> Tensor:
    if grad_output.size() != indices.size():
        raise RuntimeError("max_pool2d_with_indices_backward: indices have sizes " + str(indices.size()) + ", grad_output has " + str(grad_output.size()))
    planes = torch.zeros_like(torch.flatten(self, -2, -1))
    return torch.reshape(torch.scatter_add(planes, -1, torch.flatten(indices, -2, -1), torch.flatten(grad_output, -2, -1)), self.size())


def _batch_norm_with_update(input: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], running_mean: Tensor, running_var: Tensor, momentum: float, eps: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    normed = torch._native_batch_norm_legit(input, weight, bias, running_mean, running_var, True, momentum, eps)
    return (normed[0], normed[1], normed[2], torch.empty([0], dtype=0))


def _batch_norm_with_update_functional(input: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], running_mean: Tensor, running_var: Tensor, momentum: float, eps: float) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    mean = running_mean.clone()
    var = running_var.clone()
    normed = _batch_norm_with_update(input, weight, bias, mean, var, momentum, eps)
    return (normed[0], normed[1], normed[2], normed[3], mean, var)


def batch_norm_update_stats(input: Tensor, running_mean: Optional[Tensor], running_var: Optional[Tensor], momentum: float) -> Tuple[Tensor, Tensor]:
    dims: List[int] = []
    for d in range(input.dim()):
        if d != 1:
            dims.append(d)
    moments = torch.var_mean(input, dims, correction=0)
    count = input.numel() // input.size(1)
    if running_mean is not None:
        _ = torch.copy_(running_mean, momentum * moments[1] + (1 - momentum) * running_mean)
    if running_var is not None:
        _ = torch.copy_(running_var, momentum * (moments[0] * count / (count - 1)) + (1 - momentum) * running_var)
    return (moments[1], moments[0])


def _fused_rms_norm(input: Tensor, normalized_shape: List[int], weight: Optional[Tensor], eps: Optional[float]) -> Tuple[Tensor, Tensor]:
    wide = input
    least = 1.1920928955078125e-07
    if input.dtype == 7:
        least = 2.220446049250313e-16
    else:
        wide = torch.to(input, 6)
    if eps is not None:
        least = eps
    dims: List[int] = []
    for d in range(len(normalized_shape)):
        dims.append(input.dim() - len(normalized_shape) + d)
    rstd = torch.rsqrt(torch.mean(wide * wide, dims, True) + least)
    return (torch.rms_norm(input, normalized_shape, weight, eps), rstd)


def _batch_norm_no_update(input: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], running_mean: Optional[Tensor], running_var: Optional[Tensor], momentum: float, eps: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    normed = torch.native_batch_norm(input, weight, bias, running_mean, running_var, False, momentum, eps)
    return (normed[0], normed[1], normed[2], torch.empty([0], dtype=0))


def _grad_sum_to_size(self: Tensor, size: Optional[List[int]]) -> Tensor:
    result = self
    if size is not None:
        result = torch.sum_to_size(self, size)
    return result


def _no_grad_embedding_renorm_(weight: Tensor, input: Tensor, max_norm: float, norm_type: float) -> Tensor:
    return torch.embedding_renorm_(weight, input, max_norm, norm_type)


def _no_grad_normal_(tensor: Tensor, mean: float, std: float, generator: Optional[Generator]) -> Tensor:
    return torch.normal_(tensor, mean, std, generator=generator)


def _no_grad_uniform_(tensor: Tensor, a: float, b: float, generator: Optional[Generator]) -> Tensor:
    return torch.uniform_(tensor, a, b, generator=generator)


def _new_zeros_with_same_feature_meta(self: Tensor, other: Tensor, self_num_batch_dims: int) -> Tensor:
    return torch.new_zeros(other, self.size()[:self_num_batch_dims] + other.size())
