"""The Python module as its user meets it."""

import io
import pathlib
import pickle
import threading

import pytest

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")


class Counter(torch.nn.Module):
    scale: float

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 2)
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.scale = 2.0

    def forward(self, x):
        self.count += 1
        return self.linear(x) * self.scale

    @torch.jit.export
    def shout(self, words: list[str], times: int = 2) -> str:
        print(words, times)
        return " ".join(words * times).upper()

    @torch.jit.export
    def fill(self, x: torch.Tensor, value: float):
        x.fill_(value)

    @torch.jit.export
    def fail(self, x: int) -> int:
        if x > 0:
            raise ValueError("too large: " + str(x))
        return x

    @torch.jit.export
    def noise(self, n: int):
        return torch.rand(n)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("module") / "counter.pt"
    torch.jit.script(Counter().eval()).save(str(path), _extra_files={"note.txt": b"hello"})
    return path


@pytest.fixture
def model(path, tsrun):
    return tsrun.load(path)


def test_call(model, path):
    x = torch.randn(3, 2)
    want = torch.jit.load(str(path))(x).detach()
    for argument in (x, x.numpy()):
        torch.testing.assert_close(torch.from_dlpack(model(argument)), want)
    torch.testing.assert_close(torch.from_dlpack(model(x=x)), want)


def test_methods(model, capsys):
    assert set(model.methods) >= {"forward", "shout", "fail"}
    assert model.shout(["a", "b"]) == "A B A B"
    assert model.method("shout")(["a"], times=1) == "A"
    assert capsys.readouterr().out == "[a, b] 2\n[a] 1\n"
    assert [tuple(a) for a in model.methods["shout"].arguments] == [("words", "List[str]", False), ("times", "int", True)]
    assert repr(model.methods["fail"]) == "fail(x: int) -> int"


def test_state_is_kept_and_can_be_set(model):
    model(numpy.zeros((1, 2), numpy.float32))
    model(numpy.zeros((1, 2), numpy.float32))
    assert model.count.item() == 2 and model.scale == 2.0
    model.set_attribute("scale", 0.0)
    assert model(numpy.ones((1, 2), numpy.float32)).tolist() == [[0, 0]]
    assert model.attribute("linear.weight").shape == (2, 2)
    assert list(model.parameters()) == ["linear.weight", "linear.bias"] and list(model.buffers()) == ["count"]


def test_in_place_effects_reach_the_caller(model):
    x = numpy.zeros(3, numpy.float32)
    model.fill(x, 4.0)
    assert x.tolist() == [4, 4, 4]


def test_errors(model, tsrun):
    with pytest.raises(tsrun.Error, match="too large: 5") as e:
        model.fail(5)
    assert e.value.kind == "model" and "raise ValueError" in e.value.trace
    for call in (lambda: model.shout(), lambda: model.shout(1), lambda: model.fail(1, 2), lambda: model.method("nothing"), lambda: model.fail(y=1)):
        with pytest.raises(tsrun.Error) as e:
            call()
        assert e.value.kind == "usage"
    with pytest.raises(AttributeError):
        model.nothing
    copy = pickle.loads(pickle.dumps(tsrun.Error("text", "limit", "trace")))
    assert (str(copy), copy.kind, copy.trace) == ("text", "limit", "trace")


def test_sources_of_a_model(path, tsrun):
    x = numpy.ones((1, 2), numpy.float32)
    want = tsrun.load(str(path))(x).tolist()
    content = path.read_bytes()
    for source in (content, bytearray(content), memoryview(content), io.BytesIO(content), pathlib.Path(path)):
        assert tsrun.load(source)(x).tolist() == want
    assert pickle.loads(pickle.dumps(tsrun.load(path)))(x).tolist() == want
    assert tsrun.load(path, threads=1, optimize=False)(x).numpy() == pytest.approx(numpy.array(want))
    with pytest.raises(tsrun.Error, match="cut off") as e:
        tsrun.load(content[:-30])
    assert e.value.kind == "malformed"


def test_what_a_file_holds(model, path):
    assert any("class Counter(Module)" in text for text in model.code.values())
    assert model.extra_files == {"note.txt": b"hello"}
    assert model.version >= 3 and model.type_name.endswith("Counter")
    assert any(name == "data.pkl" for name, _ in model.files)
    assert all(supported for _, supported, _ in model.operators())


def test_sessions_have_their_own_random_numbers(model):
    a, b = model.session(seed=1), model.session(seed=1)
    torch.manual_seed(1)
    want = torch.rand(4).tolist()
    assert a.noise(4).tolist() == b.method("noise")(4).tolist() == want
    with model.session() as s:
        s.manual_seed(1)
        assert s.noise(4).tolist() == want
        assert s.peak_memory >= 16


def test_threads_run_side_by_side(path, tsrun):
    model = tsrun.load(path, threads=1)
    x = numpy.random.rand(64, 2).astype(numpy.float32)
    want = model(x).tolist()
    wrong = []

    def work():
        for _ in range(50):
            if model(x).tolist() != want:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_instruction_sets(tsrun):
    best = tsrun.isa()
    assert best in tsrun.available_isas()
    with pytest.raises(tsrun.Error):
        tsrun.set_isa("abacus")
    assert any(name == "aten::relu" and has for name, has in tsrun.operators())
