"""Programs that nobody wrote: random arithmetic, containers and control flow, each run in PyTorch and in tsrun.

The number in a test's name is its seed, so a failure can be run again by name. Generated code avoids what PyTorch leaves undefined:
integer remainder by zero stops its process, float to integer conversion out of range depends on the machine, and a dict of constants
is made once and shared by all rounds of a loop.
"""

import random

import pytest
import torch

from agreement import difference, kind_of, native
from case import fresh
from test_programs import save_source

TYPES = {"int": "int", "float": "float", "bool": "bool", "str": "str", "list": "List[int]", "dict": "Dict[str, int]"}
ARGUMENTS = (3, -2.5, True, "abc", [4, 1, 7], {"x": 2, "y": -5})


class Writer:
    """Writes one method whose variables keep their types; names end in their type's first letters and a number."""

    def __init__(self, seed):
        self.random, self.lines, self.variables = random.Random(seed), [], {kind: [f"{kind}0"] for kind in TYPES}

    def expression(self, kind, depth=0):
        r = self.random
        if depth > 3 or r.random() < 0.25:
            return r.choice(self.variables[kind]) if r.random() < 0.7 else self.literal(kind)
        a = lambda k=kind: self.expression(k, depth + 1)  # noqa: E731
        forms = {
            "int": [
                lambda: f"({a()} {r.choice('+-*&|^')} {a()})",
                lambda: f"({a()} {r.choice(['//', '%'])} (abs({a()}) % 7 + 1))",
                lambda: f"-(1 * {a()})",
                lambda: f"len({a(r.choice(['str', 'list', 'dict']))})",
                lambda: f"abs({a()})",
                lambda: f"{r.choice(['min', 'max'])}({a()}, {a()})",
                lambda: f"({a()} if {a('bool')} else {a()})",
                lambda: f"int({a('bool')})",
                lambda: f"{a('str')}.find({a('str')})",
                lambda: f"sum({a('list')})",
                lambda: f"{a('dict')}.get({a('str')}, {a()})",
            ],
            "float": [
                lambda: f"({a()} {r.choice('+-*')} {a()})",
                lambda: f"({a()} / {a()})",
                lambda: f"float({a('int')})",
                lambda: f"-(1 * {a()})",
                lambda: f"abs({a()})",
                lambda: f"round({a()})",
                lambda: f"({a()} if {a('bool')} else {a()})",
                lambda: f"({a('int')} * {a()})",
                lambda: f"torch.{r.choice(['sin', 'tanh', 'atan'])}({a()})",
            ],
            "bool": [
                lambda: f"({a('int')} {r.choice(['<', '<=', '>', '>=', '==', '!='])} {a('int')})",
                lambda: f"({a('float')} {r.choice(['<', '>', '=='])} {a('float')})",
                lambda: f"({a()} {r.choice(['and', 'or'])} {a()})",
                lambda: f"(not {a()})",
                lambda: f"({a('str')} == {a('str')})",
                lambda: f"({a('int')} in {a('list')})",
                lambda: f"({a('str')} in {a('dict')})",
                lambda: f"({a('list')} == {a('list')})",
                lambda: f"{a('str')}.startswith({a('str')})",
            ],
            "str": [
                lambda: f"({a()} + {a()})[:40]",
                lambda: f"str({a('int')})",
                lambda: f"str({a('bool')})",
                lambda: f"{a()}.{r.choice(['upper', 'lower', 'strip', 'title', 'swapcase'])}()",
                lambda: f"{a()}[{r.randint(-3, 3)}:{r.randint(-3, 5)}]",
                lambda: f"({a()} if {a('bool')} else {a()})",
                lambda: f'{a()}.replace("a", {a()})[:40]',
                lambda: f"\"{{}}:{{}}\".format({a('int')}, {a('list')})[:40]",
            ],
            "list": [
                lambda: f"({a()} + {a()})[:12]",
                lambda: f"{a()}[{r.randint(-3, 3)}:{r.randint(-3, 5)}]",
                lambda: f"[{a('int')}, {a('int')}]",
                lambda: f"sorted({a()})",
                lambda: f"{a()}.copy()",
                lambda: f"[_v * 2 for _v in {a()}]",
            ],
            "dict": [lambda: f"{a()}.copy()", lambda: f"{{{a('str')}: {a('int')}}}"],
        }
        return r.choice(forms[kind])()

    def literal(self, kind):
        r = self.random
        return {
            "int": lambda: str(r.choice([0, 1, 2, 5, 13, 1000003])),
            "float": lambda: str(r.choice([0.0, 0.5, 1.25, 3.0, 1e10])),
            "bool": lambda: r.choice(["True", "False"]),
            "str": lambda: r.choice(['""', '"a"', '"B c"', '"x"']),
            "list": lambda: r.choice(["[1]", "[3, 2]", "annotate(List[int], [])"]),
            "dict": lambda: r.choice(['{"x": int0}', '{"a": int0, "b": 4}']),
        }[kind]()

    def block(self, indent, depth, count):
        for _ in range(count):
            self.statement(indent, depth)

    def emit(self, indent, text):
        self.lines.append("  " * indent + text)

    def statement(self, indent, depth):
        r, kind = self.random, self.random.choice(list(TYPES))
        choice = r.random()
        if choice < 0.45 or depth > 2:
            fresh_name = depth == 0 and r.random() < 0.5
            name = f"{kind}{len(self.variables[kind])}" if fresh_name else r.choice(self.variables[kind])
            self.emit(indent, f"{name} = {self.expression(kind)}")
            if fresh_name:
                self.variables[kind].append(name)
        elif choice < 0.55:
            self.emit(indent, f"{r.choice(self.variables['int'])} {r.choice(['+=', '-=', '*='])} {self.expression('int')}")
        elif choice < 0.65:
            self.emit(indent, f"({r.choice(self.variables['list'])}).append({self.expression('int')})")
        elif choice < 0.72:
            self.emit(indent, f"{r.choice(self.variables['dict'])}[{self.expression('str')}] = {self.expression('int')}")
        elif choice < 0.87:
            self.emit(indent, f"if {self.expression('bool')}:")
            self.block(indent + 1, depth + 1, r.randint(1, 3))
            if r.random() < 0.6:
                self.emit(indent, "else:")
                self.block(indent + 1, depth + 1, r.randint(1, 2))
        else:
            counter = f"_i{len(self.lines)}"
            self.emit(indent, f"for {counter} in range({r.randint(1, 4)}):")
            self.block(indent + 1, depth + 1, r.randint(1, 3))
            if r.random() < 0.4:
                self.emit(indent + 1, f"if {self.expression('bool')}:")
                self.emit(indent + 2, r.choice(["break", "continue"]))

    def method(self):
        self.block(1, 0, 14)
        names = [v for kind in TYPES for v in self.variables[kind]]
        params = ", ".join(f"{kind}0: {text}" for kind, text in TYPES.items())
        types = ", ".join(TYPES[kind] for kind in TYPES for _ in self.variables[kind])
        return "\n".join([f"def forward(self, {params}) -> Tuple[{types}]:", *self.lines, f"  return ({', '.join(names)})"])


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
@pytest.mark.parametrize("seed", range(150))
def test_generated(seed, optimize, tmp_path, tsrun):
    path, text = str(tmp_path / "generated.pt"), Writer(seed).method()
    save_source(text, path)
    reference, module = torch.jit.load(path), tsrun.load(path, threads=1, optimize=optimize)
    try:
        want = reference(*fresh(ARGUMENTS))
    except RuntimeError as e:
        with pytest.raises(tsrun.Error) as raised:
            module(*fresh(ARGUMENTS))
        assert kind_of(raised.value) == "model", f"{raised.value}, where PyTorch raises {e}\n{text}"
        return
    wrong = difference(native(module(*fresh(ARGUMENTS))), want)
    assert not wrong, f"{wrong}\n{text}"
