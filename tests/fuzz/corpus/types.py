class Pair(NamedTuple):
  left : Tensor
  right : Optional[int]
class Shape(Interface):
  def area(self: __torch__.Shape, x: int) -> int:
    pass
class Counter:
  count : int
  names : Dict[str, List[Tensor]]
  def __init__(self: __torch__.Counter) -> NoneType:
    self.count = 0
    self.names = annotate(Dict[str, List[Tensor]], {})
    return None
  def add(self: __torch__.Counter, name: str, x: Tensor) -> int:
    _0 = torch.__contains__(self.names, name)
    if _0:
      _1 = torch.append(self.names[name], x)
    else:
      self.names[name] = [x]
    self.count = torch.add(self.count, 1)
    return self.count
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.M, x: Tensor, key: Optional[str]=None) -> Tuple[__torch__.Pair, int]:
    c = __torch__.Counter.__new__(__torch__.Counter)
    _0 = (c).__init__()
    if torch.__isnot__(key, None):
      key0 = unchecked_cast(str, key)
      _1 = (c).add(key0, x)
    else:
      _1 = (c).add("none", x)
    values = [torch.item(v) for v in torch.unbind(x)]
    p = __torch__.Pair(x, 3)
    return (p, torch.add((c).count, _1))
