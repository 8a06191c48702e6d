"""Statement forms one by one, with the names they bind and the order they run in."""

import torch

from program import table

table(
    "n: int",
    [(0,), (1,), (4,), (-2,)],
    """
    a, b = n, n + 1
    a, b = b, a
    (c, d), e = (a, b), a + b
    f, g = [c, d]
    return a, b, c, d, e, f, g
    """,
    """
    a = b = n
    a += 1
    return a, b
    """,
    """
    xs = [n, n + 1]
    a, b = xs
    xs[0], xs[1] = xs[1], xs[0]
    return a, b, xs
    """,
    """
    a, *rest = (n, 2, "x", 4.5)
    *start, last = (n, 2, 3)
    first, *mid, end = (n, 1, 2, 3)
    return a, rest, start, last, mid, end
    """,
    """
    if n > 0:
        x = 1
    elif n == 0:
        x = 2
    else:
        x = 3
    if n:
        x += 10
    return x
    """,
    """
    if n > 0:
        return "positive"
    if n == 0:
        return "zero"
    return "negative"
    """,
    """
    if n > 0:
        pass
    else:
        return -1
    for i in range(n):
        if i == 2:
            return i
    return n * 10
    """,
    """
    i = 0
    while True:
        i += 1
        if i > n:
            break
        if i == 2:
            continue
        print(i)
    return i
    """,
    """
    i, total = 0, 0
    while i < n and total < 3:
        total += i
        i += 1
    return i, total
    """,
    """
    i = n
    while i > 0:
        i -= 1
        if i == 1:
            return i
    return -i
    """,
    """
    out: List[int] = []
    for i in range(n):
        for j in range(i):
            if j == 2:
                break
            if (i + j) % 2 == 0:
                continue
            out.append(i * 10 + j)
    return out
    """,
    """
    out: List[int] = []
    for i in range(n):
        for j in range(3):
            if i == j:
                return out
            out.append(j)
    out.append(-1)
    return out
    """,
    """
    i = 100
    for i in range(n):
        pass
    return i
    """,
    """
    last = -1
    for i in range(n):
        last = i
        i = 50
    return last
    """,
    """
    m = 3
    for i in range(m):
        m = n
    return m
    """,
    """
    xs = [1, 2, 3]
    for x in xs:
        if len(xs) < 6:
            xs.append(x + n)
    return xs
    """,
    """
    for i, x in enumerate([5, 6, 7]):
        if x == 6:
            continue
        print(i, x)
    for i, x in enumerate([5, 6], n):
        print(i, x)
    return 0
    """,
    """
    for a, b in zip([1, 2, 3], ["x", "y"]):
        print(a, b)
    for a, b, c in zip(range(n), [1.5, 2.5, 3.5, 4.5], "abcdef"):
        print(a, b, c)
    for i, (a, b) in enumerate(zip([1, 2], [3, 4])):
        print(i, a, b)
    return 0
    """,
    """
    out: List[int] = []
    for i in range(10, n, -3):
        out.append(i)
    for i in range(n, 9, 4):
        out.append(i)
    for i in range(n, 3):
        out.append(i)
    return out
    """,
    "[i for i in range(0, 10, n)]",
    """
    total = 0
    for x in (1, 2, 3):
        total += x * n
    for y in (n, 2.5):
        print(y)
    return total
    """,
    """
    for k in {"b": 1, "a": 2}:
        print(k)
    for k, v in {"b": 1, "a": 2}.items():
        print(k, v + n)
    for v in {"b": 1, "a": 2}.values():
        print(v)
    for k in {2: 1, 1: 2}.keys():
        print(k)
    return 0
    """,
    """
    for c in "abc":
        print(c)
    for c in ["x", "yy"]:
        for d in c:
            print(d)
    return n
    """,
    """
    del_me = n + 1
    xs = [1, 2, 3, 4]
    del xs[0]
    del xs[-1]
    d = {"a": 1, "b": 2}
    del d["a"]
    y = del_me
    del del_me
    return xs, d, y
    """,
    """
    x = n
    x = x + 1
    y = x if x > 1 else -x
    z = y if y > 2 else (x if x == 1 else 0)
    return x, y, z
    """,
    """
    assert n < 4, "n is " + str(n)
    assert n != 0, f"zero: {n}"
    assert n >= 0
    return n
    """,
    """
    assert isinstance(n, int)
    assert n < 4, ("a", "tuple")
    return n
    """,
    """
    if n == 0:
        raise ValueError("zero", 1)
    elif n == 1:
        raise RuntimeError("one: " + str(n))
    elif n < 0:
        raise Exception("negative")
    return n
    """,
    """
    if n == 0:
        raise TypeError
    elif n == 1:
        raise KeyError(n)
    elif n < 0:
        raise StopIteration("stop")
    return n
    """,
    """
    if n > 1:
        x = 1
        raise RuntimeError("big")
    else:
        x = 2
    return x
    """,
    """
    if n > 1:
        y = "text"
        print(y)
    else:
        y = "other"
    return y + "!"
    """,
    """
    if n > 1:
        t = torch.ones(2)
    else:
        t = torch.zeros(3)
    t += 1
    return t
    """,
    """
    x: Optional[int] = None
    if n > 0:
        x = n
    if x is not None:
        return x + 1
    return 0
    """,
    """
    x: float = 1.0
    y: int = n
    z: List[float] = []
    w: Dict[str, List[int]] = {"a": [n]}
    t: Tuple[int, str] = (n, "a")
    return x, y, z, w, t
    """,
    """
    pass
    '''a string alone'''
    n
    n + 1
    (n, 2)
    return n
    """,
    """
    def_local = [n]
    def_local += [1, 2]
    def_local *= 2
    return def_local
    """,
    """
    xs = [1, 2, 3, 4, 5]
    xs[1] = n
    xs[-1] = 7
    xs[0] += 5
    xs[2] *= 2
    xs[3] -= n
    return xs
    """,
    """
    d = {"a": 1}
    d["b"] = n
    d["a"] += 5
    d["b"] *= 2
    return d
    """,
    """
    return
    """,
    """
    print("only", n)
    """,
    """
    if n > 1:
        return None
    print("here")
    """,
    """
    if n > 1:
        return 1
    elif n == 1:
        return None
    return 2
    """,
    """
    if n > 1:
        x = [1]
    else:
        x: List[int] = []
    return x
    """,
    """
    k = 0
    for i in range(3):
        if n > i:
            if n > 2:
                break
            k += 1
        else:
            k += 10
            if k > 15:
                return k
            continue
        k += 100
    return k
    """,
    """
    a = 1
    while a < 100:
        b = a
        while True:
            b += n if n > 0 else 1
            if b > 20:
                break
            a += b
            if a > 50:
                return a, b
        a *= 2
    return a, 0
    """,
    """
    f = torch.add
    g = max
    return f(torch.ones(1), 1), g(n, 2)
    """,
    """
    global_like = n
    if n > 0:
        global_like = global_like + 1
        local = global_like * 2
        global_like = local
    return global_like
    """,
)

