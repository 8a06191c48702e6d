"""The cases of one OpInfo entry and dtype: made with PyTorch into the cache, run in tsrun, compared.

PyTorch tests its operators from one database (`torch.testing._internal.common_methods_invocations.op_db`); samples.txt lists which
of its samples are used. Every distinct way to write a sample in TorchScript is a case; PyTorch's answer is the one of the saved and
reloaded archive, kept only if two runs agree bit for bit. Values agree within assert_close's defaults, or within the larger tolerance
that OpInfo grants the operator on the CPU. The "dtype" `error` stands for OpInfo's error inputs: they must be refused,
as wrong or as beyond a limit (a tensor has at most 64 dimensions).
"""

import copy
import functools
import hashlib
import io
import os
import pathlib
import random
import re
import warnings

import torch

from agreement import arguments_difference, difference, kind_of, native
from families import family
from harness import message
from variants import Skip, combine, take_tensors, variants

HERE = pathlib.Path(__file__).parent
TOLERANCE_TESTS = re.compile(
    r"test_(variant_consistency|out|compare_cpu|noncontiguous_samples|reference_numerics|numpy_ref|ref_|reference_masked)"
)
TOLERANCE_CLASSES = (
    None,
    "TestCommon",
    "TestJit",
    "TestUnaryUfuncs",
    "TestBinaryUfuncs",
    "TestReductions",
    "TestMasked",
    "TestBinaryUfuncsDevice",
)
MAX_ELEMENTS = 100_000
VERSION = 2  # of the cached files


@functools.cache
def samples_list():
    """{(operator, dtype): sample numbers}"""
    rows = (line.split() for line in (HERE / "samples.txt").read_text().splitlines() if line[:1] != "#")
    return {(name, dtype): set(map(int, numbers)) for name, dtype, *numbers in rows if OUTSIDE not in name}


@functools.cache
def entries():
    """OpInfo's entries by full name."""
    from torch.testing._internal.common_methods_invocations import op_db

    return {op.full_name: op for op in op_db}


OUTSIDE = "partial_views"  # reads storage outside the argument, which a tensor lent through DLPack does not carry


def samples(op, dtype, wanted):
    """Yields (number, call, tensors, sample) of the wanted samples that can be arguments of a TorchScript method."""
    seed = int(hashlib.sha256(f"{op.full_name}|{dtype}|".encode()).hexdigest()[:8], 16)
    torch.manual_seed(seed), random.seed(seed)
    source = (
        (e.sample_input for e in op.error_inputs("cpu"))
        if dtype == "error"
        else op.sample_inputs("cpu", getattr(torch, dtype), requires_grad=False)
    )
    for number, sample in enumerate(source):
        tensors = []
        call = take_tensors((sample.input, list(sample.args), sample.kwargs), tensors)
        plain = all(
            type(t) in (torch.Tensor, torch.nn.Parameter)
            and not t.is_nested
            and t.layout is torch.strided
            and t.device.type == "cpu"
            and not any(getattr(t, "names", ()))
            for t in tensors
        )
        if number in wanted and plain and sum(t.numel() for t in tensors) <= MAX_ELEMENTS:
            yield number, call, [t.detach() for t in tensors], sample


def tolerance(op, dtype):
    """(rtol, atol): the largest CPU tolerance that OpInfo grants in tests of forward values, or None."""
    from torch.testing._internal.common_device_type import toleranceOverride

    found = []
    for d in op.decorators:
        on_cpu = getattr(d, "device_type", None) in (None, "cpu") and getattr(d, "cls_name", None) in TOLERANCE_CLASSES
        if on_cpu and TOLERANCE_TESTS.match(getattr(d, "test_name", None) or "test_out"):
            found += [o.d[dtype] for o in getattr(d, "decorators", [d]) if isinstance(o, toleranceOverride) and dtype in o.d]
    return (max(t.rtol for t in found), max(t.atol for t in found)) if found else None


def graph_text(module):
    graph = module.m0.inlined_graph.copy()
    torch._C._jit_pass_erase_shape_information(graph)
    return re.sub(r" +#.*|__torch__[\w.]+|\"m0\"", "", str(torch._C._jit_pass_canonicalize(graph, False)))


def plain(x):
    if isinstance(x, torch.Tensor):
        if x.layout is not torch.strided or x.is_nested:
            raise Skip("sparse or nested result")
        return x.detach().resolve_conj().resolve_neg().clone()
    if isinstance(x, (tuple, list)):
        return (tuple if isinstance(x, tuple) else list)(plain(v) for v in x)
    return {k: plain(v) for k, v in x.items()} if isinstance(x, dict) else x


def saved(module):
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    return buffer.getvalue()


def evaluate(blob, tensors):
    """(result, arguments afterwards, whether random numbers were drawn)"""
    module, args = torch.jit.load(io.BytesIO(blob)), copy.deepcopy(tuple(tensors))
    torch.manual_seed(1)
    before = torch.get_rng_state()
    return plain(module.m0(*args)), args, not torch.equal(before, torch.get_rng_state())


def answer(variant, tensors, raising):
    """PyTorch's answer to one variant as a case without a name; raises Skip or PyTorch's own error when it is no case."""
    blob, seeded = saved(combine([variant], [False])), False
    if raising:
        try:
            evaluate(blob, tensors)
        except Skip:
            raise
        except Exception as e:
            return {"inputs": tensors, "error": message(e), "seeded": False}
        raise Skip("no error where OpInfo expects one")
    result, after, draws = evaluate(blob, tensors)
    if draws:
        blob, seeded = saved(combine([variant], [True])), True
        result, after, _ = evaluate(blob, tensors)
    if difference(evaluate(blob, tensors)[0], result, tolerance=(0, 0)):
        raise Skip("two runs differ")
    torch.use_deterministic_algorithms(True, warn_only=True)  # fills fresh memory with NaN
    try:
        if not seeded and difference(evaluate(blob, tensors)[0], result):
            raise Skip("depends on uninitialised memory")
    finally:
        torch.use_deterministic_algorithms(False)
    return {"inputs": tensors, "expected": result, "after": list(after), "seeded": seeded}


