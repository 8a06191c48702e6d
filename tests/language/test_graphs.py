"""The graphs of every program, as lowered and as optimised, are sound, and their text reads back as the same graph."""

import pytest

from test_programs import collect, saved


@pytest.mark.parametrize("p", collect())
def test_graphs(p, tmp_path, tsrun):
    path = tmp_path / "program.pt"
    path.write_bytes(saved(p))
    assert any("graphs are sound" in line for line in tsrun.verify(str(path)))
