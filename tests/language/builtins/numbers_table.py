"""Arithmetic of int, float, bool and complex: signs, limits, precedence, built-in functions and math.*."""

from program import table

INTS = [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (9223372036854775807, 3), (-9223372036854775808, 10), (1, 1)]
FLOATS = [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (0.0, 3.0), (-0.0, 1.0), (float("inf"), 2.0), (1e308, 10.0), (0.1, 0.2), (float("nan"), 1.0)]
MIXED = [(7, 2.0), (-7, 2.5), (3, -0.5), (0, 1.0), (4, 1.5)]

table(
    "a: int, b: int",
    INTS,
    "(a + b, a - b, a * b, a // b, a % b)",
    "a / b",
    "(a == b, a != b, a < b, a <= b, a > b, a >= b)",
    "(a & b, a | b, a ^ b)",
    "(a << (b & 7), a >> (b & 7))",
    "(-a, abs(a), min(a, b), max(a, b))",
    "(float(a), bool(a), int(a), complex(a))",
    "divmod(a, b)",
    "(a + b * 2 - a // b % 3, (a + b) * 2, -a ** 2, 2 ** (b & 3))",
    "a ** (b & 3)",
    "pow(a, b & 3)",
    "(a < b < 10, a == b == 1, not a < b, not a == b and b > 0)",
    "(bool(a) and bool(b), bool(a) or bool(b))",
    "(a if a > b else b) + (1 if a else 0)",
    "(round(a), round(a + 0.5))",
    "(math.gcd(a, b), math.floor(a), math.ceil(b))",
    "math.fmod(a, b)",
    "math.copysign(a, b)",
    "(math.atan2(a, b), math.sqrt(abs(b)), math.exp(b))",
    "[a, b, a + b][b & 1]",
    """
    a += b
    a -= 1
    a *= 2
    return a
    """,
    """
    c = a | 16
    c %= 7
    e = a
    e |= b
    e &= 255
    e ^= 3
    e <<= 2
    e >>= 1
    return c, e
    """,
    """
    x = float(a)
    x /= b
    return x
    """,
    """
    a **= 2
    return a
    """,
)
table("a: int, b: int", [(1, 0), (0, 0), (-5, 0)], "a // b", "a / b", "divmod(a, b)", "math.fmod(a, b)", "0 ** b", "a << b", "a * b")
table("a: int, b: int", [(1, 63), (1, 64), (1, -1), (-1, 70)], "a << b", "a >> b")
table("a: float, b: float", [(1.0, 0.0), (0.0, 0.0), (-5.5, 0.0)], "a / b", "a // b", "a % b", "math.fmod(a, b)", "0.0 ** b", "divmod(a, b)")
table(
    "a: float, b: float",
    FLOATS,
    "(a + b, a - b, a * b, a / b)",
    "(a // b, a % b)",
    "divmod(a, b)",
    "(a == b, a != b, a < b, a <= b, a > b, a >= b)",
    "(-a, abs(a), min(a, b), max(a, b), bool(a))",
    "a ** b",
    "pow(a, 2)",
    "(str(a), f'{a}', str(a * b))",
    "(round(b), round(b + 0.5), round(-b - 0.5))",
    "(math.floor(b), math.ceil(b))",
    "(math.isnan(a), math.isinf(a), math.isfinite(a))",
    "(math.copysign(a, b), math.fabs(a))",
    "math.atan2(a, b)",
    "complex(a, b)",
    """
    a += b
    a *= 2
    a -= 1
    a /= 4
    return a
    """,
    """
    d = a
    d %= b
    e = a
    e **= 2
    return d, e
    """,
)
table("a: float", [(2.7,), (-2.7,), (0.5,), (1.5,), (2.5,), (-0.5,), (1e18,), (0.0,)], "int(a)", "round(a)", "(math.floor(a), math.ceil(a))")
table(
    "a: int, b: float",
    MIXED,
    "(a + b, a - b, a * b, a / b, a // b, a % b)",
    "(b + a, b - a, b * a, b // 2, b % 3)",
    "(a == b, a != b, a < b, a >= b, b < a)",
    "(min(a, b), max(a, b))",
    "a ** b",
    "b ** a",
    "(min(a, 3), max(b, 1.5))",
    "a * True + b * 2",
    "divmod(a, b)",
)
table(
    "x: float",
    [(0.5,), (1.0,), (0.0,), (-0.5,), (3.25,)],
    "(math.sin(x), math.cos(x), math.tan(x), math.sinh(x), math.cosh(x), math.tanh(x))",
    "(math.asin(x / 4), math.acos(x / 4), math.atan(x), math.asinh(x), math.atanh(x / 4))",
    "math.acosh(x + 1.5)",
    "(math.exp(x), math.expm1(x), math.log1p(x))",
    "math.log(x + 1)",
    "math.log(x + 1, 3.0)",
    "math.log10(x + 1)",
    "math.sqrt(x)",
    "math.log(x)",
    "math.lgamma(x + 1)",
    "math.gamma(x + 1)",
    "(math.erf(x), math.erfc(x))",
    "(math.degrees(x), math.radians(x))",
    "math.frexp(x)",
    "math.modf(x)",
    "math.ldexp(x, 3)",
    "math.pow(x, 2.0)",
    "(math.pi, math.e, math.inf, -math.inf, math.nan, math.tau)",
)
table("n: int", [(0,), (1,), (5,), (20,)], "math.factorial(n)", "(math.sqrt(n), math.exp(n), math.log(n + 1))", "math.pow(n, 2)", "math.ldexp(1.5, n)")
table("n: int", [(-1,), (21,)], "math.factorial(n)")
table("n: int", [(-1,)], "math.sqrt(n)", "math.log(n)")
table(
    "a: bool, b: bool",
    [(True, False), (False, False), (True, True)],
    "(a and b, a or b, not a, a == b, a != b)",
    "(a & b, a | b, a ^ b)",
    "(int(a), float(a), str(a), bool(b))",
    "(a is b, a is not b)",
    "(int(a) + 1, float(a) * 2.5)",
    "a + 1",
    "a + b",
    "a < b",
    "sum([a, b, True])",
    "(any([a, b]), all([a, b]))",
    "-a",
)
table("a: int", [(5,), (-1,), (0,)], "- - a", "not a", "(not not a, a != 0)")
Z = [(1 + 2j, 3 - 1j), (0j, 1j), (-1.5 + 0j, 2 + 2j)]
table(
    "a: complex, b: complex",
    Z,
    "(a + b, a - b, a * b, a / b)",
    "(a == b, a != b)",
    "a ** b",
    "abs(a)",
    "(str(a), f'{b}')",
    "-a",
    "(a + 1, a * 2.0, 2 - a, 1.5 / b)",
    "a ** 2",
    "[a, b]",
    "{a: 1, b: 2}",
    "sum([a, b])",
    """
    print(a, [a, b], (a, 1))
    return a
    """,
    """
    x = torch.tensor(b)
    return x, torch.tensor(a)
    """,
    """
    a += b
    a *= 2
    return a
    """,
)
table("x: float, n: int", [(1.5, 2)], "(complex(x, n), complex(n, x), complex(n), complex(x), complex(n, n))", "1j * x + n", "3.5e-3j")
table("xs: List[int]", [([2**31, 5],), ([2**40, 7],), ([-(2**31), -1],)], "sum(xs)")
table("x: float", [(float("nan"),), (1.5,)], "(x == x, x != x, x < x, x <= x)")
table("xs: List[int]", [([3, 1, 2],), ([-5],), ([0, 0],)], "(min(xs), max(xs), sum(xs), len(xs))", "(any(xs), all(xs))", "sorted(xs)", "sum([x * x for x in xs])")
table("xs: List[int]", [([],)], "min(xs)", "max(xs)", "sum(xs)", "(any(xs), all(xs))", "sorted(xs)", "len(xs)")
table("xs: List[float]", [([3.0, -1.5, 2.25],), ([float("nan"), 1.0],)], "(min(xs), max(xs), sum(xs))", "sorted(xs)", "(any(xs), all(xs))")
table("xs: List[bool]", [([True, False],), ([],)], "(any(xs), all(xs), sum(xs))", "(min(xs), max(xs))")
table("xs: List[str]", [(["b", "a", "c"],), ([],)], "sorted(xs)", "any(xs)", "''.join(xs)", "len(xs)")
table("a: List[int], b: List[int]", [([1, 2], [1, 3]), ([], [1]), ([5], [4, 9])], "(min(a, b), max(a, b))", "(a == b, a != b)", "a + b")
table(
    "n: int",
    [(3,)],
    "(0x1F, 1e3, .5, 5., 1e-3, 1E5)",
    "9223372036854775807 * n",
    "(True + n, False * 2.5)",
    "(n // 2.0, n % 2.0, n / 2)",
    "2 ** n",
    "2 ** -n",
    "2.0 ** n",
    "n ** 0.5",
    "(-2) ** n",
    "-2 ** 2",
    "(1 + 2 * 3 - 4 // 2 % 3 << 1 & 7 | 8 ^ 1)",
    "1 < 2 < n < 4 != 5",
    "not n == 3 or n > 1 and n < 2",
    "(n, ) + (1, 2.5)",
    "((1, 2) + (3,))[1]",
    "(1, 2) == (1, n)",
    "n in [1, 2, 3]",
    "n in (1, 2, 3)",
    "n not in {1: 2, 3: 4}",
    "[n] * 3 + [1]",
    "3 * [n]",
    "(n is None, n is not None)",
    "(1 if n > 2 else 2 if n > 1 else 3)",
    "[1, 2, 3][n - 1] + [i for i in range(n)][-1]",
    "{'a': n}['a']",
    "max(1, 2, n)",
    "min(1.5, n)",
    "abs(-n) + abs(-2.5)",
    "round(n)",
    "float('inf') > n",
    "int(True) + int('3') + int(2.9)",
    "float(True) + float('2.5') + float(n)",
    "bool('') or bool('x')",
    "bool(n) and bool(0.0)",
    "str(n) + str(2.5) + str(True) + str(None)",
    "list(range(n))",
    "[i for i in range(10, 0, -n)]",
    "[i for i in range(n, n)]",
    "[i for i in range(-n, n, 2)]",
    "[(i, j) for i, j in enumerate([5, 6, 7])]",
    "[i * j for i, j in zip([1, 2, 3], [4, 5])]",
    "list(zip([1, 2], ['a', 'b']))",
    "list(enumerate(['a', 'b'], 1))",
    "[i for i in enumerate(['a', 'b'], n)]",
    "(n,)",
    "()",
    "[]",
    "{}",
    "[[]]",
    "[[1], [2, 3]]",
    "[None, n]",
    "[1, 2.5]",
    "[1, 'a']",
    "[(1, 'a'), (2, 'b')]",
    "{'a': 1, 'b': None}",
    "{1: 'a', 2: 'b'}",
    "{1.5: n, 2.5: n}",
    "{True: n}",
    "{'a': [n], 'b': [1, 2]}",
    "{'a': {'b': n}}",
    "{str(i): i * i for i in range(n)}",
    "{i: [j for j in range(i)] for i in range(n)}",
    "[[i + j for i in range(2)] for j in range(n)]",
    "[i if i > 1 else -i for i in range(n)]",
    "sum([float(i) for i in range(n)])",
    "(True, 1 == 1.0, 'a' == 'a', None is None)",
    "torch.jit.annotate(Optional[int], None)",
    "torch.jit.annotate(List[float], [])",
    "'abc'[n - 2]",
)
