def _p_reduce(loss: Tensor, reduction: int) -> Tensor:
    if reduction == 1:
        result = torch.mean(loss)
    elif reduction == 2:
        result = torch.sum(loss)
    else:
        result = loss
    return result


def l1_loss(self: Tensor, target: Tensor, reduction: int) -> Tensor:
    return _p_reduce(torch.abs(self - target), reduction)


def mse_loss(self: Tensor, target: Tensor, reduction: int) -> Tensor:
    return _p_reduce(torch.square(self - target), reduction)


def _p_computed(x: Tensor, dtype: int, half: int) -> Tensor:
    """x in the dtype of the computation: PyTorch takes float32 for one of the halves and rounds each step of the other."""
    result = x
    if dtype == half:
        result = torch.to(x, 6)
    return result


def smooth_l1_loss(self: Tensor, target: Tensor, reduction: int, beta: float) -> Tensor:
    if beta < 0.0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    dtype = torch.promote_types(self.dtype, target.dtype)
    if beta == 0.0:
        loss = torch.abs(self - target)
    elif dtype == 5:
        z = torch.abs(self - target)
        limit = torch.full([], beta, dtype=dtype)
        loss = torch.where(z < limit, 0.5 * z * z / limit, z - 0.5 * limit)
    else:
        wide = torch.abs(_p_computed(self, dtype, 15) - _p_computed(target, dtype, 15))
        loss = torch.to(torch.where(wide < beta, wide * wide * (0.5 / beta), wide - 0.5 * beta), dtype)
    return _p_reduce(loss, reduction)


def huber_loss(self: Tensor, target: Tensor, reduction: int, delta: float) -> Tensor:
    if delta <= 0.0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    dtype = torch.promote_types(self.dtype, target.dtype)
    limit = delta
    if dtype == 15:
        limit = float(torch.full([], delta, dtype=dtype))
    z = torch.abs(_p_computed(self, dtype, 5) - _p_computed(target, dtype, 5))
    return _p_reduce(torch.to(torch.where(z <= limit, z * z * 0.5, (z - 0.5 * limit) * limit), dtype), reduction)


def soft_margin_loss(self: Tensor, target: Tensor, reduction: int) -> Tensor:
    return _p_reduce(torch.log1p(torch.exp(torch.neg(target) * self)), reduction)


def binary_cross_entropy(self: Tensor, target: Tensor, weight: Optional[Tensor], reduction: int) -> Tensor:
    if self.size() != target.size():
        raise RuntimeError("Using a target size that is different to the input size is not supported")
    if self.numel() > 0:
        if not bool(torch.all((self >= 0) & (self <= 1))):
            raise RuntimeError("all elements of input should be between 0 and 1")
    hit = torch.clamp_min(torch.log(self), -100)
    miss = torch.clamp_min(torch.log1p(torch.neg(self)), -100)
    loss = (target - 1) * miss - target * hit
    if weight is not None:
        loss = loss * weight
    return _p_reduce(loss, reduction)


def binary_cross_entropy_with_logits(self: Tensor, target: Tensor, weight: Optional[Tensor], pos_weight: Optional[Tensor], reduction: int) -> Tensor:
    hit = torch.log_sigmoid(self)
    if pos_weight is not None:
        hit = hit * ((pos_weight - 1) * target + 1)
    loss = (1 - target) * self - hit
    if weight is not None:
        loss = loss * weight
    return _p_reduce(loss, reduction)


def kl_div(self: Tensor, target: Tensor, reduction: int, log_target: bool) -> Tensor:
    if log_target:
        loss = torch.exp(target) * (target - self)
    else:
        loss = torch.xlogy(target, target) - target * self
    return _p_reduce(loss, reduction)


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int) -> Tensor:
    if log_input:
        loss = torch.exp(input) - target * input
    else:
        loss = input - target * torch.log(input + eps)
    if full:
        stirling = target * torch.log(target) - target + 0.5 * torch.log(target * 6.283185307179586)
        loss = loss + torch.masked_fill(stirling, target <= 1, 0)
    return _p_reduce(loss, reduction)


