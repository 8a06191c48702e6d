def helper(x: Tensor, scale: float=1e-05, flags: List[bool]=[True, False]) -> Tensor:
  _0 = torch.mul(x, scale) if flags[0] else torch.neg(x)
  return _0
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    _0 = __torch__.helper
    s = "a\x41\n'\"" + 'b'
    c = (1.5+2j)
    d = {"k": 1, "l": -2}
    f = fork(_0, x, scale=0.5)
    _1 = torch.add((_0)(x, 2., [False], ), torch.wait(f), alpha=-1)
    _2 = _1[0, ..., 1:-1:2, None]
    _3 = [i * 2 for i in range(3)]
    _4 = torch.sum(torch.tensor([1., inf, -inf, nan]))
    _5 = isinstance(c, (int, float))
    y = torch.matmul(x, torch.t(x))
    assert torch.gt(torch.dim(y), 0), "no dimensions"
    return torch.where(torch.gt(y, 0), y, _4)
