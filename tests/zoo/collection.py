"""The table of the zoo: small variants of the architectures that libraries offer, with random weights.

An entry has a library, a name and a function that makes the network and the calls on it. It is saved in each of its forms, `scripted`
and `traced`, as
    LIBRARY/NAME-FORM.KEY.pt        the TorchScript archive
    LIBRARY/NAME-FORM.KEY.calls.pt  a list of {"args", "expected"}, or of {"args", "raises"} where PyTorch refuses the input
    LIBRARY/NAME-FORM.KEY.refused   instead of the two: why PyTorch itself cannot make the file
KEY depends on what the entry says and on the versions of the libraries, so a changed entry is made again.
"""

import copy
import dataclasses
import hashlib
import importlib.metadata
import importlib.util
import inspect
import os
import pathlib
import re
import sys
from typing import Callable

import torch

from registry import GENERATOR_SEED, plain, quiet

FORMS = ("scripted", "traced")


@dataclasses.dataclass
class Sample:
    module: torch.nn.Module
    calls: list  # tuples of arguments; the first one is what a trace is made with


@dataclasses.dataclass(frozen=True)
class Entry:
    library: str
    name: str
    make: Callable[..., Sample]  # called with `details`, after torch.manual_seed(0)
    details: dict
    forms: tuple = FORMS
    packages: tuple = ()  # distributions it needs
    large: bool = False  # its files are not kept

    @property
    def id(self):
        return f"{self.library}/{self.name}"

    def missing(self):
        """The packages that are not installed."""
        return [p for p in self.packages if version(p) is None]

    def stem(self, folder, form):
        source = sources(self.make, repr(sorted(self.details.items()))) + form
        source += torch.__version__ + "".join(f"{p}{version(p)}" for p in self.packages)
        key = hashlib.sha256(source.encode()).hexdigest()[:10]
        return os.path.join(folder, self.library, f"{self.name}-{form}.{key}")


def sources(make, details):
    """The text an entry is made from: its function, what that and the details name in the same file, and so on."""
    here, texts, wanted = vars(sys.modules[make.__module__]), {"": details}, {make.__name__}
    while wanted:
        name = wanted.pop()
        texts[name] = inspect.getsource(here[name])
        for word in re.findall(r"\w+", texts[name] + details):
            if word not in texts and getattr(here.get(word), "__module__", None) == make.__module__:
                wanted.add(word)
    return "".join(text for _, text in sorted(texts.items()))


ENTRIES = {}


def entry(library, name, make, forms=FORMS, packages=(), large=False, **details):
    made = Entry(library, name, make, details, forms, packages, large)
    if made.id in ENTRIES:
        raise ValueError(f"two entries are called {made.id}")
    ENTRIES[made.id] = made


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def build(made, form, folder):
    """Writes the files of one entry unless they are there. Returns (path of the archive, calls, None) or (None, None, why PyTorch refuses)."""
    stem = made.stem(folder, form)
    model, calls, refused = stem + ".pt", stem + ".calls.pt", stem + ".refused"
    if os.path.exists(refused):
        return None, None, pathlib.Path(refused).read_text()
    if not (os.path.exists(calls) and os.path.exists(model)):
        os.makedirs(os.path.dirname(stem), exist_ok=True)
        with quiet(), torch.no_grad():
            torch.manual_seed(0)
            sample = made.make(**made.details)
            try:
                archive = compiled(sample, form)
                torch.jit.save(archive, model)
                loaded = torch.jit.load(model)
                first = answer(loaded, sample.calls[0])
            except Exception as e:
                reason = f"{type(e).__name__}: {told(e)}"
                pathlib.Path(refused).write_text(reason)
                return None, None, reason
            done = [first] + [answer_or_error(loaded, args) for args in sample.calls[1:]]
            torch.save(done, calls + ".part")
            os.replace(calls + ".part", calls)
    return model, torch.load(calls, weights_only=True), None


def compiled(sample, form):
    module = sample.module.eval()
    if form == "scripted":
        return torch.jit.script(module)
    return torch.jit.trace(module, copy.deepcopy(sample.calls[0]), check_trace=False, strict=False)


def answer(module, args):
    torch.manual_seed(GENERATOR_SEED)
    return {"args": args, "expected": plain(module(*copy.deepcopy(args)))}


def answer_or_error(module, args):
    try:
        return answer(module, args)
    except Exception as e:
        return {"args": args, "raises": told(e)}


def told(error):
    """What an error says; a scripted program's shows the place in its source last."""
    lines = [line for line in str(error).strip().splitlines() if line.strip() and "<--- HERE" not in line]
    return (lines or [""])[0 if "HERE" in str(error) else -1][:300]
