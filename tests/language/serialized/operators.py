"""Operators and their precedence, which differs from Python's, as LibTorch's parser reads them in hand-made archives."""

import torch

from program import source

source(
    "arithmetic",
    """
def forward(self, a: int, b: int) -> Tuple[int, int, int, float, int, int, int]:
  return (a + b, a - b, a * b, a / b, a // b, a % b, -a)
""",
    (7, 3),
    (-7, 3),
)

source(
    "precedence_of_arithmetic",
    """
def forward(self, a: int, b: int) -> Tuple[int, int, int, int]:
  return (a + b * 2, (a + b) * 2, -a + b, a - b - 1)
""",
    (7, 3),
)

source(
    "power_binds_right",
    """
def forward(self, a: int) -> Tuple[int, int]:
  return (int(2 ** a ** 2), int(-2 ** a))
""",
    (2,),
)

source(
    "or_and_same_level",
    """
def forward(self, a: bool, b: bool, c: bool) -> bool:
  return a or b and c
""",
    (True, False, False),
    (False, True, True),
    (True, True, False),
)

source(
    "comparisons_do_not_chain",
    """
def forward(self, a: bool) -> bool:
  return (1 < 3) == a
""",
    (True,),
    (False,),
)

source(
    "not_is_loose",
    """
def forward(self, a: int, b: int) -> bool:
  return not a == b
""",
    (1, 1),
    (1, 2),
)

source(
    "tilde_of_tensor",
    """
def forward(self, a: Tensor, b: Tensor) -> Tensor:
  return ~a & b
""",
    (torch.tensor([True, True, False]), torch.tensor([True, False, False])),
)

source(
    "bitwise",
    """
def forward(self, a: int, b: int) -> Tuple[int, int, int, int, int]:
  return (a & b, a | b, a ^ b, a << 2, a >> 1)
""",
    (12, 10),
)

source(
    "membership",
    """
def forward(self, x: int, xs: List[int]) -> Tuple[bool, bool]:
  return (x in xs, x not in xs)
""",
    (1, [1, 2]),
    (3, [1, 2]),
)

source(
    "identity",
    """
def forward(self, x: Optional[int]) -> Tuple[bool, bool]:
  return (x is None, x is not None)
""",
    (None,),
    (2,),
)

source(
    "ternary",
    """
def forward(self, a: int) -> str:
  return "pos" if a > 0 else "neg" if a < 0 else "zero"
""",
    (1,),
    (-1,),
    (0,),
)

source(
    "matrix_product",
    """
def forward(self, a: Tensor, b: Tensor) -> Tensor:
  return a @ b + 1
""",
    (torch.ones(2, 3), torch.ones(3, 2)),
)

source(
    "tensor_comparisons",
    """
def forward(self, a: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  return (a > 1, a <= 1, a == 2)
""",
    (torch.arange(4.0),),
)

source(
    "string_concatenation",
    """
def forward(self, a: str) -> str:
  return a + 'b' "c" '''d
e'''
""",
    ("a",),
)

source(
    "numbers",
    """
def forward(self) -> Tuple[int, int, int, float, float, float, float]:
  return (0x10, 010, -9223372036854775808, 1e3, .5, 1., 0x1e)
""",
)

source(
    "special_numbers",
    """
def forward(self) -> Tuple[float, float, float]:
  return (inf, -inf, nan)
""",
)

source(
    "escapes",
    r"""
def forward(self) -> Tuple[str, int]:
  return ("tab\tnew\nquote\"back\\slash\'oct\101", len("\a\b\f\v"))
""",
)

source(
    "complex_literals",
    """
def forward(self, x: complex) -> Tuple[complex, complex]:
  return (x + 2j, 1. + 3.j)
""",
    (1 + 1j,),
)
