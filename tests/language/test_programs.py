"""Runs every program of the folders beside this file in PyTorch and in tsrun and compares what can be observed."""

import ctypes
import functools
import importlib.util
import io
import os
import pathlib
import sys
import tempfile
import textwrap
import zipfile

import pytest
import torch

import program
from agreement import difference, kind_of, native
from case import fresh
from harness import message

HERE = pathlib.Path(__file__).parent


@functools.cache  # a file is run once: PyTorch tells classes of two runs apart
def collect():
    return list(programs())


def programs():
    for path in sorted(HERE.glob("*/*.py")):
        name = f"language_{path.parent.name}_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        program.PROGRAMS.clear()
        spec.loader.exec_module(module)
        for p in program.PROGRAMS:
            p.topic = path.parent.name
            yield pytest.param(p, id=f"{path.parent.name}/{path.stem}/{p.name}".encode("ascii", "replace").decode())


class Printed:
    """What goes to standard output inside a with block, from Python and from C++ alike."""

    def __enter__(self):
        sys.stdout.flush()
        self.file, self.old_descriptor, self.old_stdout = tempfile.TemporaryFile(), os.dup(1), sys.stdout
        os.dup2(self.file.fileno(), 1)
        sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8", write_through=True)
        return self

    def __exit__(self, *exception):
        sys.stdout.close()
        ctypes.CDLL(None).fflush(None)
        os.dup2(self.old_descriptor, 1)
        os.close(self.old_descriptor)
        sys.stdout = self.old_stdout
        self.file.seek(0)
        self.text = self.file.read().decode("utf-8", "replace")
        self.file.close()


@functools.lru_cache(2)
def saved(p):
    """The bytes of the program's archive: a script function, or a module made without arguments."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.pt")
        save(p, path)
        return pathlib.Path(path).read_bytes()


def save(p, path):
    if isinstance(p.target, str):
        return save_source(p.target, path)
    made = p.target() if isinstance(p.target, type) else p.target
    if isinstance(made, torch.nn.Module):
        made.eval()
    if p.traced:
        torch.jit.trace(made, p.calls[0].args, check_trace=False).save(path)
    else:
        torch.jit.script(made).save(path)


TEMPLATE_HEAD = """class Template(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
"""


class Template(torch.nn.Module):
    def forward(self):
        pass


def save_source(text, path):
    """An archive of one module whose methods are `text`."""
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Template().eval()), buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry.endswith("test_programs.py"):
                data = (TEMPLATE_HEAD + textwrap.indent(text.strip("\n"), "  ") + "\n").encode()
            if not entry.endswith(".debug_pkl"):
                new.writestr(entry, data)


def run(module, call, error):
    """(result, printed text, arguments afterwards, error) of one call."""
    args, result, raised = fresh(call.args), None, None
    with Printed() as printed:
        try:
            entry = module if call.method == "forward" else getattr(module, call.method)
            result = entry(*args)
        except error as e:
            raised = e
    return result, printed.text, args, raised


@pytest.mark.parametrize("optimize", (True, False), ids=("passes", "as-written"))
@pytest.mark.parametrize("p", collect())
def test_program(p, optimize, tmp_path, tsrun):
    path = str(tmp_path / "program.pt")
    pathlib.Path(path).write_bytes(saved(p))
    reference, module = torch.jit.load(path), tsrun.load(path, threads=1, optimize=optimize)
    for number, call in enumerate(p.calls):
        where = f"call {number}, {call.method}{call.args!r:.80}"
        with torch.no_grad() if p.traced else torch.enable_grad():
            want, want_text, want_args, want_error = run(reference, call, Exception)
        got, got_text, got_args, got_error = run(module, call, tsrun.Error)
        if want_error is None:
            assert got_error is None, f"{where}: {kind_of(got_error)}: {got_error}"
        else:
            assert got_error is not None, f"{where}: no error, but PyTorch raises: {message(want_error)}"
            assert kind_of(got_error) == "model", f"{where}: {kind_of(got_error)} error: {got_error}"
            if isinstance(want_error, torch.jit.Error) or p.topic == "errors":
                said = message(want_error).partition(": ")[2]
                assert said in str(got_error), f"{where}: '{got_error}' instead of '{message(want_error)}'"
        wrong = difference(native(got), want, where=where) or difference(got_args, want_args, where=f"{where}: argument afterwards")
        assert not wrong, wrong
        assert got_text == want_text, f"{where}: printed {got_text!r} instead of {want_text!r}"
