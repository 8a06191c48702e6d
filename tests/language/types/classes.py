"""Script classes: fields, methods, magic methods, properties, static methods, recursion, enums, named tuples."""

from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from program import program


@torch.jit.script
class Vector:
    def __init__(self, x: float, y: float):
        self.x = x
        self.y = y

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k: float) -> "Vector":
        return Vector(self.x * k, self.y * k)

    def __eq__(self, other: "Vector") -> bool:
        return self.x == other.x and self.y == other.y

    def __lt__(self, other: "Vector") -> bool:
        return self.norm() < other.norm()

    def __getitem__(self, i: int) -> float:
        return self.x if i == 0 else self.y

    def __len__(self) -> int:
        return 2

    def __contains__(self, v: float) -> bool:
        return v == self.x or v == self.y

    def __str__(self) -> str:
        return "(" + str(self.x) + ", " + str(self.y) + ")"

    def __bool__(self) -> bool:
        return self.x != 0.0 or self.y != 0.0

    def __neg__(self) -> "Vector":
        return Vector(-self.x, -self.y)

    def norm(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5

    @staticmethod
    def unit(axis: int) -> "Vector":
        return Vector(1.0, 0.0) if axis == 0 else Vector(0.0, 1.0)


@program((3.0, 4.0))
def magic_methods(a: float, b: float):
    v, w = Vector(a, b), Vector(1.0, 2.0)
    s = v + w * 2.0
    return s.x, s.y, v == w, w < v, v[0], v[1], len(v), a in v, str(s), (-v).x, v.norm()


@program((1,))
def static_method(axis: int) -> Tuple[float, float]:
    u = Vector.unit(axis)
    return u.x, u.y


@program((2.0,))
def objects_are_references(a: float):
    v = Vector(a, a)
    w = v
    w.x = 9.0
    vs = [v, Vector(0.0, 0.0)]
    vs[0].y = -1.0
    return v.x, v.y, v is w, v is vs[0], v is vs[1]


@program((0.0, 0.0), (1.0, 0.0))
def truth_of_object(a: float, b: float) -> bool:
    if Vector(a, b):
        return True
    return False


@torch.jit.script
class Stack:
    def __init__(self):
        self.items: List[int] = []
        self.largest = torch.jit.annotate(Optional[int], None)

    def push(self, x: int) -> "Stack":
        self.items.append(x)
        largest = self.largest
        if largest is None or x > largest:
            self.largest = x
        return self

    def pop(self) -> int:
        return self.items.pop()

    @property
    def depth(self) -> int:
        return len(self.items)


@program(([3, 1, 2],))
def methods_change_state(xs: List[int]):
    s = Stack()
    for x in xs:
        s.push(x)
    s.push(10).push(4)
    return s.pop(), s.depth, s.items, s.largest


@program(([3, 1, 2],), ([],))
def object_passed_to_function(xs: List[int]) -> int:
    s = Stack()
    fill(s, xs)
    return s.depth


def fill(s: Stack, xs: List[int]):
    for x in xs:
        s.push(x)


@torch.jit.script
class Settable:
    def __init__(self, value: int):
        self._value = value

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, v: int):
        self._value = v * 2


@program((5,))
def property_setter(n: int):
    s = Settable(n)
    before = s.value
    s.value = n
    s.value += 1
    return before, s.value


class Color(Enum):
    RED = 1
    GREEN = 2


class Word(Enum):
    YES = "yes"
    NO = "no"


class Level(Enum):
    LOW = 0.5
    HIGH = 1.5


def pick(n: int) -> Color:
    return Color.RED if n == 0 else Color.GREEN


@program((0,), (1,))
def enums(n: int):
    c = pick(n)
    return c == Color.RED, c != Color.RED, c.name, c.value, Word.NO.value, Level.HIGH.value


@program(("yes",), ("no",))
def enum_values_compare(s: str) -> int:
    for w in Word:
        if w.value == s:
            return len(w.name)
    return -1


class Span(NamedTuple):
    start: int
    stop: int = 10
    label: str = "span"


def shift(s: Span, by: int) -> Span:
    return Span(s.start + by, s.stop + by, s.label)


@program((3,))
def named_tuples(n: int):
    s = shift(Span(n), 2)
    a, b, c = s
    return s.start, s.stop, s.label, s[0], a + b, c, Span(label="z", start=1, stop=2)


@program((torch.ones(2, 3),))
def named_tuple_of_operator(x: Tensor):
    m = torch.max(x, 1)
    return m.values, m.indices, m[0]


@torch.jit.script
class Matrix:
    def __init__(self, rows: List[Vector]):
        self.rows = rows
        self.names: Dict[str, int] = {}

    def __getitem__(self, i: int) -> Vector:
        return self.rows[i]

    def __setitem__(self, i: int, v: Vector):
        self.rows[i] = v

    def __call__(self, k: float) -> float:
        total = 0.0
        for r in self.rows:
            total += r.norm() * k
        return total


@program((2.0,))
def objects_of_objects(k: float):
    m = Matrix([Vector(3.0, 4.0), Vector(0.0, 1.0)])
    m[1] = Vector(6.0, 8.0)
    m.names["last"] = 1
    return m(k), m[1].x, m.names
