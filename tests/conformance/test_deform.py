"""torchvision::deform_conv2d against its definition, written out for one output at a time.

torchvision from PyPI has no C++ library for a PyTorch of another build, so there is nothing of its own to compare with.
"""

import importlib.util
import itertools
import math

import pytest

torch = pytest.importorskip("torch")
if not importlib.util.find_spec("torchvision"):  # it imports once its operators are declared
    pytest.skip("torchvision is not installed", allow_module_level=True)

from agreement import native  # noqa: E402
from vision_operators import declare  # noqa: E402

SHAPES = {  # batch, channels, height, width; channels out, kernel; stride, padding, dilation; groups, offset groups; mask
    "plain": ((1, 2, 5, 6), (3, 3, 3), ((1, 1), (0, 0), (1, 1)), (1, 1), False),
    "mask": ((2, 2, 5, 4), (3, 3, 2), ((1, 1), (1, 1), (1, 1)), (1, 1), True),
    "stride and dilation": ((1, 3, 9, 8), (2, 2, 3), ((2, 1), (1, 3), (3, 2)), (1, 1), True),
    "groups": ((2, 4, 4, 4), (6, 2, 2), ((1, 1), (1, 0), (1, 1)), (2, 1), True),
    "offset groups": ((1, 4, 4, 5), (2, 3, 3), ((1, 2), (1, 1), (1, 1)), (1, 2), True),
    "both groups": ((1, 6, 4, 5), (6, 2, 1), ((1, 1), (0, 0), (1, 1)), (3, 2), False),
    "depthwise": ((2, 3, 4, 4), (3, 3, 3), ((1, 1), (1, 1), (1, 1)), (3, 3), True),
}
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5, torch.float16: 2e-3}


@pytest.fixture(scope="module")
def deform(tsrun, tmp_path_factory):
    declare()

    class Deform(torch.nn.Module):
        def forward(self, x, weight, offset, mask, bias, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, g: int, og: int, use: bool):
            return torch.ops.torchvision.deform_conv2d(x, weight, offset, mask, bias, s0, s1, p0, p1, d0, d1, g, og, use)

    path = str(tmp_path_factory.mktemp("deform") / "deform.pt")
    torch.jit.script(Deform()).save(path)
    module = tsrun.load(path)
    return lambda *tensors_and_numbers: native(module(*tensors_and_numbers))


