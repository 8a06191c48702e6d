"""The table of test models: a name, and a function that builds it with the calls to make on it.

A model is written to a folder as
    NAME.pt            the TorchScript archive
    NAME.inputs.pt     the arguments of the first call, a tuple
    NAME.expected.pt   what PyTorch returns for it from the saved and reloaded archive
    NAME.calls.pt      every call in order, a list of {"method", "args", "expected"}: state is kept from one to the next
"""

import contextlib
import copy
import dataclasses
import os
import warnings

import torch

GENERATOR_SEED = 67280421310721  # where torch.Generator() and a fresh tsrun session start


@dataclasses.dataclass
class Call:
    args: tuple
    method: str = "forward"


@dataclasses.dataclass
class Model:
    module: torch.jit.ScriptModule
    calls: list


@dataclasses.dataclass(frozen=True)
class Options:
    full_size: bool = False  # images of 224 (inception 299) pixels where smaller ones do for a test


MODELS = {}


def model(name):
    def register(build):
        if name in MODELS:
            raise ValueError(f"two models are called {name}")
        MODELS[name] = build
        return build

    return register


@contextlib.contextmanager
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def script(module):
    with quiet():
        return torch.jit.script(module.eval())


def trace(module, *example):
    with quiet(), torch.no_grad():
        return torch.jit.trace(module.eval(), example, check_trace=False)


def settle(module, sample):
    """Gives an untrained network what training would: batch norms that know their inputs and differ by channel, and answers well below
    one, where assert_close's tolerance is absolute. Without it the signal dies or explodes in a deep network, and rounding with it."""
    norms = [m for m in module.eval().modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    momenta = [m.momentum for m in norms]
    for m in norms:
        torch.nn.init.uniform_(m.weight, 0.5, 1.0)
        torch.nn.init.uniform_(m.bias, 0.0, 1.0)
        m.momentum = 1.0
        m.train()
    with torch.no_grad():
        module(sample)
        for m, momentum in zip(norms, momenta):
            m.momentum = momentum
        last = [m for m in module.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))][-1]
        scale = 0.2 / module.eval()(sample).std()
        last.weight.mul_(scale)
        if last.bias is not None:
            last.bias.mul_(scale)
    return module


def plain(value):
    """Named tuples become tuples: their classes exist in the process that loaded the archive only."""
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(plain(v) for v in value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def answers(path, calls):
    """What PyTorch returns for the calls, on the archive as saved."""
    module = torch.jit.load(path)
    torch.manual_seed(GENERATOR_SEED)
    done = []
    with torch.no_grad():
        for call in calls:
            args = copy.deepcopy(call.args)
            entry = module if call.method == "forward" else getattr(module, call.method)
            done.append({"method": call.method, "args": call.args, "expected": plain(entry(*args))})
    return done


def paths(folder, name):
    stem = os.path.join(folder, name)
    return {kind: f"{stem}.{kind}.pt" for kind in ("inputs", "expected", "calls")} | {"model": f"{stem}.pt"}


def build(name, folder, options=Options()):
    """Writes one model unless it is there; returns the paths of its files. The last file written marks it complete."""
    os.makedirs(folder, exist_ok=True)
    files = paths(folder, name)
    if not os.path.exists(files["calls"]):
        torch.manual_seed(0)
        made = MODELS[name](options)
        made.module.save(files["model"])
        calls = answers(files["model"], made.calls)
        torch.save(calls[0]["args"], files["inputs"])
        torch.save(calls[0]["expected"], files["expected"])
        torch.save(calls, files["calls"] + ".part")
        os.replace(files["calls"] + ".part", files["calls"])
    return files
