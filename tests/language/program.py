"""How a program of the language suite is written down.

    @program((3,), (-1,))                 scripted, and called once for each tuple of arguments
    def absolute(n: int) -> int: ...

    @program((torch.ones(2),), Call("reset"), (torch.ones(2),))
    class Counter(nn.Module): ...         one instance; the calls go to it in order, so state shows

    @program((torch.ones(2),), traced=True)   traced with the first arguments instead

    source("twice", TEXT, (2,))           TEXT is the class body as it stands in an archive, with forms that no compiler writes

The sources are Python files that PyTorch compiles at test time; what the program returns, prints, changes in its arguments and
raises in PyTorch is what it must do in tsrun.
"""

import dataclasses
import textwrap

PROGRAMS = []


@dataclasses.dataclass
class Call:
    method: str
    args: tuple = ()


@dataclasses.dataclass
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


def source(name, text, *calls):
    entries = [c if isinstance(c, Call) else Call("forward", c) for c in calls or [()]]
    PROGRAMS.append(Program(name, textwrap.dedent(text), entries, False))
