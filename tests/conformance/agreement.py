"""Whether a value of tsrun is the value PyTorch gives."""

import enum

import torch

observers = []  # called with every pair (got, want) of tensors of one form that are compared: the table of deviations listens


def native(value):
    """A result of tsrun with its tensors as PyTorch's, sharing memory."""
    if isinstance(value, torch.Tensor):
        return value
    if hasattr(value, "__dlpack__"):
        return torch.from_dlpack(value)
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(native(v) for v in value)
    if isinstance(value, dict):
        return {native(k): native(v) for k, v in value.items()}
    return value


def difference(got, want, strides=False, tolerance=None, where="result"):
    """None when `got` is `want`, else one line that says where they part.

    Types, shapes, dtypes, integers and strings must be equal; floating values within assert_close's defaults for their dtype, or
    within `tolerance` = (rtol, atol) where that is larger. Strides are compared on request, where they can be told apart.
    """
    if isinstance(want, torch.Tensor):
        return tensor_difference(got, want, strides, tolerance, where)
    if isinstance(want, (tuple, list)):
        kind = tuple if isinstance(want, tuple) else list
        if not isinstance(got, kind):
            return f"{where}: {type(got).__name__} instead of {kind.__name__}"
        if len(got) != len(want):
            return f"{where}: length {len(got)} instead of {len(want)}"
        parts = (difference(g, w, strides, tolerance, f"{where}[{i}]") for i, (g, w) in enumerate(zip(got, want)))
        return next((d for d in parts if d), None)
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return f"{where}: {type(got).__name__} instead of dict"
        if list(map(str, got)) != list(map(str, want)):
            return f"{where}: keys {list(got)!s:.80} instead of {list(want)!s:.80}"
        parts = (difference(g, w, strides, tolerance, f"{where}[{k!r}]") for (k, w), g in zip(want.items(), got.values()))
        return next((d for d in parts if d), None)
    if isinstance(want, enum.Enum):  # tsrun knows no classes of Python: it gives the member's value
        return None if got is want else difference(got, want.value, strides, tolerance, where)
    if isinstance(want, torch.device):
        return None if str(got) == str(want) else f"{where}: {got!r} instead of {want}"
    if type(got) is not type(want):
        return f"{where}: {got!r:.60} ({type(got).__name__}) instead of {want!r:.60} ({type(want).__name__})"
    if isinstance(want, (float, complex)):
        return tensor_difference(torch.tensor(got), torch.tensor(want), False, tolerance, where)
    return None if got == want else f"{where}: {got!r:.80} instead of {want!r:.80}"


def tensor_difference(got, want, strides, tolerance, where):
    if not isinstance(got, torch.Tensor):
        return f"{where}: {got!r:.60} ({type(got).__name__}) instead of a tensor"
    want, got = want.detach().resolve_conj().resolve_neg(), got.detach()
    if (got.dtype, got.shape) != (want.dtype, want.shape):
        return f"{where}: {got.dtype} {list(got.shape)} instead of {want.dtype} {list(want.shape)}"
    if strides and telling_strides(got) != telling_strides(want):
        return f"{where}: strides {got.stride()} instead of {want.stride()} for sizes {list(want.shape)}"
    for observe in observers:
        observe(got, want)
    rtol, atol = torch.testing._comparison.default_tolerances(want.dtype)
    if tolerance and (want.is_floating_point() or want.is_complex()):
        rtol, atol = (max(rtol, tolerance[0]), max(atol, tolerance[1])) if any(tolerance) else (0, 0)
    try:
        torch.testing.assert_close(got, want, rtol=rtol, atol=atol, equal_nan=True)
    except AssertionError as e:
        return f"{where}: values differ: " + "; ".join(filter(None, str(e).split("\n")[2:]))[:160]
    return None


def arguments_difference(got, want, before, tolerance=None):
    """Whether the arguments of a call were changed alike. A tensor that PyTorch gave another form (resize_, squeeze_) is left out:
    the caller's object lends its memory through DLPack, so its sizes cannot follow; the result of the call shows them."""
    kept = [i for i, (w, b) in enumerate(zip(want, before)) if not isinstance(w, torch.Tensor) or form(w) == form(b)]
    return difference([got[i] for i in kept], [want[i] for i in kept], tolerance=tolerance, where="argument afterwards")


def form(tensor):
    return tensor.shape, tensor.stride(), tensor.storage_offset()


def telling_strides(tensor):
    """The strides that decide which element is where."""
    return [stride for size, stride in zip(tensor.shape, tensor.stride()) if size > 1] if tensor.numel() else []


def kind_of(error):
    """The kind of a tsrun.Error as a bare word: model, unsupported, limit ..."""
    kind = error.kind
    return str(getattr(kind, "name", kind)).rsplit(".", 1)[-1]
