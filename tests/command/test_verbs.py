"""Every verb and option of the command on a model that PyTorch saves here, and what PyTorch reads back."""

import json
import re
import subprocess

import numpy
import pytest

torch = pytest.importorskip("torch")

USAGE, MALFORMED, UNSUPPORTED, MODEL, LIMIT = 2, 3, 4, 5, 6
TRACE_LINES = 10


class Chain(torch.nn.Module):
    """Calls nest deeper than a traceback shows."""

    def __init__(self, depth: int):
        super().__init__()
        self.next = Chain(depth - 1) if depth > 0 else Bottom()

    def forward(self, x, k: int):
        return self.next(x, k)


class Bottom(torch.nn.Module):
    def forward(self, x, k: int):
        if k == 0:
            raise ValueError("k must not be zero")
        return x * k


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.chain = Chain(14)
        self.register_buffer("b", torch.ones(2))

    def forward(self, x, k: int = 1):
        return self.chain(x + self.b, k)

    @torch.jit.export
    def mixed(self, x, names: list[str], scale: float = 2.0):
        x.add_(1)
        return {"y": x * scale}, names, None

    @torch.jit.export
    def drop(self, x):
        return torch.nn.functional.dropout(x, 0.5, self.training)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verbs")
    torch.jit.save(torch.jit.script(Model()), folder / "m.pt")
    torch.save((torch.ones(2), 3), folder / "args.pt")
    torch.save({"x": torch.ones(2), "k": 3}, folder / "kw.pt")
    torch.save(torch.full((2,), 6.0), folder / "want.pt")
    torch.save({"w": torch.ones(2)}, folder / "state.pt")
    return folder