def operands(shape, dtype=torch.float32, spread=1.5):
    (n, c, h, w), (out, kh, kw), (stride, pad, dilation), (groups, offset_groups), use_mask = shape
    made = torch.Generator().manual_seed(5)
    rows, columns = (
        (size + 2 * p - d * (k - 1) - 1) // s + 1 for size, p, d, k, s in zip((h, w), pad, dilation, (kh, kw), stride)
    )
    tensors = [
        torch.randn(n, c, h, w, generator=made),
        torch.randn(out, c // groups, kh, kw, generator=made) / 3,
        torch.randn(n, offset_groups * kh * kw * 2, rows, columns, generator=made) * spread,
        torch.rand(n, offset_groups * kh * kw, rows, columns, generator=made),
        torch.randn(out, generator=made),
    ]
    return [t.to(dtype) for t in tensors], [*stride, *pad, *dilation, groups, offset_groups, use_mask]


def pixel(plane, y, x):
    """Bilinear: each of the four pixels around counts by its nearness, those outside are zero."""
    total = 0.0
    for row, column in itertools.product((math.floor(y), math.floor(y) + 1), (math.floor(x), math.floor(x) + 1)):
        if 0 <= row < len(plane) and 0 <= column < len(plane[0]):
            total += plane[row][column] * (1 - abs(y - row)) * (1 - abs(x - column))
    return total


def expected(tensors, numbers):
    x, weight, offset, mask, bias = (t.double().tolist() for t in tensors)
    s0, s1, p0, p1, d0, d1, groups, offset_groups, use_mask = numbers
    n, _, rows, columns = tensors[2].shape
    out, per_group, kh, kw = tensors[1].shape
    per_offset = tensors[0].shape[1] // offset_groups
    result = torch.zeros(n, out, rows, columns, dtype=torch.float64)
    for b, o, r, q in itertools.product(range(n), range(out), range(rows), range(columns)):
        total = bias[o]
        for k, i, j in itertools.product(range(per_group), range(kh), range(kw)):
            channel = o // (out // groups) * per_group + k
            tap = (channel // per_offset * kh + i) * kw + j
            y, x_at = r * s0 - p0 + i * d0 + offset[b][2 * tap][r][q], q * s1 - p1 + j * d1 + offset[b][2 * tap + 1][r][q]
            value = pixel(x[b][channel], y, x_at)
            total += weight[o][k][i][j] * value * (mask[b][tap][r][q] if use_mask else 1.0)
        result[b, o, r, q] = total
    return result


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("shape", SHAPES)
def test_definition(deform, shape, dtype):
    tensors, numbers = operands(SHAPES[shape], dtype)
    got = deform(*tensors, *numbers)
    assert got.dtype == dtype
    torch.testing.assert_close(got.double(), expected(tensors, numbers), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("shape", SHAPES)
def test_without_offsets_it_is_a_convolution(deform, shape):
    (x, weight, offset, mask, bias), numbers = operands(SHAPES[shape])
    s0, s1, p0, p1, d0, d1, groups, *_ = numbers
    want = torch.nn.functional.conv2d(x, weight, bias, (s0, s1), (p0, p1), (d0, d1), groups)
    torch.testing.assert_close(deform(x, weight, torch.zeros_like(offset), torch.ones_like(mask), bias, *numbers), want, rtol=1e-5, atol=1e-5)


def test_strided_operands(deform):
    tensors, numbers = operands(SHAPES["mask"])
    strided = [t.transpose(-1, -2).contiguous().transpose(-1, -2) for t in tensors[:4]]
    torch.testing.assert_close(deform(*strided, tensors[4], *numbers), deform(*tensors, *numbers), rtol=0, atol=0)


def test_far_offsets_read_zero(deform):
    (x, weight, offset, mask, bias), numbers = operands(SHAPES["plain"])
    for far in (1e9, -1e9, float("inf"), float("-inf")):
        got = deform(x, weight, torch.full_like(offset, far), mask, bias, *numbers)
        assert torch.equal(got, bias.view(1, -1, 1, 1).expand(got.shape))


def test_empty_batch(deform):
    tensors, numbers = operands(((0, 2, 5, 6), *SHAPES["plain"][1:]))
    assert deform(*tensors, *numbers).shape == (0, 3, 3, 4)


REFUSED = {
    "channels": (0, lambda x: x[:, :1]),
    "rank of the input": (0, lambda x: x[0]),
    "dtype of the offset": (2, lambda t: t.double()),
    "channels of the offset": (2, lambda t: t[:, 1:]),
    "size of the offset": (2, lambda t: t[..., 1:]),
    "batch of the offset": (2, lambda t: t[:1]),
    "channels of the mask": (3, lambda t: t[:, 1:]),
    "size of the mask": (3, lambda t: t[:, :, 1:]),
    "length of the bias": (4, lambda t: t[1:]),
    "integers": (None, lambda t: t.long()),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_tensors(deform, tsrun, what):
    tensors, numbers = operands(SHAPES["mask"])
    position, change = REFUSED[what]
    tensors = [change(t) if position in (None, i) else t for i, t in enumerate(tensors)]
    with pytest.raises(tsrun.Error, match="deform_conv2d"):
        deform(*tensors, *numbers)


@pytest.mark.parametrize("position, number", [(0, 0), (1, -1), (2, -1), (4, 0), (4, 2**62), (3, 2**62), (6, 0), (6, 2), (7, 0), (7, 3), (7, 2**40), (2, 2**31)])
def test_refused_numbers(deform, tsrun, position, number):
    tensors, numbers = operands(SHAPES["mask"])
    numbers[position] = number
    with pytest.raises(tsrun.Error, match="deform_conv2d"):
        deform(*tensors, *numbers)
