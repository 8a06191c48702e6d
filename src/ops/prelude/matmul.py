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
