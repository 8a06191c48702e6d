"""Values across the borders of the Python module: arrays in and out, files that PyTorch reads and writes."""

import collections
import enum
import gc
import math
from typing import List, NamedTuple

import pytest

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")

DTYPES = [
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8,
    torch.uint16, torch.uint32, torch.uint64, torch.bool, torch.complex64, torch.complex128, torch.float8_e4m3fn, torch.float8_e5m2,
]  # fmt: skip
NUMPY_DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


def through_file(tsrun, tmp_path, value):
    """`value` written by tsrun and read by PyTorch."""
    path = tmp_path / "value.pt"
    tsrun.save_values(path, value)
    return torch.load(path, weights_only=True)


def bits(x):
    x = x.contiguous()
    return x.view(torch.uint8) if x.dtype.itemsize == 1 and x.dtype != torch.bool else x


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_pytorch_reads_what_tsrun_writes(dtype, tsrun, tmp_path):
    x = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(dtype)
    torch.save(x, tmp_path / "in.pt")
    y = through_file(tsrun, tmp_path, tsrun.load_values(tmp_path / "in.pt"))
    assert y.dtype == dtype and y.shape == x.shape and torch.equal(bits(x), bits(y))


def test_every_kind_of_value_in_a_file(tsrun, tmp_path):
    value = {"tuple": (1, -(1 << 62), 2.5, math.inf), "list": [True, None, "text \u00e9", ""], "complex": 1 - 2j, 3: [], "nested": [[(), {}]]}
    assert through_file(tsrun, tmp_path, value) == value
    assert through_file(tsrun, tmp_path, tsrun.Device("cuda:1")) == torch.device("cuda:1")
    torch.save(value, tmp_path / "in.pt")
    assert tsrun.load_values(tmp_path / "in.pt") == value


def test_shared_memory_stays_shared_in_a_file(tsrun, tmp_path):
    base = torch.arange(100.0)
    torch.save((base[10:20], base[15:25:2], base[:0]), tmp_path / "in.pt")
    a, b, empty = through_file(tsrun, tmp_path, tsrun.load_values(tmp_path / "in.pt"))
    assert torch.equal(a, base[10:20]) and torch.equal(b, base[15:25:2]) and empty.shape == (0,)
    a[5] = -1
    assert b[0] == -1
    assert a.untyped_storage().nbytes() == 14 * 4


@pytest.mark.parametrize("save", ["new", "legacy", "protocol4"])
def test_files_of_pytorch(save, tsrun, tmp_path):
    options = {"new": {}, "legacy": {"_use_new_zipfile_serialization": False}, "protocol4": {"pickle_protocol": 4}}[save]
    layer = torch.nn.Linear(3, 2)
    torch.save(layer.state_dict(), tmp_path / "state.pt", **options)
    got = tsrun.load_values(tmp_path / "state.pt")
    assert list(got) == ["weight", "bias"]
    assert torch.equal(torch.from_dlpack(got["weight"]), layer.weight.detach())
    torch.save(collections.OrderedDict(a=torch.ones(2, dtype=torch.complex64).conj()), tmp_path / "conj.pt", **options)
    assert tsrun.load_values(tmp_path / "conj.pt")["a"].tolist() == [1, 1]


@pytest.mark.parametrize("name", NUMPY_DTYPES)
@pytest.mark.parametrize("order", ["C", "F", ">"])
def test_npy_files(name, order, tsrun, tmp_path):
    x = numpy.arange(6).reshape(2, 3).astype(name)
    stored = numpy.asfortranarray(x) if order == "F" else x.astype(x.dtype.newbyteorder(">")) if order == ">" else x
    numpy.save(tmp_path / "x.npy", stored)
    got = tsrun.load_values(tmp_path / "x.npy").numpy()
    assert got.dtype == x.dtype and numpy.array_equal(got, x)
    tsrun.save_values(tmp_path / "y.npy", x)
    assert numpy.array_equal(numpy.load(tmp_path / "y.npy"), x)


def test_npz_files(tsrun, tmp_path):
    numpy.savez(tmp_path / "x.npz", a=numpy.ones(2), b=numpy.int64(3))
    numpy.savez_compressed(tmp_path / "z.npz", a=numpy.zeros(1000))
    got = tsrun.load_values(tmp_path / "x.npz")
    assert got["a"].tolist() == [1, 1] and got["b"].item() == 3
    assert tsrun.load_values(tmp_path / "z.npz")["a"].shape == (1000,)
    tsrun.save_values(tmp_path / "y.npz", [numpy.ones(2), numpy.zeros((0, 3))])
    with numpy.load(tmp_path / "y.npz") as z:
        assert z["arr_0"].tolist() == [1, 1] and z["arr_1"].shape == (0, 3)