def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float, reduction: int) -> Tensor:
    if target.dim() > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    dim = target.dim()
    product = torch.sum(input1 * input2, [dim])
    square1 = torch.sum(input1 * input1, [dim]) + 1e-12
    square2 = torch.sum(input2 * input2, [dim]) + 1e-12
    cosine = product / torch.sqrt(square1 * square2)
    zeros = torch.zeros_like(cosine)
    loss = torch.where(target == 1, 1 - cosine, zeros) + torch.where(target == -1, torch.clamp_min(cosine - margin, 0), zeros)
    return _p_reduce(loss, reduction)


def hinge_embedding_loss(self: Tensor, target: Tensor, margin: float, reduction: int) -> Tensor:
    zeros = torch.zeros_like(self)
    loss = torch.where(target != 1, torch.clamp_min(torch.full_like(self, margin) - self, 0), zeros) + torch.where(target != -1, self, zeros)
    return _p_reduce(loss, reduction)


def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float, reduction: int) -> Tensor:
    return _p_reduce(torch.clamp_min(torch.neg(target) * (input1 - input2) + margin, 0), reduction)


def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float, p: float, eps: float, swap: bool, reduction: int) -> Tensor:
    near = torch.pairwise_distance(anchor, positive, p, eps)
    far = torch.pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = torch.minimum(far, torch.pairwise_distance(positive, negative, p, eps))
    return _p_reduce(torch.clamp_min(near - far + margin, 0), reduction)


def _p_along_classes(weight: Tensor, rank: int, dim: int) -> Tensor:
    sizes = [1] * rank
    sizes[dim] = weight.numel()
    return torch.reshape(weight, sizes)


def _p_soft_cross_entropy(self: Tensor, target: Tensor, weight: Optional[Tensor], reduction: int, label_smoothing: float, dim: int) -> Tensor:
    if not target.is_floating_point():
        raise RuntimeError("Expected floating point type for target with class probabilities")
    classes = self.size(dim)
    if label_smoothing > 0.0:
        goal = target * (1 - label_smoothing) + label_smoothing / classes
    else:
        goal = target
    loss = torch.log_softmax(self, dim) * goal
    if weight is not None:
        loss = loss * _p_along_classes(weight, self.dim(), dim)
    if reduction == 0:
        result = torch.neg(torch.sum(loss, [dim]))
    elif reduction == 1:
        result = torch.neg(torch.sum(loss)) / (self.numel() / classes)
    else:
        result = torch.neg(torch.sum(loss))
    return result


def _p_smooth_cross_entropy(self: Tensor, target: Tensor, weight: Optional[Tensor], reduction: int, ignore_index: int, label_smoothing: float, dim: int) -> Tensor:
    logs = torch.log_softmax(self, dim)
    hard = torch.nll_loss_nd(logs, target, weight, reduction, ignore_index)
    if weight is not None:
        smooth = torch.neg(torch.sum(logs * _p_along_classes(weight, self.dim(), dim), [dim]))
    else:
        smooth = torch.neg(torch.sum(logs, [dim]))
    ignored = target == ignore_index
    smooth = torch.masked_fill(smooth, ignored, 0)
    if reduction == 1:
        kept = torch.masked_select(target, torch.logical_not(ignored))
        if weight is not None:
            smooth = torch.sum(smooth) / torch.sum(torch.index_select(weight, 0, kept))
        else:
            smooth = torch.sum(smooth) / kept.numel()
    elif reduction == 2:
        smooth = torch.sum(smooth)
    return hard * (1 - label_smoothing) + smooth * (label_smoothing / self.size(dim))


def cross_entropy_loss(self: Tensor, target: Tensor, weight: Optional[Tensor], reduction: int, ignore_index: int, label_smoothing: float) -> Tensor:
    if self.dim() == 1:
        dim = 0
    else:
        dim = 1
    if label_smoothing < 0.0 or label_smoothing > 1.0:
        raise RuntimeError("label_smoothing must be between 0.0 and 1.0.")
    if self.size() == target.size():
        if target.is_floating_point() and ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        result = _p_soft_cross_entropy(self, target, weight, reduction, label_smoothing, dim)
    elif label_smoothing > 0.0:
        result = _p_smooth_cross_entropy(self, target, weight, reduction, ignore_index, label_smoothing, dim)
    else:
        result = torch.nll_loss_nd(torch.log_softmax(self, dim), target, weight, reduction, ignore_index)
    return result
