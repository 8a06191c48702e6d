"""Every method and operator of lists, dicts and tuples, with all arguments and every kind of element."""

import torch

from program import table

LISTS = [([3, 1, 2, 1],), ([],), ([5],)]
table(
    "xs: List[int]",
    LISTS,
    "(len(xs), xs + [9], [0] + xs, xs * 2, 3 * xs, xs * 0, xs * -1)",
    "(xs[:], xs[1:], xs[:-1], xs[::2], xs[::-1], xs[-2:], xs[5:], xs[2:0:-1], xs[-100:100], xs[3:1])",
    "(1 in xs, 9 not in xs, xs.count(1), xs.count(9))",
    "xs.index(1)",
    "(xs == [5], xs != [5], xs == xs.copy())",
    "(sorted(xs), xs)",
    "xs.copy()",
    "xs[0]",
    "xs[-1]",
    "(str(xs), f'{xs}')",
    "bool(xs)",
    "[x * 2 for x in xs]",
    "[str(x) for x in xs]",
    "[(x, i) for i, x in enumerate(xs)]",
    "{x: x + 1 for x in xs}",
    "list(xs)",
    "torch.tensor(xs)",
    "sum(xs) / max(len(xs), 1)",
    "[x for x in xs[::-1]]",
    "xs is xs",
    "xs == sorted(xs)",
    "xs.append(4)",
    "xs.pop()",
    "xs.pop(0)",
    "xs.pop(-2)",
    "xs.remove(1)",
    """
    xs.append(4)
    xs.extend([7, 8])
    xs.insert(0, -1)
    xs.insert(2, -2)
    xs.insert(-1, -3)
    xs.insert(100, -4)
    xs.insert(-100, -5)
    return xs
    """,
    """
    ys = xs
    zs = xs.copy()
    xs.append(1)
    return xs, ys, zs, ys is xs, zs is xs
    """,
    """
    a = [xs.pop() for i in range(len(xs))]
    return a, xs
    """,
    """
    xs.sort()
    ys = xs[:]
    ys.reverse()
    xs.sort(reverse=True)
    return xs, ys
    """,
    """
    xs.clear()
    return xs
    """,
    """
    xs += [1, 2]
    xs *= 2
    return xs
    """,
    """
    if xs:
        return 1
    return 0
    """,
    """
    xs.sort(True)
    return xs
    """,
    """
    del xs[0]
    return xs
    """,
    """
    xs[0] = 9
    xs[-1] += 1
    return xs
    """,
    """
    a, b, c, d = xs
    return d, c, b, a
    """,
    """
    total = 0
    for x in xs:
        total += x
        xs = [7]
    return total, xs
    """,
    """
    xs[len(xs) // 2:]
    i = len(xs) - 1
    while i >= 0 and xs[i] != 1:
        i -= 1
    return i
    """,
)
table("xs: List[int], i: int, j: int, k: int", [([0, 1, 2, 3, 4], 1, 4, 2), ([0, 1, 2, 3, 4], -1, -4, -1), ([0, 1, 2], 5, 0, -2), ([1], 0, 0, 1), ([0, 1], -5, 5, 0)], "xs[i:j:k]", "xs[i:j]", "xs[i:]", "xs[:j]", "xs[::k]", "(0, 1, 2, 3)[1:3]")
table("xs: List[int], i: int", [([1, 2, 3], 0), ([1, 2, 3], -3), ([1, 2, 3], 3), ([1, 2, 3], -4), ([], 0)], "xs[i]", "xs.pop(i)", """
xs[i] = 5
return xs
""", """
del xs[i]
return xs
""", """
xs.insert(i, 7)
return xs
""")
table(
    "xs: List[float], ys: List[str], zs: List[bool]",
    [([2.5, -1.0, 2.5], ["b", "a"], [True, False]), ([], [], [])],
    "(sorted(xs), sorted(ys), sorted(zs) == zs)",
    "(2.5 in xs, 'a' in ys, xs.count(2.5), ys.count('a'), zs.count(True))",
    "(xs == [2.5], ys == ['b', 'a'], zs == [True, False])",
    "(xs + xs, ys * 2, zs + [True])",
    "(xs[::-1], ys[1:], zs[:1])",
    "ys.index('a')",
    "xs.index(-1.0)",
    "zs.index(False)",
    """
    xs.sort()
    ys.sort(reverse=True)
    zs.sort()
    return xs, ys, zs
    """,
    """
    ys.remove("a")
    return ys
    """,
    """
    xs.remove(2.5)
    zs.remove(True)
    return xs, zs
    """,
    "{y: x for x, y in zip(xs, ys)}",
    "list(zip(xs, ys, zs))",
    "(any(zs), all(zs), sum(xs))",
    "(max(xs), min(xs))",
    "(str(xs), str(ys), str(zs))",
)
T = [torch.ones(2), torch.zeros(2)]
table(
    "ts: List[Tensor]",
    [(T,), ([torch.ones(1)],)],
    "(torch.cat(ts), torch.stack(ts), len(ts), ts[0] is ts[-1])",
    "ts + ts",
    "ts[::-1]",
    "[t * 2 for t in ts]",
    """
    ts[0] += 5
    ts[-1] = torch.ones(3)
    ts.append(ts[0])
    ts[0].zero_()
    return ts
    """,
    """
    a = ts.pop()
    ts.extend([a, a])
    ts.reverse()
    return ts, a
    """,
    "ts == ts",
    "ts.count(ts[0])",
    "ts.index(ts[0])",
    """
    ts.remove(ts[0])
    return ts
    """,
    """
    ts.insert(1, torch.full((1,), 7.0))
    del ts[0]
    return ts
    """,
    "sorted(ts)",
    "{'a': ts, 'b': [ts[0]]}",
    "torch.tensor([1.0, 2.0]) + ts[0]",
    """
    ts.sort()
    return ts
    """,
)
table(
    "d: Dict[str, int]",
    [({"b": 1, "a": 2},), ({},), ({"c": 0},)],
    "(len(d), 'a' in d, 'z' not in d, list(d.keys()), list(d.values()), list(d.items()))",
    "(d.get('a', -1), d.get('q', -1))",
    "d.get('a')",
    "d['a']",
    "[k for k in d]",
    "[v for k, v in d.items()]",
    "{v: k for k, v in d.items()}",
    "d.copy()",
    "dict(d)",
    "list(d)",
    "sorted(d.keys())",
    "str(d)",
    "sum(d.values())",
    "bool(d)",
    "d.keys()",
    "d.items()",
    "d.values()",
    "d.pop('a')",
    "d.pop('a', 5)",
    "d.popitem()",
    "d.setdefault('a', 9)",
    """
    d.setdefault("n", 3)
    d.update({"a": 7, "m": 8})
    d["z"] = 26
    return d
    """,
    """
    e = d
    f = d.copy()
    d["x"] = 1
    return e, f, e is d
    """,
    """
    d.clear()
    d["q"] = 1
    return d
    """,
    """
    del d["a"]
    return d
    """,
    """
    d["a"] = 5
    d.pop("a")
    d["a"] = 6
    d["b"] = 7
    return list(d.items())
    """,
    """
    for k in list(d.keys()):
        d[k + k] = d[k]
    return d
    """,
    """
    n = 0
    for k, v in d.items():
        n += v * len(k)
    for k in d.keys():
        n += 1
    for v in d.values():
        n += v
    return n
    """,
    """
    if "a" in d and d["a"] > 1:
        d["a"] += 10
    return d
    """,
    """
    if d:
        return 1
    return 0
    """,
)
table(
    "a: Dict[int, str], b: Dict[float, int], c: Dict[bool, str], e: Dict[complex, int]",
    [({2: "x", -1: "y"}, {1.5: 1, 0.0: 2}, {True: "t"}, {1j: 1, 2 + 0j: 2}), ({}, {}, {}, {})],
    "(a, b, c, e)",
    "(list(a.keys()), list(b.keys()), list(c.keys()), list(e.keys()))",
    "(2 in a, 1.5 in b, True in c, 1j in e)",
    "(a.get(2), b.get(1.5), c.get(False), e.get(1j, 0))",
    "(a[2], b[1.5], c[True], e[1j])",
    "a[7]",
    "b[7.5]",
    "c[False]",
    """
    a[5] = "five"
    b[0.0] = 7
    b[-0.0] = 8
    c[False] = "f"
    e[3j] = 3
    del a[5]
    return a, b, c, e
    """,
    """
    print(a, b, c)
    print([a], (b, c))
    return str(a) + str(b) + str(c)
    """,
    "a.pop(2)",
    "(a.pop(9, 'd'), b.pop(9.0, 1))",
    "(a.setdefault(1, 'q'), c.setdefault(False, 'w'), a, c)",
    """
    a.update({2: "new"})
    b.update(b)
    return a, b, a.copy(), len(e)
    """,
    "(list(a.items()), list(b.items()))",
    "[k + 1 for k in a]",
)
table(
    "x: Tensor, y: Tensor",
    [(torch.ones(2), torch.zeros(2)), (torch.tensor(1), torch.tensor(2))],
    """
    d: Dict[Tensor, int] = {x: 1}
    d[y] = 2
    d[x] = 3
    return len(d), d[x], d[y], x in d, list(d.values())
    """,
    """
    d: Dict[str, Tensor] = {"x": x}
    d["y"] = y
    d["x"] += 1
    e: Dict[str, Dict[str, Tensor]] = {"in": d}
    e["in"]["z"] = x
    return d, e, x
    """,
    """
    xs: List[List[Tensor]] = [[], [x]]
    xs[0].append(y)
    xs.append([])
    return xs, len(xs[2])
    """,
    """
    t = (x, (y, [x, y]), {"k": x})
    a, (b, c), d = t
    c[0] = y
    d["k"] = y
    return a, b, c, d, t
    """,
    "((x, y), [x], {'a': (x, 1)})",
)
table(
    "t: Tuple[int, str, float], u: Tuple[Tuple[int, int], List[int]]",
    [((1, "a", 2.5), ((3, 4), [5]))],
    "(t[0], t[1], t[2], t[-1], t[-3])",
    "(t[1:], t[:2], t[::2], t[::-1], t[:], t[-2:], t[5:])",
    "(len(t), len(u), u[0][1], u[1][0])",
    "t + u",
    "t + (True,)",
    "(t, u)",
    "(str(t), f'{u}')",
    "u[0] == (3, 4)",
    "u[0] != (3, 4)",
    "3 in u[0]",
    "[x for x in u[0]]",
    "u[0]",
    "sum(u[0])",
    "list(u[0])",
    "u[0] * 2",
    """
    a, b, c = t
    (d, e), f = u
    f.append(6)
    return a, b, c, d, e, f, u
    """,
    """
    for x in u[0]:
        print(x)
    for x in t:
        print(x)
    for i, x in enumerate(t):
        print(i, x)
    for x, y in zip(t, t):
        print(x, y)
    return 0
    """,
    """
    i = 1
    return u[0][i]
    """,
    """
    x, *rest = t
    *init, last = t
    return x, rest, init, last
    """,
    """
    t = (5, "z", 0.0)
    return t
    """,
)
table(
    "n: int",
    [(3,)],
    "[[i * j for j in range(n)] for i in range(n)]",
    """
    grid = [[0] * n for _ in range(2)]
    grid[0][1] = 5
    row = grid[1]
    row[0] = 7
    grid.append(row)
    row.append(1)
    return grid
    """,
    """
    xs = [[0]] * n
    xs[0].append(1)
    return xs
    """,
    """
    d = {"a": [1]}
    d["a"] += [2]
    d["a"].extend([3])
    d["b"] = d["a"]
    d["b"][0] = 9
    return d
    """,
    """
    pairs = [(i, str(i)) for i in range(n)]
    d = dict(pairs)
    e = {k: v for k, v in pairs}
    return d, e
    """,
    """
    d = dict([("a", 1), ("b", 2)])
    e: Dict[str, int] = dict()
    f = dict(a=1, b=n)
    g = list()
    return d, e, f, g
    """,
    """
    d = dict(zip(["a", "b"], [1, 2]))
    return d
    """,
    """
    xs = [i for i in range(n)]
    ys = [i * 1.5 for i in xs]
    zs = [i > 1 for i in xs]
    ws = [(i, y) for i, y in zip(xs, ys)]
    return xs, ys, zs, ws
    """,
    """
    x = 5
    ys = [x for x in range(n)]
    return x, ys
    """,
    """
    stack = [n]
    out: List[int] = []
    while len(stack) > 0:
        k = stack.pop()
        out.append(k)
        if k > 0:
            stack += [k - 1, k - 2]
    return out
    """,
    """
    memo: Dict[int, int] = {0: 0, 1: 1}
    for i in range(2, 30):
        memo[i] = memo[i - 1] + memo[i - 2]
    return memo[29], len(memo)
    """,
)
