"""Script classes in every role: operators, conversions, containers of objects, inheritance of interfaces, optional fields, comparison."""

from enum import Enum, IntEnum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

from program import program, table


@torch.jit.script
class Number:
    def __init__(self, v: int):
        self.v = v

    def __add__(self, o: "Number") -> "Number":
        return Number(self.v + o.v)

    def __sub__(self, o: "Number") -> "Number":
        return Number(self.v - o.v)

    def __mul__(self, o: int) -> "Number":
        return Number(self.v * o)

    def __truediv__(self, o: int) -> float:
        return self.v / o

    def __mod__(self, o: int) -> int:
        return self.v % o

    def __pow__(self, o: int) -> int:
        return int(self.v**o)

    def __eq__(self, o: "Number") -> bool:
        return self.v == o.v

    def __ne__(self, o: "Number") -> bool:
        return self.v != o.v

    def __lt__(self, o: "Number") -> bool:
        return self.v < o.v

    def __gt__(self, o: "Number") -> bool:
        return self.v > o.v

    def __le__(self, o: "Number") -> bool:
        return self.v <= o.v

    def __ge__(self, o: "Number") -> bool:
        return self.v >= o.v

    def __and__(self, o: int) -> int:
        return self.v & o

    def __or__(self, o: int) -> int:
        return self.v | o

    def __xor__(self, o: int) -> int:
        return self.v ^ o

    def __lshift__(self, o: int) -> int:
        return self.v << o

    def __rshift__(self, o: int) -> int:
        return self.v >> o

    def __neg__(self) -> "Number":
        return Number(-self.v)

    def __invert__(self) -> int:
        return -self.v - 1

    def __int__(self) -> int:
        return self.v

    def __float__(self) -> float:
        return self.v + 0.5

    def __bool__(self) -> bool:
        return self.v != 0

    def __str__(self) -> str:
        return "N" + str(self.v)

    def __len__(self) -> int:
        return self.v + 100

    def __contains__(self, o: int) -> bool:
        return o < self.v

    def __getitem__(self, i: int) -> int:
        return self.v * i

    def __setitem__(self, i: int, x: int):
        self.v = i * x

    def __iadd__(self, o: int) -> "Number":
        self.v += o
        return self

    def __isub__(self, o: int) -> "Number":
        return Number(self.v - o)

    def __imul__(self, o: int) -> "Number":
        self.v *= o
        return self

    def __call__(self, a: int, b: int = 2) -> int:
        return self.v + a * b


N = dict(Number=Number)
table(
    "a: int, b: int",
    [(6, 2), (-3, 5), (0, 0)],
    "((Number(a) + Number(b)).v, (Number(a) - Number(b)).v, (Number(a) * b).v)",
    "(Number(a) % 7, Number(a) ** 2, Number(a) / 4)",
    "(Number(a) == Number(b), Number(a) != Number(b), Number(a) < Number(b), Number(a) > Number(b), Number(a) <= Number(b), Number(a) >= Number(b))",
    "(Number(a) & b, Number(a) | b, Number(a) ^ b, Number(a) << 2, Number(a) >> 1)",
    "((-Number(a)).v, ~Number(a))",
    "(int(Number(a)), float(Number(a)), bool(Number(a)), str(Number(a)), len(Number(a)))",
    "(b in Number(a), b not in Number(a), Number(a)[b])",
    "(Number(a)(b), Number(a)(b, 3), Number(a)(b=1, a=2))",
    "not Number(a)",
    "1 if Number(a) else 2",
    "Number(a) and Number(b)",
    """
    n = Number(a)
    m = n
    n += b
    k = n
    k -= 1
    k *= 3
    return n.v, m.v, k.v, m is n, n is not k
    """,
    """
    n = Number(a)
    n[2] = b
    n.v += 1
    return n.v
    """,
    """
    ns = [Number(b), Number(a), Number(3)]
    ns.sort()
    return [n.v for n in ns]
    """,
    """
    ns = [Number(b), Number(a), Number(3)]
    ns.sort(reverse=True)
    return [n.v for n in ns]
    """,
    """
    ns = [Number(b), Number(a), Number(3)]
    ms = sorted(ns)
    return [n.v for n in ms], [n.v for n in ns], ms[0] is ns[0]
    """,
    """
    ns = [Number(b), Number(a)]
    ns.append(Number(9))
    ns[0].v = 50
    d: Dict[str, Number] = {"x": ns[0]}
    d["x"].v += 1
    d["y"] = ns[1]
    t = (ns[0], d)
    return t[0].v, t[1]["x"].v, [n.v for n in ns], len(d)
    """,
    """
    n: Optional[Number] = None
    if a > 0:
        n = Number(a)
    if n is not None:
        n.v += 1
        return n.v
    return -1
    """,
    """
    n = Number(a)
    print(n.v, str(n))
    return f"{n.v}"
    """,
    """
    f = Number(a) + Number(1) + Number(2) * 3
    return (f * 2).v, int(f) // 2
    """,
    """
    while Number(a):
        a = 0
    if Number(b):
        return 1
    return a
    """,
    "[Number(i).v for i in range(3)]",
    "{i: Number(i * i).v for i in range(3)}",
    "Number(a) is Number(a)",
    "isinstance(Number(a), Number)",
    """
    x: Any = Number(a)
    if isinstance(x, Number):
        return x.v
    return -1
    """,
    """
    x: Union[Number, int] = Number(a)
    if b > 2:
        x = b
    if isinstance(x, Number):
        return x.v * 100
    return x
    """,
    names=N,
)