table(
    "x: Tensor",
    [(torch.arange(6.0).reshape(2, 3),), (torch.tensor([3.0, -1.0]),)],
    """
    for row in x:
        print(row)
    a = [r.sum() for r in x]
    return a
    """,
    """
    a, b = x.unbind(0)
    x[0] = b
    x[-1] += 1
    return x
    """,
    """
    total = 0.0
    for i in range(x.size(0)):
        total += float(x[i].sum())
    return total
    """,
    """
    y = x
    y += 1
    z = x
    z = z + 1
    z *= 2
    z -= x
    z /= 2
    return x, y, z
    """,
    """
    y = x.clone()
    y %= 2
    y **= 2
    return y
    """,
    """
    y = x > 0
    y |= x < -0.5
    y &= x < 10
    y ^= y
    return y
    """,
    """
    y = x.long()
    y <<= 1
    y >>= 1
    return y
    """,
    """
    if x.sum() > 3:
        return x.max()
    elif x[0].sum():
        return x.min()
    return x[0]
    """,
    """
    n = 0
    while x.sum() < 40:
        x = x * 2 + 1
        n += 1
    return x, n
    """,
    """
    if bool(x.sum()) and x.dim() == 2 or x.size(0) > 5:
        return x.t()
    return x
    """,
    """
    i = 0
    for y in x.split(1):
        i += y.numel()
        print(y.shape)
    for y, z in zip(x, x * 2):
        print(y, z)
    for k, y in enumerate(x):
        print(k, y)
    return i
    """,
    """
    y = x[0] if x.dim() > 1 else x
    y = y[None]
    y = y[..., 0]
    return y
    """,
    "x.shape",
    """
    del x
    x = torch.ones(1)
    return x
    """,
    """
    t = (x, 1)
    x = x + 1
    return t[0], x
    """,
    """
    s = x.size()
    return s, s[0], s[-1], len(s), x.ndim, x.shape[0], list(s), x.size(-1)
    """,
)
