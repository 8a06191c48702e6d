"""Arithmetic of int, float, complex and bool with Python's and LibTorch's rules; math; conversions."""

import math
from typing import List, Tuple, Union

import torch
from torch import Tensor

from program import program


@program((7, 2), (-7, 2), (7, -2), (-7, -2), (0, 3))
def integer_division(a: int, b: int):
    return a // b, a % b, a / b, divmod(a, b)


@program((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-0.0, 3.0), (float("inf"), 2.0))
def float_division(a: float, b: float):
    return a // b, a % b, a / b, math.fmod(a, b)


@program((2**63 - 1,), (-(2**63),))
def overflow_wraps(n: int):
    return n + 1, n - 1, n * 2, -n, abs(n)


@program((2, 10), (2, -1), (0, 0), (-3, 3))
def powers(a: int, b: int):
    return a**b, float(a) ** 2.0, pow(2.0, b)


@program((2.5,), (3.5,), (-2.5,), (0.49999,), (-0.5,))
def rounding(x: float):
    return round(x), math.floor(x), math.ceil(x), int(x)


@program((3, 2.5))
def mixed(n: int, f: float):
    return n + f, n - f, f * n, f / n, n < f, n == 3.0, max(float(n), f), n // f, f % n


@program((float("nan"), 1.0))
def not_a_number(x: float, y: float):
    return x == y, x != y, x < y, x > y, math.isnan(x), math.isinf(y), math.isfinite(x), min(x, y), max(y, x)


@program((True, 3))
def booleans_in_arithmetic(b: bool, n: int):
    return int(b) + n, float(b), bool(n), b == True, not b, b and n > 2  # noqa: E712


@program((12, 18))
def math_of_integers(a: int, b: int):
    return math.gcd(a, b), math.factorial(5), math.sqrt(a), math.log(b), math.pow(a, 2), math.exp(1), abs(-a)


@program((1.5,))
def math_of_floats(x: float):
    return (
        math.sin(x),
        math.cos(x),
        math.tan(x),
        math.atan2(x, 2.0),
        math.exp(x),
        math.log(x),
        math.log10(x),
        math.log1p(x),
        math.expm1(x),
        math.sqrt(x),
        math.degrees(x),
        math.radians(x),
        math.erf(x),
        math.gamma(x),
        math.lgamma(x),
        math.pi,
        math.e,
        math.inf,
        math.copysign(x, -1.0),
        math.modf(x),
        math.frexp(x),
    )


@program((1 + 2j, 3 - 1j))
def complex_arithmetic(a: complex, b: complex):
    return a + b, a - b, a * b, a / b, a == b, a != b, abs(a), complex(1.0, 2.0) == a


@program((torch.tensor(7), torch.tensor(2.5), torch.tensor([True])))
def numbers_from_tensors(a: Tensor, b: Tensor, c: Tensor):
    return int(a), float(b), bool(c), int(b), float(a), a.item(), b.item(), c.item()


@program((torch.tensor([1, 2]),))
def number_of_many_elements(x: Tensor) -> int:
    return int(x)


@program((5,), (5.5,))
def number_type(x: Union[int, float]):
    if isinstance(x, int):
        return float(x) * 2
    return x


@program((0b1100, 0b1010))
def bit_operations(a: int, b: int):
    return a & b, a | b, a ^ b, a << 2, a >> 1, -a >> 1


@program(([4, 2, 9],))
def aggregates(xs: List[int]) -> Tuple[int, int, int, bool, bool]:
    return sum(xs), min(xs), max(xs), any([x > 5 for x in xs]), all([x > 1 for x in xs])


@program((torch.ones(2), 3, 0.5))
def scalars_meet_tensors(x: Tensor, n: int, f: float):
    return x * n, n - x, x / f, f**x, x // f, n % (x + 1), x > n, n == x, -x, x + True


@program((torch.tensor([1, 2, 3]), 2.0))
def promotion(x: Tensor, f: float):
    return x + 1, x * f, x / 2, x // 2, x + torch.tensor(1.5), x.float() + torch.tensor(1, dtype=torch.float64), x.sum() + f
