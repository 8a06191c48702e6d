"""Operators whose meaning changed: files of old operator versions keep the old one."""

import textwrap
import zipfile

import pytest
import torch

from agreement import difference, native
from harness import message
from test_programs import save_source

INTS, FLOATS = torch.tensor([7, -7, 4]), torch.tensor([7.0, -7.0, 4.0])

# body of forward, arguments, versions
CASES = [
    ("return torch.div(x, 2)", (INTS,), (1, 3, 4, 10)),
    ("return torch.div(x, 2)", (FLOATS,), (3, 4)),
    ("return torch.div(x, 2.)", (INTS,), (3, 4)),
    ("return torch.div(x, x)", (INTS,), (3, 4)),
    ("return torch.div(x, x)", (FLOATS,), (3, 4)),
    ("return torch.div(x, torch.tensor(2))", (INTS,), (3, 4)),
    ("return torch.div(x, torch.tensor(2.5))", (INTS,), (3, 4)),
    ("return torch.div_(x, 2)", (INTS,), (3, 4)),
    ("return torch.div_(x, 2)", (FLOATS,), (3, 4)),
    ("return torch.div_(x, torch.add(x, 1))", (INTS,), (3, 4)),
    ("return torch.div_(x, torch.add(x, 1))", (FLOATS,), (3, 4)),
    ("return torch.div(x, torch.add(x, 1), out=torch.zeros_like(x))", (INTS,), (3, 4)),
    ("return torch.div(x, torch.add(x, 1), out=torch.zeros_like(x))", (FLOATS,), (3, 4)),
    ('return torch.div(x, 2, rounding_mode="floor")', (INTS,), (3, 4)),
    ('return torch.div(x, torch.add(x, 1), rounding_mode="trunc")', (INTS,), (3, 4)),
    ('return torch.div_(x, 2, rounding_mode="floor")', (INTS,), (3, 4)),
    ("return torch.div(3, 2)", (INTS,), (3, 4)),
    ("return torch.div(7., 2)", (INTS,), (3, 4)),
    ("return x / 2", (INTS,), (3, 4)),
    ("x /= 2\nreturn x", (INTS,), (3, 4)),
    ("return torch.floor_divide(x, 2)", (INTS,), (3, 10)),
    ("return torch.floor_divide(x, 2)", (FLOATS,), (3, 10)),
    ("return torch.full([2], 1)", (INTS,), (1, 4, 5)),
    ("return torch.full([2], 1.5)", (INTS,), (4, 5)),
    ("return torch.full([2], True)", (INTS,), (4, 5)),
    ("return torch.full([2], 1, dtype=4)", (INTS,), (4, 5)),
    ("return torch.full([2], 1, dtype=6)", (INTS,), (4, 5)),
    ("return torch.full([3], 2, out=x)", (INTS,), (4, 5)),
    ("return torch.linspace(0, 1)", (INTS,), (7,)),
    ("return torch.linspace(0, 1, None)", (INTS,), (7,)),
    ("return torch.linspace(0, 1, 5)", (INTS,), (7, 8)),
    ("return torch.linspace(0, 1, 5, dtype=7)", (INTS,), (7, 8)),
    ("return torch.linspace(0, 1, None, dtype=7)", (INTS,), (7,)),
    ("return torch.logspace(0, 1)", (INTS,), (8,)),
    ("return torch.logspace(0, 1, None, 2.)", (INTS,), (8,)),
    ("return torch.logspace(0, 2, 3)", (INTS,), (8, 9)),
    ("return torch.logspace(0, 3, 4, 2.)", (INTS,), (8, 9)),
    ("return torch.gelu(x)", (FLOATS,), (9, 10)),
    ("return torch.gelu(x, out=torch.zeros_like(x))", (FLOATS,), (9, 10)),
    ('return torch.gelu(x, approximate="tanh")', (FLOATS,), (10,)),
    ("return torch.mul(torch.div(torch.add(x, 1), 2), 2)", (INTS,), (3, 4)),
    ("if torch.gt(torch.size(x, 0), 1):\n  y = torch.div(x, 2)\nelse:\n  y = x\nreturn y", (INTS,), (3, 4)),
    ("def __forked_function():\n  return torch.div(x, 2)\nf = fork(__forked_function)\nreturn torch.wait(f)", (INTS,), (4,)),
]


@pytest.mark.parametrize("body, args, version", [(b, a, v) for b, a, versions in CASES for v in versions], ids=lambda v: str(v).replace("\n", " ")[:60])
def test_operator_version(body, args, version, tmp_path, tsrun):
    path, old = str(tmp_path / "new.pt"), str(tmp_path / "old.pt")
    save_source("def forward(self: __torch__.test_programs.Template, x: Tensor):\n" + textwrap.indent(body, "  "), path)
    with zipfile.ZipFile(path) as new, zipfile.ZipFile(old, "w") as out:
        for entry in new.namelist():
            root, _, name = entry.partition("/")
            if name in ("version", ".data/version"):
                out.writestr(f"{root}/{'.data/version' if version >= 6 else 'version'}", f"{version}\n")
            else:
                out.writestr(entry, new.read(entry))
    reference, module = torch.jit.load(old), tsrun.load(old)
    try:
        want, refused = reference(*(a.clone() for a in args)), None
    except Exception as e:
        refused = message(e)
    if refused:
        with pytest.raises(tsrun.Error):
            module(*(a.clone() for a in args))
        return
    assert module.version == version
    wrong = difference(native(module(*(a.clone() for a in args))), want)
    assert not wrong, wrong
