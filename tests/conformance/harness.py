"""Runs the cases of a family: compiled into one archive, executed by PyTorch and by tsrun in this process, compared."""

import hashlib
import io
import math  # noqa: F401: a name for the sources of cases
import os
import re
from typing import Any, Dict, List, Optional, Tuple, Union  # noqa: F401: names for the sources of cases

import torch
import torch.nn.functional as F  # noqa: F401
from torch import Tensor  # noqa: F401

from agreement import arguments_difference, difference, kind_of, native


class Empty(torch.nn.Module):
    pass


class Family:
    """All cases of one list in one archive; `broken` holds, by index, why a case could not be compiled."""

    def __init__(self, name, cases, folder, tsrun):
        self.cases, self.broken = cases, {}
        texts = [c.text(f"c{i}") for i, c in enumerate(cases)]
        key = hashlib.sha256("".join(texts).encode() + torch.__version__.encode()).hexdigest()[:16]
        path = os.path.join(folder, f"{name}.{key}.pt")
        module, failed = compile_all(texts, {})
        if failed:  # a definition that fails leaves the module unfit to be saved
            module, _ = compile_all(texts, failed)
        self.broken.update(failed)
        for i in set(range(len(cases))) - set(failed):
            found = operators(getattr(module, f"c{i}").inlined_graph)
            if cases[i].operator not in found:
                self.broken[i] = f"the program does not contain {cases[i].operator} but " + ", ".join(sorted(found))
        buffer = io.BytesIO()
        torch.jit.save(module, buffer)
        os.makedirs(folder, exist_ok=True)
        with open(path, "wb") as f:
            f.write(buffer.getvalue())
        self.reference, self.runtime = torch.jit.load(io.BytesIO(buffer.getvalue())), tsrun.load(path)
        self.error = tsrun.Error

    def check(self, index):
        """Raises AssertionError with one line that says what differs."""
        case, method = self.cases[index], f"c{index}"
        assert index not in self.broken, f"the case itself is wrong: {self.broken[index]}"
        want_args, got_args = case.arguments(), case.arguments()
        with torch.no_grad():
            try:
                want, refused = getattr(self.reference, method)(*want_args), None
            except Exception as e:
                refused = message(e)
        assert case.raises == (refused is not None), f"the case itself is wrong: PyTorch {'raises ' + refused if refused else 'accepts it'}"
        try:
            got = native(getattr(self.runtime, method)(*got_args))
        except self.error as e:
            assert refused is not None, f"{kind_of(e)}: {e}"
            assert kind_of(e) == "model", f"{kind_of(e)} error instead of the model's: {e}"
            return
        assert refused is None, f"no error, but PyTorch raises: {refused}"
        if case.form:
            want, got = zeroed(want), zeroed(got)
        wrong = difference(got, want, case.strides) or arguments_difference(got_args, want_args, case.arguments())
        assert not wrong, wrong


def compile_all(texts, without):
    """(a module with all texts but those, by index the reasons of the texts that do not compile)"""
    module, failed = torch.jit._recursive.create_script_module(Empty(), lambda m: [], share_types=False), {}
    for i, text in enumerate(texts):
        if i not in without:
            try:
                module.define(text)
            except Exception as e:
                failed[i] = str(e).strip()
    return module, failed


def zeroed(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else type(value)(zeroed(v) for v in value)


def operators(graph):
    """Names with overloads of the operators in a graph; those without a schema by kind."""
    found, blocks = set(), [graph]
    while blocks:
        for node in blocks.pop().nodes():
            found.add(node.kind() if node.schema() == "(no schema)" else re.split(r"[( ]", node.schema())[0])
            blocks += node.blocks()
    return found


def message(error):
    """The last line of an error of the TorchScript interpreter: what the model or the operator said."""
    lines = str(error).strip().splitlines()
    marked = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception|Warning|Stop\w+)(:|$)", line)]
    return (marked or lines or [""])[-1]
