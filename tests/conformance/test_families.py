"""Every case of every family: `pytest -k 'aten::add.Tensor'` runs one operator's."""

import importlib
import pathlib

import pytest

from harness import Family

FAMILIES = {
    p.stem[len("cases_") :]: importlib.import_module(p.stem).CASES for p in sorted(pathlib.Path(__file__).parent.glob("cases_*.py"))
}
compiled = {}


def numbered():
    for family, cases in FAMILIES.items():
        for i, c in enumerate(cases):
            yield pytest.param(family, i, id=f"{family}{i} {c.name}")


@pytest.mark.parametrize("family, index", numbered())
def test_case(family, index, cache, tsrun):
    if family not in compiled:
        compiled[family] = Family(family, FAMILIES[family], cache / "conformance", tsrun)
    compiled[family].check(index)
