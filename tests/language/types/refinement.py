"""What tests on types and on None tell the compiler, and values whose type is known only when the program runs."""

import torch

from program import table

table(
    "x: Optional[int]",
    [(None,), (0,), (3,)],
    "x is None",
    "x is not None",
    "x if x is not None else -1",
    "0 if x is None else x + 1",
    "x is not None and x > 1",
    "x is None or x < 2",
    "not (x is None) and x != 0",
    "(x, [x], {'k': x})",
    "str(x) + f'{x}'",
    "x == 3 if x is not None else False",
    "isinstance(x, int)",
    "torch.jit.isinstance(x, int)",
    "(x is None) == (x is None)",
    """
    if x is not None and x > 1:
        return x * 2
    return 0
    """,
    """
    if x is None or x == 0:
        return -1
    return x + 1
    """,
    """
    if not x is None:
        y = x + 1
    else:
        y = 0
    return y
    """,
    """
    if x is None:
        x = 10
    return x + 1
    """,
    """
    if x is None:
        raise ValueError("x is None")
    return x * 3
    """,
    """
    if x is None:
        return -1
    else:
        y = x
    z = [y, x]
    return sum(z)
    """,
    """
    y: Optional[int] = x
    if y is not None:
        y += 1
    return y
    """,
    """
    out: List[int] = []
    for i in range(3):
        if x is not None:
            out.append(x + i)
        else:
            out.append(-i)
    return out
    """,
    """
    xs: List[Optional[int]] = [x, None, 1]
    y = xs[0]
    if y is None:
        y = 7
    return y + 1, xs
    """,
    """
    a = x
    b = x
    if a is not None:
        if b is not None:
            return a + b
    return None
    """,
    """
    assert x is not None, "missing"
    return x + 1
    """,
    """
    y = torch.jit._unwrap_optional(x)
    return y + 1
    """,
    """
    y = x if x is not None else None
    return y
    """,
    """
    t: Tuple[Optional[int], str] = (x, "a")
    u = t[0]
    return (u + 1 if u is not None else -1), t
    """,
    """
    flag = x is not None
    if flag:
        return 1
    return 0
    """,
    """
    if (x is not None and x == 3) or x is None:
        return "three or none"
    return "other"
    """,
    """
    n = 0
    if x is not None and isinstance(x, int) and x > n:
        n = x
    return n
    """,
)

table(
    "x: Optional[Tensor], d: Optional[Dict[str, int]], s: Optional[str], xs: Optional[List[int]]",
    [(None, None, None, None), (torch.ones(2), {"a": 1}, "text", [1, 2])],
    "(x, d, s, xs)",
    """
    n = 0
    if d is not None:
        n += d["a"]
    if s is not None:
        n += len(s)
    if xs is not None:
        xs.append(9)
        n += xs[-1]
    if x is not None:
        x += 1
    return n, xs, x
    """,
    "len(xs) if xs is not None else 0",
    "x.sum() if x is not None else torch.zeros(1)",
    "s + '!' if s is not None else 'none'",
    """
    print(x, d, s, xs)
    return str(s) + str(xs) + str(d)
    """,
)

table(
    "x: Union[int, float, str, List[int], Tensor]",
    [(1,), (2.5,), ("s",), ([1, 2],), (torch.ones(2),)],
    "isinstance(x, int)",
    "isinstance(x, (int, float))",
    "isinstance(x, str) or isinstance(x, int)",
    "isinstance(x, List[int])",
    "isinstance(x, torch.Tensor)",
    "x",
    "[x]",
    """
    if isinstance(x, int):
        return "int" + str(x + 1)
    elif isinstance(x, (float, str)):
        if isinstance(x, str):
            return "str" + x
        return "float" + str(x / 2)
    elif isinstance(x, torch.Tensor):
        return "tensor" + str(x.numel())
    else:
        return "list" + str(x[0])
    """,
    """
    if not isinstance(x, str):
        return "no string"
    return x.upper()
    """,
    """
    assert isinstance(x, (int, float, str)), "wrong kind"
    if isinstance(x, str):
        return 0.0
    elif isinstance(x, int):
        return float(x)
    else:
        return x
    """,
    """
    y: Union[int, float, str, List[int], Tensor] = x
    if isinstance(y, int):
        y = "was int"
    return y
    """,
)

