"""How a program of the language suite is written down.

    @program((3,), (-1,))                 scripted, and called once for each tuple of arguments
    def absolute(n: int) -> int: ...

    @program((torch.ones(2),), Call("reset"), (torch.ones(2),))
    class Counter(nn.Module): ...         one instance; the calls go to it in order, so state shows

    @program((torch.ones(2),), traced=True)   traced with the first arguments instead

    table("s: str, n: int", [("ab", 2), ("", 0)],   one function of these parameters for each text, called with each tuple
          "s * n",                                  an expression it returns
          '''                                       or its body
          for i in range(n):
              s += str(i)
          return s
          ''')

    source("twice", TEXT, (2,))           TEXT is the class body as it stands in an archive, with forms that no compiler writes

The sources are Python files that PyTorch compiles at test time; what the program returns, prints, changes in its arguments and
raises in PyTorch is what it must do in tsrun.
"""

import dataclasses
import linecache
import math
import textwrap
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor, nn

PROGRAMS = []


@dataclasses.dataclass
class Call:
    method: str
    args: tuple = ()


@dataclasses.dataclass(eq=False)
class Program:
    name: str
    target: object
    calls: list
    traced: bool
    topic: str = ""


def program(*calls, traced=False):
    def register(target):
        entries = [c if isinstance(c, Call) else Call("forward", c) for c in calls or [()]]
        PROGRAMS.append(Program(target.__name__, target, entries, traced))
        return target

    return register


NAMES = dict(
    math=math, torch=torch, nn=nn, F=nn.functional, Tensor=Tensor, Any=Any, Dict=Dict, List=List, NamedTuple=NamedTuple,
    Optional=Optional, Tuple=Tuple, Union=Union,
)


def table(signature, calls, *texts, names={}):
    for text in texts:
        body = textwrap.dedent(text).strip("\n") if "\n" in text else f"return {text}"
        code = f"def f({signature}):\n" + textwrap.indent(body, "    ") + "\n"
        file = f"program {signature} {text}"
        linecache.cache[file] = (len(code), None, code.splitlines(True), file)  # where PyTorch looks for the source
        scope = {"__name__": __name__, **NAMES, **names}
        exec(compile(code, file, "exec"), scope)
        PROGRAMS.append(Program(" ".join(text.split())[:100], scope["f"], [Call("forward", c) for c in calls], False))


def source(name, text, *calls):
    entries = [c if isinstance(c, Call) else Call("forward", c) for c in calls or [()]]
    PROGRAMS.append(Program(name, textwrap.dedent(text), entries, False))
