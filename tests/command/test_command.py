"""The command as a user meets it: inputs and outputs of every form, and refusals that say in one line what is wrong and where."""

import json
import pathlib
import struct
import subprocess
import zipfile

import pytest

numpy = pytest.importorskip("numpy")

HERE = pathlib.Path(__file__).parent
DIGITS = HERE.parent.parent / "examples/digits"
USAGE, MALFORMED, UNSUPPORTED, MODEL = 2, 3, 4, 5


@pytest.fixture
def tsrun_command(command):
    def run(*args):
        return subprocess.run([command, *map(str, args)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)

    return run


def refused(done, code, *words):
    """Exit code, nothing on stdout, one line on stderr with these words (a model's own error may add its traceback)."""
    assert done.returncode == code, f"exit {done.returncode}: {done.stderr}"
    assert not done.stdout
    lines = done.stderr.strip().splitlines()
    assert lines and (len(lines) == 1 or code == MODEL), done.stderr
    for word in words:
        assert word in lines[0], f"'{word}' is not in: {lines[0]}"


def test_digit_is_recognised(tsrun_command, tmp_path):
    out = tmp_path / "scores.npy"
    done = tsrun_command(DIGITS / "digits.pt", DIGITS / "digit.npy", "-o", out)
    assert done.returncode == 0, done.stderr
    assert "float32" in done.stdout or "f32" in done.stdout
    scores = numpy.load(out)
    assert scores.shape == (1, 10) and scores.dtype == numpy.float32 and scores.argmax() == 3


@pytest.mark.parametrize("form", ("npy", "npz", "json", "pt"))
def test_output_forms(form, tsrun_command, tmp_path):
    out = tmp_path / f"scores.{form}"
    done = tsrun_command("run", DIGITS / "digits.pt", DIGITS / "digit.npy", "-o", out)
    assert done.returncode == 0, done.stderr
    if form == "npy":
        assert numpy.load(out).shape == (1, 10)
    elif form == "npz":
        with numpy.load(out) as z:
            assert [z[k].shape for k in z.files] == [(1, 10)]
    elif form == "json":
        json.loads(out.read_text())
    else:
        assert zipfile.is_zipfile(out)


def test_array_layouts_are_converted(tsrun_command, tmp_path):
    digit = numpy.load(DIGITS / "digit.npy")
    batch = numpy.concatenate([digit, digit * 0.5, digit.transpose(0, 1, 3, 2)])
    answers = []
    for name, array in (("plain", batch), ("fortran", numpy.asfortranarray(batch)), ("big", batch.astype(">f4"))):
        numpy.save(tmp_path / f"{name}.npy", array)
        out = tmp_path / f"{name}.out.npy"
        done = tsrun_command("run", DIGITS / "digits.pt", tmp_path / f"{name}.npy", "-o", out)
        assert done.returncode == 0, done.stderr
        answers.append(numpy.load(out))
    assert (answers[0] == answers[1]).all() and (answers[0] == answers[2]).all()


def test_npz_and_generated_inputs(tsrun_command, tmp_path):
    numpy.savez(tmp_path / "in.npz", x=numpy.load(DIGITS / "digit.npy"))
    for spec in (tmp_path / "in.npz", "zeros:2,1,8,8", "rand:2,1,8,8:f32"):
        done = tsrun_command("run", DIGITS / "digits.pt", spec)
        assert done.returncode == 0, done.stderr


def test_seed_decides_random_inputs(tsrun_command, tmp_path):
    outs = []
    for number, seed in enumerate((7, 7, 8)):
        out = tmp_path / f"{number}.npy"
        assert tsrun_command("run", DIGITS / "digits.pt", "rand:1,1,8,8:f32", "--seed", seed, "-o", out).returncode == 0
        outs.append(numpy.load(out))
    assert (outs[0] == outs[1]).all() and (outs[0] != outs[2]).any()


@pytest.mark.parametrize("verb", ("inspect", "ops", "verify"))
def test_verbs_that_run_nothing(verb, tsrun_command):
    done = tsrun_command(verb, DIGITS / "digits.pt")
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


@pytest.mark.parametrize("args", (("inspect", "--json"), ("ops", "--json")))
def test_json_is_json(args, tsrun_command):
    done = tsrun_command(args[0], DIGITS / "digits.pt", *args[1:])
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


def test_bench_json(tsrun_command):
    done = tsrun_command("bench", DIGITS / "digits.pt", DIGITS / "digit.npy", "--seconds", "0.1", "--threads", "1", "--json", "-")
    assert done.returncode == 0, done.stderr
    numbers = json.loads(done.stdout)
    assert len(numbers["ms"]) > 1 and {"load_ms", "first_ms", "peak_mb", "base_mb"} <= set(numbers)


BROKEN_MODELS = {
    "empty": b"",
    "text": b"this is no archive\n",
    "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "onnx": b"\x08\x07\x12\x07pytorch\x1a\x03" + bytes(64),
    "half": (DIGITS / "digits.pt").read_bytes()[:60_000],
    "no_end": (DIGITS / "digits.pt").read_bytes()[:-30],
}


@pytest.mark.parametrize("name", BROKEN_MODELS)
def test_broken_model(name, tsrun_command, tmp_path):
    path = tmp_path / f"{name}.pt"
    path.write_bytes(BROKEN_MODELS[name])
    refused(tsrun_command("run", path, DIGITS / "digit.npy"), MALFORMED, f"{name}.pt")


def test_missing_model(tsrun_command, tmp_path):
    refused(tsrun_command("run", tmp_path / "nowhere.pt", DIGITS / "digit.npy"), MALFORMED, "nowhere.pt")


def test_rezipped_model_runs(tsrun_command, tmp_path):
    path = tmp_path / "rezipped.pt"
    with zipfile.ZipFile(DIGITS / "digits.pt") as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, old.read(entry))
    done = tsrun_command("run", path, DIGITS / "digit.npy")
    assert done.returncode == 0, done.stderr


