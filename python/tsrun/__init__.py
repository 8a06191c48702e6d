"""Runs TorchScript files without PyTorch.

    import tsrun
    model = tsrun.load("model.pt")
    y = model(x)            # x: a NumPy array, or anything with __dlpack__; y: tsrun.Tensor
    y.numpy()               # shares its memory
"""

from __future__ import annotations

import collections
import functools
import keyword
import os
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union

from . import _core
from ._core import Object, Tensor, available_isas, isa, set_isa, verify

__all__ = [
    "Argument", "Device", "Error", "Method", "Module", "Object", "Session", "Tensor", "available_isas", "isa", "load", "load_values",
    "operators", "save_values", "set_isa", "verify",
]  # fmt: skip
__version__: str = _core.version()


class Error(RuntimeError):
    """What every failure raises.

    `kind` is one of "usage", "malformed", "unsupported", "model", "limit", "internal"; `trace` holds the Python lines of the model that
    led there, and is empty when there are none.
    """

    def __init__(self, message: str, kind: str = "internal", trace: str = ""):
        super().__init__(message)
        self.kind = kind
        self.trace = trace

    def __reduce__(self):
        return Error, (str(self), self.kind, self.trace)


class Device(str):
    """A device that a model names, such as "cpu" or "cuda:0". Everything is computed on the CPU."""


@functools.cache
def _named_tuple_class(name: str, fields: Tuple[str, ...]) -> type:
    return collections.namedtuple(name if name.isidentifier() and not keyword.iskeyword(name) else "NamedTuple", fields, rename=True)


def _named_tuple(name: str, fields: List[str]) -> type:
    """The class of a model's named tuples, the same from call to call."""
    return _named_tuple_class(name, tuple(fields))


class Argument(NamedTuple):
    name: str
    type: str
    has_default: bool


class Method:
    """A method of a module; call it."""

    def __init__(self, owner: Any, name: str, arguments: List[Argument], result: str):
        self._owner = owner
        self.name = name
        self.arguments = arguments
        self.result = result

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._owner.run(self.name, args, kwargs)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{a.name}: {a.type}" + (" = ..." if a.has_default else "") for a in self.arguments)
        return f"{self.name}({arguments}) -> {self.result}"


class _Callable:
    """What modules and sessions share: calling forward and the other methods by name."""

    _core: Any
    _methods: Dict[str, Tuple[List[Argument], str]]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs forward, with the module's hooks. The GIL is released meanwhile."""
        return self._core.call(args, kwargs)

    def method(self, name: str) -> Method:
        """The method of that name."""
        if name not in self._methods:
            raise Error(f"there is no method '{name}'; there are: {', '.join(self._methods)}", "usage")
        arguments, result = self._methods[name]
        return Method(self._core, name, arguments, result)

    @property
    def methods(self) -> Dict[str, Method]:
        """All methods by name."""
        return {name: self.method(name) for name in self._methods}