@pytest.mark.parametrize("array", [numpy.array(["a"]), numpy.array([{}], dtype=object), numpy.zeros(2, dtype="i4,f4")])
def test_arrays_without_numbers_are_refused(array, tsrun, tmp_path):
    numpy.save(tmp_path / "x.npy", array, allow_pickle=True)
    with pytest.raises(tsrun.Error) as e:
        tsrun.load_values(tmp_path / "x.npy")
    assert e.value.kind == "malformed" and "x.npy" in str(e.value)


def test_arrays_share_their_memory(tsrun):
    x = numpy.zeros((2, 3), numpy.float32)
    t = tsrun.Tensor(x)
    x[1, 2] = 5
    assert t.numpy()[1, 2] == 5 and torch.from_dlpack(t)[1, 2] == 5
    torch.from_dlpack(t)[0, 0] = 7
    assert x[0, 0] == 7
    view = tsrun.Tensor(x.T)
    assert view.shape == (3, 2) and view.strides == (1, 3) and view.dtype == "float32"
    assert numpy.shares_memory(view.numpy(), x)
    array = tsrun.Tensor(numpy.arange(10)).numpy()
    gc.collect()
    assert array.tolist() == list(range(10))


def test_arrays_that_cannot_be_shared_are_copied(tsrun):
    x = numpy.arange(4)
    assert tsrun.Tensor(x[::-1]).tolist() == [3, 2, 1, 0]
    x.flags.writeable = False
    assert not numpy.shares_memory(tsrun.Tensor(x).numpy(), x)
    w = torch.ones(2, requires_grad=True)
    assert tsrun.Tensor(w).tolist() == [1, 1]
    assert tsrun.Tensor(torch.tensor([1j]).conj()).tolist() == [-1j]


def test_tensor_looks_like_an_array(tsrun):
    t = tsrun.Tensor(numpy.ones((2, 3)))
    assert (t.shape, t.ndim, t.size, len(t), t.dtype) == ((2, 3), 2, 6, 2, "float64")
    assert repr(t) == "tsrun.Tensor(float64 [2, 3])"
    assert numpy.asarray(t).sum() == 6 and numpy.asarray(t, dtype="int32").dtype == numpy.int32
    with pytest.raises(tsrun.Error):
        tsrun.Tensor("no array")
    with pytest.raises(TypeError):
        len(tsrun.Tensor(numpy.float32(1).reshape(())))


def test_values_that_models_cannot_take(tsrun, tmp_path):
    loop = []
    loop.append(loop)
    for value in (object(), 1 << 64, loop, {(1, 2): 3}):
        with pytest.raises(tsrun.Error) as e:
            tsrun.save_values(tmp_path / "x.pt", value)
        assert e.value.kind == "usage"


class Point(NamedTuple):
    x: torch.Tensor
    y: int = 3


class Line(NamedTuple):
    a: Point
    others: List[Point]


@torch.jit.script
def line(p: Point) -> Line:
    return Line(Point(p.x + 1, p.y), [p])


def test_named_tuples(tsrun, tmp_path):
    path = str(tmp_path / "line.pt")
    line.save(path)
    module = tsrun.load(path)
    first, second = module(Point(torch.ones(2))), module((torch.ones(2), 5))
    assert (type(first).__name__, first._fields, first.a._fields) == ("Line", ("a", "others"), ("x", "y"))
    assert first.a.x.numpy().tolist() == [2, 2] and first.others[0].y == 3 and second.a.y == 5
    assert isinstance(first, tuple) and type(first) is type(second)


class Level(enum.IntEnum):
    LOW = 10
    HIGH = 20


class Colour(enum.Enum):
    RED = 1


@torch.jit.script
def names(level: Level, colour: Colour) -> str:
    return level.name + colour.name


def test_members_of_enums(tsrun, tmp_path):
    path = str(tmp_path / "names.pt")
    names.save(path)
    assert tsrun.load(path)(Level.HIGH, Colour.RED) == "HIGHRED"
    with pytest.raises(tsrun.Error, match="expects .*Level for argument 'level'"):
        tsrun.load(path)(15, Colour.RED)