@torch.jit.script
class Node:
    def __init__(self, value: int):
        self.value = value
        self.next: Optional[int] = None
        self.tags: Dict[str, List[int]] = {}
        self.pair: Tuple[int, str] = (value, "p")

    def tag(self, name: str, n: int) -> "Node":
        if name not in self.tags:
            self.tags[name] = torch.jit.annotate(List[int], [])
        self.tags[name].append(n)
        return self

    @property
    def doubled(self) -> int:
        return self.value * 2

    @doubled.setter
    def doubled(self, v: int):
        self.value = v // 2

    @staticmethod
    def make(n: int, m: int = 3) -> int:
        return n * m


table(
    "n: int",
    [(5,), (8,)],
    "Node(n).tag('a', 1).tag('b', 2).tag('a', 3).tags",
    "(Node(n).doubled, Node.make(n), Node.make(n, m=4), Node(n).pair)",
    """
    xs = [Node(i) for i in range(n)]
    for x in xs:
        x.value *= 2
    return sum([x.value for x in xs])
    """,
    names=dict(Node=Node),
)


@torch.jit.interface
class Shape:
    def area(self, k: float) -> float:
        pass

    def name(self) -> str:
        pass


@torch.jit.script
class Square:
    def __init__(self, s: float):
        self.s = s

    def area(self, k: float) -> float:
        return self.s * self.s * k

    def name(self) -> str:
        return "square"


@torch.jit.script
class Circle:
    def __init__(self, r: float):
        self.r = r

    def area(self, k: float) -> float:
        return 3.0 * self.r * self.r * k

    def name(self) -> str:
        return "circle"


def area_of(s: Shape) -> float:
    return s.area(2.0)


table(
    "x: float",
    [(1.5,), (3.0,)],
    """
    shapes = torch.jit.annotate(List[Shape], [])
    shapes.append(Square(x))
    shapes.append(Circle(x))
    total = 0.0
    for s in shapes:
        total += s.area(1.0)
    return total, [s.name() for s in shapes]
    """,
    "area_of(Square(x)) + area_of(Circle(x))",
    names=dict(Shape=Shape, Square=Square, Circle=Circle, area_of=area_of),
)


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 4


class Size(IntEnum):
    SMALL = 1
    LARGE = 10


class Key(Enum):
    A = "alpha"
    B = "beta"


class Ratio(Enum):
    HALF = 0.5
    ONE = 1.0


def mix(a: Color, b: Color) -> int:
    return a.value | b.value


