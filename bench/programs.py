"""The programs that language.py times: (name, maker of the module, arguments)."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import nn

PROGRAMS = []


def timed(*arguments):
    def register(cls):
        PROGRAMS.append((cls.__name__, cls, arguments))
        return cls

    return register


@timed(1_000_000)
class int_sum(nn.Module):
    def forward(self, n: int) -> int:
        s = 0
        for i in range(n):
            s = s + i * 2
        return s


@timed(300_000)
class int_mixed(nn.Module):
    def forward(self, n: int) -> int:
        s = 0
        for i in range(1, n):
            s = (s * 31 + i // 3) % 1000003 - (i & 7)
        return s


@timed(20_000)
class collatz(nn.Module):
    def forward(self, n: int) -> int:
        longest = 0
        for start in range(1, n):
            x = start
            steps = 0
            while x != 1 and steps < 40:
                if x % 2 == 0:
                    x = x // 2
                else:
                    x = 3 * x + 1
                steps += 1
            if steps > longest:
                longest = steps
        return longest


@timed(300_000)
class float_sum(nn.Module):
    def forward(self, n: int) -> float:
        s = 0.0
        x = 1.5
        for i in range(n):
            x = x * 1.0000001 + 0.5
            s += x / (i + 1) - 0.25
        return s


@timed(300)
class mandelbrot(nn.Module):
    def forward(self, n: int) -> int:
        inside = 0
        for row in range(n // 10):
            for column in range(n // 10):
                a = 3.0 * column / n - 2.0
                b = 2.0 * row / n - 1.0
                x = 0.0
                y = 0.0
                left = 100
                while left > 0 and x * x + y * y < 4.0:
                    t = x * x - y * y + a
                    y = 2.0 * x * y + b
                    x = t
                    left -= 1
                if left == 0:
                    inside += 1
        return inside


@timed(300_000)
class branches(nn.Module):
    def forward(self, n: int) -> int:
        a = 0
        b = 0
        for i in range(n):
            if i % 3 == 0:
                a += 1
            elif i % 5 == 0 and not (i % 7 == 0):
                b += a
            elif i > n // 2 or a == 7:
                b -= 1
            if a > b:
                continue
            a -= 1
        return a * 1000 + b


@timed(300_000)
class list_append(nn.Module):
    def forward(self, n: int) -> int:
        items: List[int] = []
        for i in range(n):
            items.append(i)
        s = 0
        for x in items:
            s += x
        return s


@timed(100_000)
class sieve(nn.Module):
    def forward(self, n: int) -> int:
        prime = [True] * n
        count = 0
        for i in range(2, n):
            if prime[i]:
                count += 1
                for k in range(i + i, n, i):
                    prime[k] = False
        return count


@timed(300)
class matrix(nn.Module):
    def forward(self, n: int) -> int:
        rows: List[List[int]] = []
        for i in range(n):
            rows.append([i * k for k in range(n)])
        s = 0
        for i in range(n):
            row = rows[i]
            for k in range(len(row)):
                s += row[k] - rows[k][i]
        return s


@timed(100_000)
class list_pop(nn.Module):
    def forward(self, n: int) -> int:
        stack = [1]
        s = 0
        for i in range(n):
            stack.append(i)
            stack.append(i + 1)
            s += stack.pop() - stack[-1]
            if len(stack) > 100:
                stack.pop()
                stack.pop()
        return s


@timed(100_000)
class dict_of_str(nn.Module):
    def forward(self, n: int) -> int:
        d: Dict[str, int] = {}
        for i in range(n):
            d[str(i % 1000)] = i
        return len(d)


@timed(100_000)
class dict_count(nn.Module):
    def forward(self, n: int) -> int:
        d: Dict[int, int] = {}
        for i in range(n):
            k = i * 7919 % 1009
            if k in d:
                d[k] += 1
            else:
                d[k] = 1
        s = 0
        for k, v in d.items():
            s += k * v
        return s


@timed(20_000)
class word_count(nn.Module):
    def forward(self, n: int) -> int:
        text = "the quick brown fox jumps over the lazy dog and the cat"
        counts: Dict[str, int] = {}
        for i in range(n // 10):
            for word in text.split(" "):
                counts[word] = counts.get(word, 0) + 1
        return counts["the"]


@timed(50_000)
class formatting(nn.Module):
    def forward(self, n: int) -> int:
        s = 0
        for i in range(n):
            s += len("item {} of {}".format(i, n))
            s += len(f"{i}:{n}")
        return s


@timed(50_000)
class characters(nn.Module):
    def forward(self, n: int) -> int:
        text = "Hello, World"
        s = 0
        for i in range(n):
            c = text[i % 12]
            if c == "l":
                s += 1
            elif c in "aeiou":
                s += ord(c)
        return s


@timed(20_000)
class joining(nn.Module):
    def forward(self, n: int) -> int:
        parts: List[str] = []
        for i in range(n):
            parts.append("k" + str(i))
        text = ",".join(parts)
        return len(text) + len(text.upper()) + len(text.replace("k", "key"))


@timed(300_000)
class tuples(nn.Module):
    def forward(self, n: int) -> int:
        pair = (0, 1)
        for i in range(n):
            a, b = pair
            pair = (b, (a + b) % 1000007)
        return pair[0]


@timed(100_000)
class tuple_list(nn.Module):
    def forward(self, n: int) -> int:
        points: List[Tuple[int, int]] = []
        for i in range(n):
            points.append((i, i + 1))
        s = 0
        for p in points:
            s += p[0] * p[1] % 7
        return s


class Point(NamedTuple):
    x: int
    y: int


@timed(100_000)
class named_tuples(nn.Module):
    def forward(self, n: int) -> int:
        p = Point(0, 1)
        for i in range(n):
            p = Point(p.y, p.x + 1)
        return p.x + p.y


@timed(300_000)
class attributes(nn.Module):
    total: int

    def __init__(self):
        super().__init__()
        self.total = 0

    def forward(self, n: int) -> int:
        self.total = 0
        for i in range(n):
            self.total += i
        return self.total


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.value = start

    def add(self, n: int) -> int:
        self.value += n
        return self.value


@timed(100_000)
class methods(nn.Module):
    def forward(self, n: int) -> int:
        c = Counter(0)
        s = 0
        for i in range(n):
            s += c.add(i) % 3
        return s


def gcd(a: int, b: int) -> int:
    while b != 0:
        a, b = b, a % b
    return a


@timed(50_000)
class functions(nn.Module):
    def forward(self, n: int) -> int:
        s = 0
        for i in range(n):
            s += gcd(i, 36)
        return s


@timed(200_000)
class optionals(nn.Module):
    def pick(self, i: int) -> Optional[int]:
        if i % 3 == 0:
            return None
        return i

    def forward(self, n: int) -> int:
        s = 0
        for i in range(n):
            v = self.pick(i)
            if v is not None:
                s += v
        return s


@timed(2_000)
class sorting(nn.Module):
    def forward(self, n: int) -> int:
        items = [(i * 7919) % n for i in range(n)]
        for i in range(1, len(items)):
            x = items[i]
            k = i - 1
            while k >= 0 and items[k] > x and i - k < 60:
                items[k + 1] = items[k]
                k -= 1
            items[k + 1] = x
        return items[n // 2]