class Module(_Callable):
    """A TorchScript module. Calls may come from several threads at once.

    Methods and attributes of the module are attributes of this object where the names do not collide; method() and attribute() always
    reach them.
    """

    def __init__(self, core: Any, source: Optional[tuple] = None):
        self._core = core
        self._source = source
        self._methods = {n: ([Argument(*a) for a in arguments], result) for n, arguments, result in core.methods()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("_core", "_methods", "_source"):
            raise AttributeError(name)
        if name in self._methods:
            return self.method(name)
        try:
            return self._core.attribute(name)
        except Error as e:
            raise AttributeError(str(e)) from None

    def attribute(self, name: str) -> Any:
        """An attribute; "sub.weight" reaches into submodules."""
        return self._core.attribute(name)

    def set_attribute(self, name: str, value: Any) -> None:
        """Changes an attribute for all later calls."""
        self._core.set_attribute(name, value)

    def parameters(self) -> Dict[str, Tensor]:
        return {name: tensor for name, tensor, is_parameter, _ in self._core.tensors() if is_parameter}

    def buffers(self) -> Dict[str, Tensor]:
        return {name: tensor for name, tensor, _, is_buffer in self._core.tensors() if is_buffer}

    def state_dict(self) -> Dict[str, Tensor]:
        """Parameters and buffers by qualified name, sharing their memory."""
        return {name: tensor for name, tensor, *_ in self._core.tensors()}

    def train(self, mode: bool = True) -> "Module":
        self._core.train(mode)
        return self

    def eval(self) -> "Module":
        return self.train(False)

    def session(
        self, threads: int = 0, optimize: bool = True, seed: Optional[int] = None, max_memory: int = 0, exact: bool = False
    ) -> "Session":
        """Calls with a random generator, thread count and memory limit of their own; the arguments as those of load()."""
        return Session(self, _core.Session(self._core, threads, optimize, max_memory, exact, seed))

    def graph(self, method: str = "forward", optimized: bool = False) -> str:
        """The method's graph in PyTorch's notation, as written or as it is executed."""
        return self._core.graph(method, optimized)

    @property
    def code(self) -> Dict[str, str]:
        """The source files in the archive."""
        return self._core.code()

    def operators(self) -> List[Tuple[str, bool, List[str]]]:
        """Operators that the methods reach: name, whether tsrun has it, places in the code."""
        return self._core.operators()

    @property
    def version(self) -> int:
        """Version of PyTorch's operators the file was saved for."""
        return self._core.version()

    @property
    def type_name(self) -> str:
        return self._core.type_name()

    @property
    def files(self) -> List[Tuple[str, int]]:
        """Records of the archive with their sizes."""
        return self._core.files()

    @property
    def extra_files(self) -> Dict[str, bytes]:
        return self._core.extra_files()

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *self._methods]

    def __repr__(self) -> str:
        return f"<tsrun.Module {self.type_name}: {', '.join(self._methods)}>"

    def __reduce__(self):
        if self._source is None:
            raise TypeError("only a module loaded from a path can be pickled")
        return load, self._source


class Session(_Callable):
    """One stream of calls to a module; belongs to one thread at a time."""

    def __init__(self, module: Module, core: Any):
        self._core = core
        self._methods = module._methods
        self.module = module

    def __getattr__(self, name: str) -> Method:
        if name.startswith("_") or name not in self._methods:
            raise AttributeError(name)
        return self.method(name)

    def manual_seed(self, seed: int) -> None:
        """Restarts the random generator, as torch.manual_seed does."""
        self._core.manual_seed(seed)

    @property
    def memory_in_use(self) -> int:
        return self._core.memory_in_use()

    @property
    def peak_memory(self) -> int:
        return self._core.peak_memory()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: Any) -> None:
        pass


def load(
    file: Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, Any],
    threads: int = 0,
    optimize: bool = True,
    max_memory: int = 0,
    exact: bool = False,
) -> Module:
    """Opens a TorchScript file: a path (weights stay mapped), its bytes, or a file object.

    `threads` used by one call, 0 for all cores of this process; `optimize=False` runs the graph as written; `max_memory` in bytes for the
    tensors of one call, 0 for no limit; `exact` keeps convolutions from the faster algorithm that rounds more.
    """
    if isinstance(file, (str, os.PathLike)):
        source = (os.fspath(file), threads, optimize, max_memory, exact)
        return Module(_core.load_path(*source), source)
    content = file.read() if hasattr(file, "read") else file
    return Module(_core.load_bytes(bytes(content), threads, optimize, max_memory, exact))


def load_values(path: Union[str, "os.PathLike[str]"]) -> Any:
    """The value of a file of torch.save or NumPy: tensors in tuples, lists and dicts."""
    return _core.load_values(os.fspath(path))


def save_values(path: Union[str, "os.PathLike[str]"], value: Any) -> None:
    """Writes what torch.load(path, weights_only=True) reads back."""
    _core.save_values(os.fspath(path), value)


def operators() -> Iterator[Tuple[str, bool]]:
    """All operators of PyTorch by full name, and whether tsrun has them."""
    return iter(_core.all_operators())
