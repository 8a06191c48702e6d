def _p_group_ends(offs: Tensor, groups: int) -> List[int]:
    if offs.dtype != 3:
        raise RuntimeError("Offsets have to be int32")
    if offs.dim() != 1:
        raise RuntimeError("offs has to be 1D")
    ends: List[int] = []
    for i in range(offs.size(0)):
        ends.append(int(offs[i]))
    if len(ends) != groups:
        raise RuntimeError("matrix batch sizes have to match")
    return ends


def _grouped_mm(self: Tensor, mat2: Tensor, offs: Optional[Tensor], bias: Optional[Tensor], out_dtype: Optional[int]) -> Tensor:
    flat = self.dim() == 2 or mat2.dim() == 2
    if (self.dim() != 2 and self.dim() != 3) or (mat2.dim() != 2 and mat2.dim() != 3):
        raise RuntimeError("mat_a and mat_b have to be 2 or 3 dimensional")
    if self.size(-1) != mat2.size(-2):
        raise RuntimeError("contraction dimension of mat_a and mat_b must match")
    if flat != (offs is not None):
        raise RuntimeError("Have to provide offsets if there is a 2d matrix, or no offset if both matrices are 3d")
    if bias is not None:
        raise RuntimeError("Bias not supported yet")
    if out_dtype is not None:
        if out_dtype != self.dtype:
            raise RuntimeError("Grouped gemm output dtype must match `mat_a` dtype")
    if offs is None:
        result = torch.bmm(self, mat2)
    else:
        start = 0
        parts: List[Tensor] = []
        if self.dim() == 2 and mat2.dim() == 2:
            ends = _p_group_ends(offs, offs.size(0))
            for i in range(len(ends)):
                end = ends[i]
                parts.append(torch.mm(self[:, start:end], mat2[start:end]))
                start = end
            result = torch.stack(parts)
        elif self.dim() == 2:
            ends = _p_group_ends(offs, mat2.size(0))
            for i in range(len(ends)):
                end = ends[i]
                parts.append(torch.mm(self[start:end], mat2[i]))
                start = end
            parts.append(self.new_zeros([self.size(0) - start, mat2.size(2)]))
            result = torch.cat(parts)
        else:
            ends = _p_group_ends(offs, self.size(0))
            for i in range(len(ends)):
                end = ends[i]
                parts.append(torch.mm(self[i], mat2[:, start:end]))
                start = end
            parts.append(self.new_zeros([self.size(1), mat2.size(1) - start]))
            result = torch.cat(parts, 1)
    return result


def _p_unsqueezed(x: Tensor, dims: List[int]) -> Tensor:
    result = x
    for d in dims:
        result = torch.unsqueeze(result, d)
    return result


def _trilinear(i1: Tensor, i2: Tensor, i3: Tensor, expand1: List[int], expand2: List[int], expand3: List[int], sumdim: List[int], unroll_dim: int) -> Tensor:
    product = _p_unsqueezed(i1, expand1) * _p_unsqueezed(i2, expand2) * _p_unsqueezed(i3, expand3)
    if len(sumdim) == 0:
        result = product
    else:
        result = torch.sum(product, sumdim)
    return result


def _compute_linear_combination(input: Tensor, coefficients: Tensor) -> Tensor:
    if coefficients.size(1) != input.size(0):
        raise RuntimeError("_compute_linear_combination: coefficients " + str(coefficients.size()) + " do not fit " + str(input.size(0)) + " matrices")
    return torch.tensordot(coefficients, input, [1], [0])


def _scaled_dot_product_flash_attention_for_cpu(query: Tensor, key: Tensor, value: Tensor, dropout_p: float, is_causal: bool, attn_mask: Optional[Tensor], scale: Optional[float]) -> Tuple[Tensor, Tensor]:
    if dropout_p != 0.0:
        raise RuntimeError("scaled_dot_product_attention_flash_attention: Currently do not support dropout > 0")
    if query.dim() != 4 or key.dim() != 4 or value.dim() != 4:
        raise RuntimeError("scaled_dot_product_attention_flash_attention: Accept only 4 dims inputs shape of {(B), H, T, K}")
    factor = query.size(3) ** -0.5
    if scale is not None:
        factor = scale
    scores = torch.matmul(torch.to(query, 6) * factor, torch.transpose(torch.to(key, 6), -2, -1))
    if query.dtype == 7:
        scores = torch.matmul(query * factor, torch.transpose(key, -2, -1))
    if attn_mask is not None:
        scores = scores + attn_mask
    if is_causal:
        later = torch.triu(torch.ones([query.size(2), key.size(2)], dtype=11), 1)
        scores = torch.masked_fill(scores, later, float("-inf"))
    output = torch.scaled_dot_product_attention(query, key, value, attn_mask, 0.0, is_causal, scale=scale)
    return output, torch.logsumexp(scores, [-1])
