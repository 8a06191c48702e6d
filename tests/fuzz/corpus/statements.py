class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M,
    x: Tensor,
    n: int) -> Tensor:
    total = annotate(List[int], [])
    y = x
    for i in range(n):
      if torch.eq(torch.remainder(i, 2), 0):
        _0 = torch.append(total, i)
        y0 = torch.add(y, 1)
      else:
        y0 = torch.mul_(y, 2.5)
      y = y0
    _1 = torch.gt(torch.len(total), 3)
    while _1:
      _2 = torch.pop(total)
      _1 = torch.gt(torch.len(total), 3)
    if torch.lt(n, 0):
      ops.prim.RaiseException(torch.format("negative: {}", n), "builtins.ValueError")
    else:
      pass
    a, b, = (y, torch.relu(y))
    _3 = torch.slice(a, 0, 0, 9223372036854775807, 2)
    return torch.cat([a, b], 0)
