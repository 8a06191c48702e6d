"""Statements that only hand-made or old archives hold."""

import torch

from program import Call, source

source(
    "chained_targets",
    """
def forward(self, n: int) -> Tuple[int, int]:
  a = b = n + 1
  return (a, b)
""",
    (2,),
)

source(
    "augmented",
    """
def forward(self, n: int) -> List[int]:
  xs = [n, n]
  n += 1
  xs[0] += n
  n *= 3
  xs[1] -= n
  return xs
""",
    (2,),
)

source(
    "augmented_tensor_is_in_place",
    """
def forward(self, x: Tensor) -> Tensor:
  y = x
  y += 1
  y *= 2
  return x
""",
    (torch.zeros(2),),
)

source(
    "break_and_continue",
    """
def forward(self, n: int) -> int:
  total = 0
  for i in range(n):
    if i == 2:
      continue
    if i > 4:
      break
    total = total + i
  return total
""",
    (10,),
    (3,),
)

source(
    "elif_chain",
    """
def forward(self, n: int) -> str:
  if n == 0:
    r = "zero"
  elif n == 1:
    r = "one"
  elif n == 2:
    r = "two"
  else:
    r = "many"
  return r
""",
    (0,),
    (1,),
    (2,),
    (9,),
)

source(
    "delete",
    """
def forward(self, xs: List[int], d: Dict[str, int]) -> Tuple[List[int], Dict[str, int]]:
  del xs[0]
  del d["a"]
  return (xs, d)
""",
    ([1, 2, 3], {"a": 1, "b": 2}),
)

source(
    "assert_statement",
    """
def forward(self, n: int) -> int:
  assert n > 0, "n must be positive"
  return n
""",
    (1,),
    (0,),
)

source(
    "raise_statement",
    """
def forward(self, n: int) -> int:
  if n < 0:
    raise AssertionError("negative")
  else:
    pass
  return n
""",
    (1,),
    (-1,),
)

source(
    "comprehension",
    """
def forward(self, n: int) -> Tuple[List[int], Dict[int, int]]:
  return ([i * i for i in range(n)], {i: i + 1 for i in [1, 2]})
""",
    (4,),
)

source(
    "early_returns",
    """
def forward(self, n: int) -> int:
  if n > 2:
    return 1
  for i in range(5):
    if i == n:
      return i * 10
  return -1
""",
    (5,),
    (1,),
    (-4,),
)

source(
    "while_with_condition",
    """
def forward(self, n: int) -> int:
  steps = 0
  while n != 1 and steps < 100:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps = steps + 1
  return steps
""",
    (27,),
    (1,),
)

source(
    "forced_unpack",
    """
def forward(self, x: Tensor) -> Tensor:
  a, b, = torch.split(x, [1, 2], -1)
  c, d = torch.unbind(b, -1)
  return a + torch.unsqueeze(c * d, -1)
""",
    (torch.arange(6.0).reshape(2, 3),),
)

source(
    "unpack_of_wrong_length",
    """
def forward(self, xs: List[int]) -> int:
  a, b, = xs
  return a + b
""",
    ([1, 2],),
    ([1, 2, 3],),
)

source(
    "star_and_keywords",
    """
def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
  return (torch.add(x, x, alpha=2), torch.sum(x, dim=[0], keepdim=True))
""",
    (torch.ones(2, 2),),
)

source(
    "indexing",
    """
def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
  return (x[0], x[:, 1:], x[..., -1], x[None], x[::2, torch.tensor([0, 2])])
""",
    (torch.arange(12.0).reshape(3, 4),),
)

source(
    "subscript_targets",
    """
def forward(self, x: Tensor, xs: List[int], d: Dict[str, int]) -> Tuple[Tensor, List[int], Dict[str, int]]:
  x[0] = 5
  x[:, 1] = torch.tensor([7., 8.])
  xs[-1] = 4
  d["k"] = 2
  return (x, xs, d)
""",
    (torch.zeros(2, 3), [1, 2], {"a": 1}),
)

source(
    "nested_function_is_a_fork_body",
    """
def forward(self, x: Tensor) -> Tensor:
  def __forked_function():
    return torch.add(x, 3)
  f = fork(__forked_function)
  return torch.wait(f)
""",
    (torch.ones(2),),
)

source(
    "methods_call_each_other",
    """
def forward(self, n: int) -> int:
  return (self).twice(n, ) + (self).twice(k=1, )
def twice(self, k: int=5) -> int:
  return k * 2
""",
    (4,),
    Call("twice", (3,)),
    Call("twice"),
)

source(
    "global_statement_and_pass",
    """
def forward(self, n: int) -> int:
  pass
  return n
""",
    (4,),
)

source(
    "raise_exception_operator",
    """
def forward(self, n: int) -> int:
  if torch.gt(n, 2):
    ops.prim.RaiseException("too large", "builtins.ValueError")
    _0 = uninitialized(int)
  else:
    _0 = n
  return _0
""",
    (1,),
    (5,),
)

source(
    "annotate_and_unchecked_cast",
    """
def forward(self, x: Optional[Tensor], n: int) -> Tuple[Tensor, List[Optional[int]], int]:
  if torch.__isnot__(x, None):
    y = unchecked_cast(Tensor, x)
  else:
    y = torch.zeros([2])
  return (y, annotate(List[Optional[int]], [n, None]), annotate(int, torch.tensor(7)))
""",
    (None, 1),
    (torch.ones(2), 2),
)

source(
    "parallel_assignment_in_loop",
    """
def forward(self, n: int) -> Tuple[int, int]:
  a, b, i = 0, 1, 0
  _0 = torch.lt(i, n)
  while _0:
    _0, a, b, i = torch.lt(torch.add(i, 1), n), b, torch.add(a, b), torch.add(i, 1)
  return (a, b)
""",
    (0,),
    (10,),
)

source(
    "print_statement",
    """
def forward(self, x: Tensor) -> None:
  print("value", x, [1, 2.5], (1, "s"), {"k": None})
""",
    (torch.ones(2),),
)

source(
    "comments_and_blank_lines",
    """
def forward(self, n: int) -> int:
  # a comment

  x = (n +
       1)  # another
  return x \\
      * 2
""",
    (3,),
)

source(
    "ranges_inside_zip_and_enumerate",
    """
def forward(self, n: int) -> List[Tuple[int, int]]:
  out = annotate(List[Tuple[int, int]], [])
  for a, b in zip(range(1, n), range(10, 0, -2)):
    torch.append(out, (a, b))
  for i, k in enumerate(range(2, n, 3)):
    torch.append(out, (i, k))
  for i, k in enumerate(range(n)):
    torch.append(out, (i, k))
  return out
""",
    (4,),
    (0,),
)

# What a chain of elif is saved as.
source(
    "six_hundred_branches",
    "def forward(self, n: int) -> int:\n"
    + "".join(f"{'  ' * (i + 1)}if torch.eq(n, {i}):\n{'  ' * (i + 2)}r = {i * i}\n{'  ' * (i + 1)}else:\n" for i in range(600))
    + "  " * 601 + "r = -1\n  return r\n",
    (0,),
    (599,),
    (600,),
)