def rewritten(path, change):
    """The digits model with its entries passed through change(name, bytes), None leaving an entry out."""
    with zipfile.ZipFile(DIGITS / "digits.pt") as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for entry in old.namelist():
            data = change(entry, old.read(entry))
            if data is not None:
                new.writestr(entry, data)
    return path


def test_missing_record(tsrun_command, tmp_path):
    path = rewritten(tmp_path / "hole.pt", lambda name, data: None if name.endswith("data/7") else data)
    refused(tsrun_command("run", path, DIGITS / "digit.npy"), MALFORMED, "hole.pt", "data/7")


def test_short_record(tsrun_command, tmp_path):
    path = rewritten(tmp_path / "short.pt", lambda name, data: data[:64] if name.endswith("data/14") else data)
    refused(tsrun_command("run", path, DIGITS / "digit.npy"), MALFORMED, "short.pt")


def test_unknown_operator(tsrun_command, tmp_path):
    path = rewritten(
        tmp_path / "odd.pt", lambda name, data: data.replace(b"torch.relu(", b"torch.relux(") if name.endswith("functional.py") else data
    )
    refused(tsrun_command("run", path, DIGITS / "digit.npy"), UNSUPPORTED, "relux")


def test_syntax_error_in_code(tsrun_command, tmp_path):
    path = rewritten(
        tmp_path / "torn.pt", lambda name, data: data.replace(b"return", b"return return", 1) if name.endswith("functional.py") else data
    )
    done = tsrun_command("run", path, DIGITS / "digit.npy")
    assert done.returncode in (MALFORMED, UNSUPPORTED), done.stderr
    assert "functional.py" in done.stderr.splitlines()[0]


def test_wrong_inputs(tsrun_command, tmp_path):
    refused(tsrun_command("run", DIGITS / "digits.pt"), USAGE, "digits.pt")
    refused(tsrun_command("run", DIGITS / "digits.pt", DIGITS / "digit.npy", DIGITS / "digit.npy"), USAGE, "digits.pt")
    for options in [], ["--no-opt"]:  # both name the operator that the model's code calls
        refused(tsrun_command("run", DIGITS / "digits.pt", "zeros:2,3", *options), MODEL, "aten::conv2d: Expected 3D")
    refused(tsrun_command("run", DIGITS / "digits.pt", "zeros:1,2,8,8"), MODEL)
    refused(tsrun_command("run", DIGITS / "digits.pt", tmp_path / "absent.npy"), MALFORMED, "absent.npy")


def test_object_arrays_are_refused(tsrun_command, tmp_path):
    numpy.save(tmp_path / "object.npy", numpy.array([{"a": 1}], dtype=object), allow_pickle=True)
    refused(tsrun_command("run", DIGITS / "digits.pt", tmp_path / "object.npy"), MALFORMED, "object.npy")


def test_npy_that_lies_about_its_size(tsrun_command, tmp_path):
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1048576, 1048576, 1048576, 1048576), }"
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    path = tmp_path / "huge.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(64))
    refused(tsrun_command("run", DIGITS / "digits.pt", path), MALFORMED, "huge.npy")


def test_usage_errors(tsrun_command):
    refused(tsrun_command("run", DIGITS / "digits.pt", DIGITS / "digit.npy", "--method", "no_such"), USAGE, "no_such")
    refused(tsrun_command("run", "--no-such-switch"), USAGE)
    assert tsrun_command("--help").returncode == 0
