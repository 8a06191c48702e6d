"""Every test model gives PyTorch's answers: in-process with state kept between calls, and through the command."""

import subprocess

import pytest
import torch

from agreement import difference, native
from build_models import MODELS, build


@pytest.fixture(scope="module")
def folder(cache):
    return str(cache / "models")


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
@pytest.mark.parametrize("name", MODELS)
def test_module(name, optimize, folder, tsrun):
    files = build(name, folder)
    module = tsrun.load(files["model"], optimize=optimize)
    for number, call in enumerate(torch.load(files["calls"], weights_only=True)):
        entry = module if call["method"] == "forward" else getattr(module, call["method"])
        wrong = difference(native(entry(*call["args"])), call["expected"])
        assert not wrong, f"call {number}, {call['method']}: {wrong}"


@pytest.mark.parametrize("name", MODELS)
def test_command(name, folder, command, tmp_path):
    files = build(name, folder)
    out = tmp_path / "out.pt"
    done = subprocess.run(
        [command, "run", files["model"], "--inputs", files["inputs"], "--output", str(out), "--print", "none"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    wrong = difference(torch.load(out, weights_only=True), torch.load(files["expected"], weights_only=True))
    assert not wrong, wrong
