"""The committed models give the committed answers, through the command alone: needs neither PyTorch nor the Python module."""

import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
NAMES = sorted(p.name[: -len(".inputs.pt")] for p in HERE.glob("*.inputs.pt"))


@pytest.mark.parametrize("switches", ([], ["--no-opt"], ["--threads", "2"]), ids=("plain", "no-opt", "two-threads"))
@pytest.mark.parametrize("name", NAMES)
def test_answer(name, switches, command, tmp_path):
    out = tmp_path / "out.pt"
    model, inputs, expected = (str(HERE / f"{name}{kind}.pt") for kind in ("", ".inputs", ".expected"))
    ran = subprocess.run(
        [command, "run", model, "--inputs", inputs, "--output", str(out), *switches], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    compared = subprocess.run([command, "compare", str(out), expected], capture_output=True, text=True, timeout=120)
    assert compared.returncode == 0, compared.stdout + compared.stderr


@pytest.mark.parametrize("name", NAMES)
def test_compare_finds_the_answer_itself(name, command):
    model, inputs, expected = (str(HERE / f"{name}{kind}.pt") for kind in ("", ".inputs", ".expected"))
    done = subprocess.run(
        [command, "compare", model, "--inputs", inputs, "--expect", expected], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_compare_tells_a_difference(command):
    answers = [str(HERE / f"{name}.expected.pt") for name in ("simplenet", "sign_branch")]
    done = subprocess.run([command, "compare", *answers], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and done.stdout.strip()