@pytest.fixture
def run(command, folder):
    def run(*args, code=0):
        done = subprocess.run([command, *map(str, args)], cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        assert done.returncode == code, f"exit {done.returncode}: {done.stderr}"
        if code > 1:
            assert not done.stdout and done.stderr.startswith("tsrun: ")
            assert len(done.stderr.splitlines()) <= (1 + TRACE_LINES if code == MODEL else 1), done.stderr
        return done.stderr if code > 1 else done.stdout

    return run


def test_value_comes_back_whole(run, folder):
    run("run", "m.pt", "-m", "mixed", "zeros:2", '["a", "b"]', "3", "-o", "out.pt", "--output-inputs", "in.pt", "--print", "none")
    y, names, nothing = torch.load(folder / "out.pt", weights_only=True)
    assert torch.equal(y["y"], torch.full((2,), 3.0)) and names == ["a", "b"] and nothing is None
    x, names, scale = torch.load(folder / "in.pt", weights_only=True)
    assert torch.equal(x, torch.ones(2)) and names == ["a", "b"] and scale == 3


def test_folder_of_outputs(run, folder):
    run("run", "m.pt", "-m", "mixed", "zeros:2", '["a"]', "-o", "out")
    assert (numpy.load(folder / "out/result_0_y.npy") == 2).all()
    assert json.loads((folder / "out/result.json").read_text()) == [{"y": {"dtype": "float32", "shape": [2], "data": [2, 2]}}, ["a"], None]


@pytest.mark.parametrize("words", (["--inputs", "args.pt"], ["--inputs", "kw.pt"], ["--arg", "x=ones:2", "--arg", "k=3"], ["ones:2", "3"]))
def test_ways_to_give_arguments(words, run):
    assert json.loads(run("m.pt", *words, "--json"))["data"] == [6, 6]


def test_negative_numbers_are_arguments(run):
    assert json.loads(run("m.pt", "ones:2", "-2", "--json"))["data"] == [-4, -4]


@pytest.mark.parametrize("words", ([], ["--no-opt"], ["--isa", "scalar"], ["--threads", "1"], ["--seed", "3"], ["--repeat", "3"]))
def test_options_do_not_change_the_result(words, run):
    assert json.loads(run("run", "m.pt", "ones:2", "2", "--json", *words))["data"] == [4, 4]


def test_training_mode(run, tmp_path):
    torch.jit.save(torch.jit.script(Model().eval()), tmp_path / "eval.pt")
    still = json.loads(run("run", tmp_path / "eval.pt", "-m", "drop", "ones:64", "--json"))["data"]
    dropped = json.loads(run("run", tmp_path / "eval.pt", "-m", "drop", "ones:64", "--json", "--train"))["data"]
    assert set(still) == {1} and set(dropped) == {0, 2}


def test_what_is_printed(run):
    assert run("m.pt", "ones:2", "--print", "none") == ""
    assert run("m.pt", "ones:2").startswith("float32 [2]  min 2")
    assert run("m.pt", "ones:2", "--print", "all").split() == ["2", "2", "[", "CPUFloatType{2}", "]"]


def test_inspect(run):
    assert "forward(x: Tensor, k: int = ...) -> Tensor" in run("inspect", "m.pt")
    assert "ops.prim.RaiseException(" in run("inspect", "m.pt", "--code")
    assert "prim::CallMethod" in run("inspect", "m.pt", "--graph") and "aten::add_" in run("inspect", "m.pt", "--graph", "mixed")
    assert run("inspect", "--graph", "m.pt") == run("inspect", "m.pt", "--graph")
    assert "prim::CallMethod" not in run("inspect", "m.pt", "--optimized")
    assert run("inspect", "m.pt", "--dot").startswith("digraph")
    assert {m["name"] for m in json.loads(run("inspect", "m.pt", "--json"))["methods"]} == {"forward", "mixed", "drop"}


def test_ops(run, tmp_path):
    every = json.loads(run("ops", "m.pt", "--json"))
    assert every["missing"] == 0 and {"aten::add.Tensor", "aten::dropout"} <= {o["name"] for o in every["operators"]}
    assert "test_verbs.py:" in run("ops", "m.pt")
    assert re.fullmatch(r"[1-9]\d* of \d+ operators are supported", run("ops", "--all").splitlines()[-1])
    run("ops", "m.pt", "--missing")
    run("ops", code=USAGE)


def test_bench_and_profile(run, folder):
    assert "median ms" in run("bench", "m.pt", "ones:2", "--seconds", "0.05", "--warmup", "1")
    run("bench", "m.pt", "ones:2", "--seconds", "0.05", "--json", "bench.json")
    assert {"ms", "load_ms", "first_ms", "peak_mb", "base_mb"} <= set(json.loads((folder / "bench.json").read_text()))

    profile = json.loads(run("profile", "m.pt", "ones:2", "--repeat", "4", "--json", "--trace", "trace.json", "--html", "profile.html"))
    operators = {o["name"]: o["count"] for o in profile["operators"]}
    assert profile["calls"] == 4 and operators.get("aten::add.Tensor", operators.get("aten::add")) == 1
    assert any("test_verbs.py" in line["name"] and "x + self.b" in line["name"] for line in profile["lines"])
    events = json.loads((folder / "trace.json").read_text())["traceEvents"]
    assert sum(e["name"] == "forward" for e in events) == 4 and all(e["dur"] >= 0 for e in events)
    page = (folder / "profile.html").read_text()
    assert "x + self.b" in page and "http" not in page
    assert "line" in run("profile", "m.pt", "ones:2", "--top", "1")


def test_compare(run):
    assert run("compare", "want.pt", "want.pt").startswith("equal")
    assert run("compare", "m.pt", "--inputs", "args.pt", "--expect", "want.pt").startswith("equal")
    difference = run("compare", "m.pt", "--inputs", "kw.pt", "--expect", "kw.pt", code=1)
    assert difference == "result: Tensor instead of Dict\n" or "instead of" in difference
    assert json.loads(run("compare", "args.pt", "kw.pt", "--json", code=1))["equal"] is False


def test_compare_says_where(run, folder):
    torch.save(torch.tensor([6.0, 6.1]), folder / "near.pt")
    assert "1 of 2 elements differ, most at [1]" in run("compare", "near.pt", "want.pt", code=1)
    run("compare", "near.pt", "want.pt", "--atol", "0.2")


def test_verify(run):
    assert all(line.startswith("ok ") for line in run("verify", "m.pt").splitlines())
    assert json.loads(run("verify", "m.pt", "--json"))["ok"]


@pytest.mark.parametrize("verb", ("run", "inspect", "ops", "bench", "profile", "compare", "verify"))
def test_help(verb, run):
    assert "--help" in run(verb, "--help")


def test_exception_of_the_model(run):
    lines = run("m.pt", "ones:2", "0", code=MODEL).splitlines()
    assert "ValueError: k must not be zero" in lines[0]
    assert len(lines) == 1 + TRACE_LINES and any(re.match(r" *\.\.\. \d+ more$", line) for line in lines)
    assert re.search(r"test_verbs\.py:\d+: raise ValueError", lines[-1]) and "test_verbs.py" in lines[1]


@pytest.mark.parametrize(
    "words, code, said",
    (
        (["m.pt"], USAGE, "'x'"),
        (["m.pt", "ones:2", "1", "2"], USAGE, "takes 2 arguments"),
        (["m.pt", '"text"'], USAGE, "expects Tensor"),
        (["m.pt", "ones:2", "1.5"], USAGE, "expects int"),
        (["m.pt", "ones:3"], MODEL, "size of tensor a (3) must match"),
        (["m.pt", "absent.npy"], MALFORMED, "absent.npy"),
        (["m.pt", "ones:2,b"], USAGE, "ones:2,b"),
        (["m.pt", "ones:2:f99"], USAGE, "f99"),
        (["m.pt", "--arg", "x"], USAGE, "NAME=VALUE"),
        (["m.pt", "ones:2", "--arg", "z=1"], USAGE, "'z'"),
        (["m.pt", "ones:2", "--isa", "mmx"], USAGE, "mmx"),
        (["m.pt", "ones:2", "--threads", "0"], USAGE, "--threads"),
        (["m.pt", "ones:2", "-o", "absent/x.npy"], USAGE, "absent/x.npy"),
        (["m.pt", "-m", "mixed", "ones:2", "[]", "-o", "x.npy"], USAGE, "x.npy"),
        (["m.pt", "-m", "drop", "zeros:65536", "--max-memory", "1KB", "--train"], LIMIT, "memory"),
        (["state.pt", "ones:2"], MALFORMED, "torch.jit.save"),
        (["absent.pt"], MALFORMED, "absent.pt"),
        ([], USAGE, "--help"),
        (["inspect"], USAGE, "inspect"),
    ),
)
def test_refusals(words, code, said, run, folder):
    before = sorted(folder.iterdir())
    assert said in run(*words, code=code)
    assert sorted(folder.iterdir()) == before
