"""The table of rooms in docs/architecture.md: who may include whom. A room is a folder; an include goes upwards in the table, never down."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# From top to bottom. Prefixes of paths below the root; `include` is how files of the room are named in #include "...".
ROOMS = ["include/tsrun", "src/archive", "src/ir", "src/ops/kernels", "src/ops", "src/runtime", "tools/tsrun", "python"]
ALLOWED = {  # what a room may include besides itself
    "include/tsrun": [],
    "src/archive": ["include/tsrun"],
    "src/ir": ["include/tsrun"],
    "src/ops/kernels": ["include/tsrun/error.h"],
    "src/ops": ["include/tsrun", "src/ir", "src/ops/kernels"],
    "src/runtime": ["include/tsrun", "src/archive", "src/ir", "src/ops/kernels", "src/ops"],
    "tools/tsrun": ["include/tsrun"],
    "python": ["include/tsrun"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def room_of(path):
    """The room a path below the root lies in; the longest name that fits."""
    fitting = [r for r in ROOMS if path == r or path.startswith(r + "/")]
    return max(fitting, key=len) if fitting else None


def resolved(root, file, name):
    """The path of an included file below the root, or None for a file of the system."""
    for folder in (file.parent, root / "src", root / "include"):
        if (folder / name).is_file():
            return (folder / name).resolve().relative_to(root).as_posix()
    return None


def faults(root):
    """One line for each include that the table forbids."""
    found = []
    for file in sorted({p for r in ROOMS for p in (root / r).rglob("*") if p.suffix in (".h", ".cpp")}):
        path = file.relative_to(root).as_posix()
        room = room_of(path)
        for quote, name in INCLUDE.findall(file.read_text()):
            target = resolved(root, file, name)
            if target is None:
                if room == "include/tsrun" and ("/" in name or name.endswith(".h") or quote == '"'):
                    found.append(f"{path} includes {name}, which is not the standard library's")
                continue
            if room_of(target) == room or any(target == a or room_of(target) == a for a in ALLOWED[room]):
                continue
            found.append(f"{path} includes {target}")
    return sorted(set(found))


def test_includes_follow_the_table():
    assert not faults(ROOT)


def test_rooms_are_those_of_the_document():
    table = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    assert [name.strip("` ") for row in table[: len(ROOMS)] for name in row.split(",")][: len(ROOMS)] == ROOMS


@pytest.mark.parametrize(
    "path, line, wrong",
    (
        ("src/ops/kernels/a.cpp", '#include "tsrun/tensor.h"', True),
        ("src/ops/kernels/a.cpp", '#include "tsrun/error.h"', False),
        ("src/archive/a.cpp", '#include "ops/b.h"', True),
        ("src/ir/a.h", '#include "runtime/c.h"', True),
        ("src/ops/a.cpp", '#include "kernels/k.h"', False),
        ("src/runtime/a.cpp", '#include "ops/b.h"', False),
        ("tools/tsrun/a.cpp", '#include "ops/b.h"', True),
        ("include/tsrun/a.h", "#include <vector>", False),
        ("include/tsrun/a.h", "#include <zlib.h>", True),
        ("include/tsrun/a.h", "#include <Eigen/Core>", True),
        ("include/tsrun/a.h", '#include "ops/b.h"', True),
    ),
)
def test_checker(path, line, wrong, tmp_path):
    for name in ("include/tsrun/error.h", "include/tsrun/tensor.h", "src/ops/b.h", "src/ops/kernels/k.h", "src/runtime/c.h"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(line + "\n")
    assert bool(faults(tmp_path)) == wrong