table(
    "x: Any",
    [(1,), (2.5,), ("s",), (True,), (None,), ([1, 2],), (["a"],), ({"a": 1},), ((1, "a"),), (torch.ones(1),), (1 + 2j,), ([(1, 2.0)],)],
    "isinstance(x, int)",
    "isinstance(x, float)",
    "isinstance(x, bool)",
    "isinstance(x, str)",
    "isinstance(x, (int, str))",
    "isinstance(x, List[int])",
    "isinstance(x, List[str])",
    "isinstance(x, Dict[str, int])",
    "isinstance(x, Tuple[int, str])",
    "isinstance(x, list)",
    "isinstance(x, tuple)",
    "isinstance(x, torch.Tensor)",
    "torch.jit.isinstance(x, List[int])",
    "torch.jit.isinstance(x, Dict[str, int])",
    "torch.jit.isinstance(x, Optional[int])",
    "torch.jit.isinstance(x, Tuple[int, str])",
    "x is None",
    "(x, [x])",
    """
    if isinstance(x, int):
        return x + 1
    return 0
    """,
    """
    if isinstance(x, List[int]):
        return sum(x)
    if isinstance(x, (int, float)):
        return -1
    if isinstance(x, Dict[str, int]):
        return x["a"]
    return 0
    """,
    """
    y: Any = x
    z: List[Any] = [x, 1, "a", y]
    d: Dict[str, Any] = {"x": x, "y": 2}
    return z, d, len(z)
    """,
    """
    print(x)
    return 1
    """,
    """
    assert isinstance(x, str), "not a string"
    return x + "!"
    """,
)

table(
    "x: Union[int, None, str]",
    [(None,), (2,), ("b",)],
    """
    if x is None:
        return "none"
    if isinstance(x, int):
        return str(x + 1)
    return x + x
    """,
    """
    if x is not None:
        if isinstance(x, str):
            return len(x)
        else:
            return x
    return -1
    """,
    "(x, x is None)",
)

table(
    "xs: List[Union[int, str]], d: Dict[str, Union[int, List[int]]]",
    [([1, "a", 2], {"a": 1, "b": [2, 3]}), ([], {})],
    """
    out: List[str] = []
    for x in xs:
        if isinstance(x, int):
            out.append(str(x + 1))
        else:
            out.append(x)
    return out
    """,
    """
    n = 0
    for k, v in d.items():
        if isinstance(v, int):
            n += v
        else:
            n += len(v) + sum(v)
    return n
    """,
    """
    xs.append("new")
    xs.append(5)
    d["c"] = [7]
    return xs, d
    """,
)

table(
    "x: float, n: int",
    [(1.5, 2)],
    "isinstance(x, float)",
    "isinstance(n, float)",
    "isinstance(x, (int, bool))",
    "(isinstance([n], List[int]), isinstance((n, x), Tuple[int, float]), isinstance({n: x}, Dict[int, float]))",
    "isinstance(None, int)",
    """
    y: Optional[float] = None
    if n > 1:
        y = x
    z = y
    assert z is not None
    return z * 2
    """,
    """
    y: Union[int, str] = n
    if n > 1:
        y = "big"
    return y
    """,
    """
    y = torch.jit.annotate(Union[int, float], n)
    if isinstance(y, float):
        return 1
    return 2
    """,
    """
    d: Dict[str, Optional[float]] = {"a": None}
    d["b"] = x
    total = 0.0
    for v in d.values():
        if v is not None:
            total += v
    return total, d
    """,
    """
    a, b = (1, None) if n > 5 else (n, None)
    return a, b
    """,
    """
    a: Tuple[int, Optional[int]] = (1, None)
    if n > 1:
        a = (2, n)
    p, q = a
    return q if q is not None else p
    """,
)