E = dict(Color=Color, Size=Size, Key=Key, Ratio=Ratio, mix=mix)
table(
    "n: int",
    [(1,), (2,)],
    "Color.RED if n == 1 else Color.BLUE",
    "(Color.RED.value, Color.RED.name, Key.B.value, Ratio.HALF.value, Size.LARGE.value)",
    "(Color.RED == Color.RED, Color.RED == Color.BLUE, Color.RED != Color.GREEN)",
    "Color.RED is Color.RED",
    "mix(Color.RED, Color.BLUE) + n",
    "[c.name for c in Color]",
    "[c.value for c in Key]",
    "[Color.RED, Color.BLUE]",
    "{Color.RED.name: Color.RED}",
    "(Color.RED, [Color.GREEN])",
    "str(Color.RED)",
    "f'{Color.RED} {Key.A}'",
    "[Color.RED, Color.GREEN][n - 1].name",
    "isinstance(Color.RED, Color)",
    "Size.SMALL.value + n",
    """
    print(Color.RED, Key.A, [Color.BLUE], (Ratio.ONE, 1))
    return 0
    """,
    """
    d: Dict[str, Color] = {"x": Color.RED}
    d["y"] = Color.GREEN
    c: Optional[Color] = None
    if n > 1:
        c = d["y"]
    return d["x"].value, c.name if c is not None else "none"
    """,
    """
    total = 0
    for c in Color:
        if c == Color.GREEN:
            continue
        total += c.value
    return total
    """,
    """
    c = Color.RED
    if n > 1:
        c = Color.BLUE
    return c
    """,
    names=E,
)


class Point(NamedTuple):
    x: int
    y: float = 2.5
    z: Optional[str] = None


class Line(NamedTuple):
    a: Point
    b: Point
    tags: List[str] = []


class Batch(NamedTuple):
    data: Tensor
    sizes: List[int]


def make_point(n: int) -> Point:
    return Point(n, 1.0, "p")


P = dict(Point=Point, Line=Line, Batch=Batch, make_point=make_point)
table(
    "n: int",
    [(1,), (2,)],
    "Point(n)",
    "Point(n, 1.5)",
    "Point(y=0.5, x=n, z='s')",
    "(Point(n).x, Point(n).y, Point(n).z, Point(n)[0], Point(n)[1:])",
    "make_point(n).x + len(make_point(n))",
    "(Point(n).x, ) + (1,)",
    "str(Point(n))",
    "f'{Point(n, 1.0)}'",
    "[Point(i) for i in range(n)]",
    "{'p': Point(n)}",
    "Batch(torch.ones(n), [n])",
    """
    p = Point(n)
    x, y, z = p
    print(p, x, y, z)
    return p, x
    """,
    """
    p = make_point(n)
    q = p
    if n > 1:
        q = Point(7)
    return q.x, q.y, q.z
    """,
    """
    b = Batch(torch.zeros(2), [1])
    b.sizes.append(n)
    b.data.add_(1)
    return b, b.sizes[-1]
    """,
    """
    ps: List[Point] = []
    ps.append(Point(n))
    ps.append(make_point(3))
    return [p.x for p in ps], ps
    """,
    """
    p: Optional[Point] = None
    if n == 1:
        p = Point(9)
    return p.x if p is not None else 0
    """,
    """
    for v in (Point(n).x, 3):
        print(v)
    a, b = (n, Point(n))
    return b
    """,
    "isinstance(Point(n), Point)",
    "isinstance(Point(n), tuple)",
    names=P,
)


@program((1,), (2,))
def mentions_of_a_member_differ(n: int):
    c = Color.RED if n == 1 else Color.GREEN
    return c is Color.RED, c is not Color.RED, c is c, Color.RED is Color.RED, c == Color.RED


@program((Point(1, 2.0, "z"),))
def point_argument(p: Point):
    return p.x, p.y, p.z, p


@program((Color.RED,), (Color.BLUE,))
def enum_argument(c: Color):
    return c.value, c == Color.RED


@program(([3, 1, 2],))
class ObjectsInModules(nn.Module):
    def __init__(self):
        super().__init__()
        self.color = Color.GREEN
        self.point = Point(1, 2.0)
        self.colors = [Color.RED, Color.BLUE]

    def forward(self, xs: List[int]):
        return self.color.value, self.color == Color.GREEN, self.point[0], self.point, [c.name for c in self.colors], sorted(xs)