def make(name, dtype, path):
    """Writes the archive `path` and, beside it, its cases; nothing but an empty list where no sample can be compiled."""
    op, kept, cases = entries()[name], [], []
    raising = dtype == "error"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, call, tensors, sample in samples(op, dtype, samples_list()[name, dtype]):
            seen = set()
            for build in variants(op, call, tensors, sample, scripts_only=raising):
                try:
                    variant = build()
                    text = graph_text(combine([variant], [False]))
                    if text not in seen:
                        seen.add(text)
                        cases.append({**answer(variant, tensors, raising), "name": f"{number}.{variant.style}"})
                        kept.append(variant)
                except Exception:  # not expressible in TorchScript, or PyTorch itself has no stable answer: no case
                    continue
        module = combine(kept, [c["seeded"] for c in cases])
        torch.jit.save(module, path)
        module = torch.jit.load(path)
        for i, case in enumerate(cases):
            case["method"] = f"m{i}"
        if not raising:  # equal constants are stored once for all methods: one that changes its constant would disturb the others
            cases = [c for c in cases if not difference(plain(getattr(module, c["method"])(*copy.deepcopy(c["inputs"]))), c["expected"])]
        granted = None if raising else tolerance(op, getattr(torch, dtype))
        torch.save({"cases": cases, "tolerance": granted}, path + ".cases.part")
        os.replace(path + ".cases.part", path + ".cases")


def parts_of_one(tensors):
    """Whether two tensors are different parts of one storage: lent through DLPack, they no longer are."""
    parts = {(t.untyped_storage().data_ptr(), t.data_ptr()) for t in tensors if t.numel()}
    return len(parts) > len({storage for storage, _ in parts})


def failures(name, dtype, folder, tsrun):
    """(number of cases, [(case, what is wrong)]) of one entry and dtype."""
    path = os.path.join(folder, f"{name}.{dtype}.v{VERSION}.pt")
    if not os.path.exists(path + ".cases"):
        os.makedirs(folder, exist_ok=True)
        make(name, dtype, path)
    made = torch.load(path + ".cases", weights_only=True)
    cases = [c for c in made["cases"] if not parts_of_one(c["inputs"])]
    if not cases:
        return 0, []
    module = tsrun.load(path)
    precise = functools.cache(lambda: torch.jit.load(path)) if dtype in ("float32", "complex64") else None
    order = in_order_of if name in UNORDERED else None
    wrong = ((c["name"], check(getattr(module, c["method"]), c, made["tolerance"], tsrun.Error, precise, order)) for c in cases)
    return len(cases), [(case, what) for case, what in wrong if what]


def check(method, case, granted, error, precise, order):
    args = copy.deepcopy(tuple(case["inputs"]))
    try:
        got = native(method(*args))
    except error as e:
        if "error" in case:
            return None if kind_of(e) in ("model", "limit") else f"{kind_of(e)}: {e}"
        return f"{kind_of(e)}: {e}"
    if "error" in case:
        return f"accepted, but PyTorch raises: {case['error']:.100}"
    if order:
        got = order(case["expected"], got)
    changed = difference(got, case["expected"], tolerance=granted) or arguments_difference(args, case["after"], case["inputs"], tolerance=granted)
    return None if changed and precise and as_near(getattr(precise(), case["method"]), case, got) else changed


UNORDERED = ("linalg.eig", "linalg.eigvals")


def in_order_of(want, got):
    """Eigenvalues, and the vectors beside them, in the order of PyTorch's: it is LAPACK's, and changes with the precision."""
    values, wanted = (x[0] if isinstance(x, tuple) else x for x in (got, want))
    if values.shape != wanted.shape or not values.numel():
        return got
    places = torch.empty(wanted.shape, dtype=torch.int64)
    for row, left, found in zip(*(x.reshape(-1, x.shape[-1]) for x in (wanted, values.clone(), places))):
        for i, value in enumerate(row):
            found[i] = (left - value).abs().argmin()
            left[found[i]] = float("inf")
    values = values.gather(-1, places)
    return (values, got[1].gather(-1, places.unsqueeze(-2).expand_as(got[1]))) if isinstance(got, tuple) else values


def as_near(method, case, got):
    """Whether a result lies at most twice as far from the answer in double precision as PyTorch's: where large terms cancel, two
    orders of summation differ by more than assert_close grants, though neither is wrong."""
    wide = {torch.float32: torch.float64, torch.complex64: torch.complex128}
    try:
        exact = method(*(t.to(wide.get(t.dtype, t.dtype)) for t in case["inputs"]))
    except RuntimeError:  # a constant or a conversion holds on to the dtype
        return False
    tensors = [(x,) if isinstance(x, torch.Tensor) else x for x in (got, case["expected"], exact)]
    if not all(isinstance(x, (tuple, list)) and all(isinstance(t, torch.Tensor) for t in x) for x in tensors):
        return False
    distance = lambda a, b: (a - b).abs().max().item() if a.numel() else 0.0  # noqa: E731
    return all(w.dtype in wide and g.dtype == w.dtype and distance(g, e) <= 2 * distance(w, e) for g, w, e in zip(*tensors, strict=True))


def group(name):
    return family(entries()[name])
