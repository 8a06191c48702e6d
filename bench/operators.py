"""One operator at a time beside LibTorch: float32 tensors of a thousand and of a million elements, one thread, worst ratio first.

Each operator is called in a loop of a TorchScript function, so that what is timed is the operator and one step of an interpreter.
    python3 bench/operators.py [-k WORD] [--seconds S] [--json FILE]
"""

import argparse
import json
import os
import tempfile
import time

import torch

import tsrun

UNARY = """abs neg sign ceil floor round trunc frac exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal square sin cos tan asin acos atan
sinh cosh tanh asinh acosh atanh sigmoid erf erfc erfinv lgamma digamma relu isnan isfinite logical_not signbit nan_to_num logit
special.i0 special.i1 special.entr special.ndtri special.log_ndtr sinc deg2rad positive""".split()
ACTIVATIONS = """relu6 hardtanh hardswish hardsigmoid elu selu celu gelu silu mish leaky_relu softplus softsign logsigmoid tanhshrink
hardshrink softshrink""".split()
BINARY = """add sub mul div pow atan2 maximum minimum fmod remainder hypot copysign eq lt logical_and xlogy logaddexp floor_divide fmax
nextafter heaviside special.zeta dist""".split()
REDUCED = "sum mean amax amin prod std var norm logsumexp argmax argmin any all nansum cumsum cumprod logcumsumexp softmax log_softmax".split()
WHOLE = "sum mean max min prod std var norm argmax any all median nansum count_nonzero".split()

# name, expression over tensors a, b, ...; their sizes, with n for the number of elements and r for its square root.
CASES = (
    [(f"{name}(a)", f"torch.{name}(a)", "n") for name in UNARY]
    + [(f"{name}(a)", f"torch.nn.functional.{name}(a)", "n") for name in ACTIVATIONS]
    + [(f"{name}(a, b)", f"torch.{name}(a, b)", "n", "n") for name in BINARY]
    + [(f"{name}(a, row)", f"torch.{name}(a, b)", "r,r", "r") for name in ("add", "mul", "div", "maximum")]
    + [(f"{name}(a, column)", f"torch.{name}(a, b)", "r,r", "r,1") for name in ("add", "mul", "div")]
    + [(f"{name}(a.t(), b)", f"torch.{name}(a.t(), b)", "r,r", "r,r") for name in ("add", "mul")]
    + [(f"{name}(a)", f"torch.{name}(a)", "n") for name in WHOLE]
    + [(f"{name}(a, 1)", f"torch.{name}(a, dim=1)", "r,r") for name in REDUCED]
    + [(f"{name}(a, 0)", f"torch.{name}(a, dim=0)", "r,r") for name in REDUCED]
    + [(f"median(a, {d})", f"torch.median(a, {d})[0]", "r,r") for d in (0, 1)]
    + [
        ("sort", "torch.sort(a)[0]", "n"),
        ("sort rows", "torch.sort(a, dim=1)[0]", "r,r"),
        ("argsort columns", "torch.argsort(a, dim=0)", "r,r"),
        ("topk", "torch.topk(a, 8, dim=1)[0]", "r,r"),
        ("kthvalue", "torch.kthvalue(a, 5, dim=1)[0]", "r,r"),
        ("unique", "torch._unique2(a.round())[0]", "n"),
        ("where", "torch.where(a > 0, a, b)", "n", "n"),
        ("masked_fill", "a.masked_fill(b > 0, 1.0)", "n", "n"),
        ("masked_select", "a.masked_select(b > 0)", "n", "n"),
        ("nonzero", "torch.nonzero(a > 0)", "n"),
        ("clamp", "torch.clamp(a, -0.5, 0.5)", "n"),
        ("lerp", "torch.lerp(a, b, 0.3)", "n", "n"),
        ("addcmul", "torch.addcmul(a, b, c)", "n", "n", "n"),
        ("addcdiv", "torch.addcdiv(a, b, c)", "n", "n", "n"),
        ("threshold", "torch.threshold(a, 0.1, 0.2)", "n"),
        ("prelu", "torch.prelu(a, b)", "r,r", "r"),
        ("glu", "torch.nn.functional.glu(a, 0)", "r,r"),
        ("dropout", "torch.dropout(a, 0.5, True)", "n"),
        ("rand_like", "torch.rand_like(a)", "n"),
        ("randn_like", "torch.randn_like(a)", "n"),
        ("bernoulli", "torch.bernoulli(torch.sigmoid(a))", "n"),
        ("clone", "a.clone()", "n"),
        ("fill", "torch.full_like(a, 2.0)", "n"),
        ("arange", "torch.arange(a.numel())", "n"),
        ("to double", "a.to(torch.float64)", "n"),
        ("to half", "a.to(torch.float16)", "n"),
        ("to bfloat16", "a.to(torch.bfloat16)", "n"),
        ("to int64", "a.to(torch.int64)", "n"),
        ("transposed copy", "a.t().contiguous()", "r,r"),
        ("permuted copy", "a.permute(2, 0, 1).contiguous()", "r//8,r,8"),
        ("cat rows", "torch.cat([a, b], 0)", "r,r", "r,r"),
        ("cat columns", "torch.cat([a, b], 1)", "r,r", "r,r"),
        ("stack", "torch.stack([a, b], -1)", "n", "n"),
        ("flip", "torch.flip(a, [0, 1])", "r,r"),
        ("roll", "torch.roll(a, 3, 1)", "r,r"),
        ("tril", "torch.tril(a)", "r,r"),
        ("repeat", "a.repeat(2, 2)", "r,r"),
        ("repeat_interleave", "torch.repeat_interleave(a, 2, 1)", "r,r"),
        ("index_select rows", "torch.index_select(a, 0, torch.arange(a.size(0)))", "r,r"),
        ("index_select columns", "torch.index_select(a, 1, torch.arange(a.size(0)))", "r,r"),
        ("index", "a[torch.arange(a.size(0)), torch.arange(a.size(0))]", "r,r"),
        ("gather", "torch.gather(a, 1, torch.arange(a.size(1)).expand(a.size(0), -1))", "r,r"),
        ("scatter", "torch.scatter(a, 1, torch.arange(a.size(1)).expand(a.size(0), -1), b)", "r,r", "r,r"),
        ("scatter_add", "torch.scatter_add(a, 0, torch.arange(a.size(1)).expand(a.size(0), -1), b)", "r,r", "r,r"),
        ("index_add", "torch.index_add(a, 0, torch.arange(a.size(0)), b)", "r,r", "r,r"),
        ("embedding", "torch.embedding(a, torch.arange(a.size(0)))", "r,r"),
        ("pad", "torch.nn.functional.pad(a, [1, 1, 1, 1])", "r,r"),
        ("reflection_pad", "torch.nn.functional.pad(a, [1, 1, 1, 1], 'reflect')", "1,1,r,r"),
        ("unfold", "torch.nn.functional.unfold(a, [3, 3])", "1,4,r//2,r//2"),
        ("mm", "torch.mm(a, b)", "r,r", "r,r"),
        ("mm of a transposed", "torch.mm(a.t(), b)", "r,r", "r,r"),
        ("mv", "torch.mv(a, b)", "r,r", "r"),
        ("bmm", "torch.bmm(a, b)", "n//256,16,16", "n//256,16,16"),
        ("dot", "torch.dot(a, b)", "n", "n"),
        ("outer", "torch.outer(a, b)", "r", "r"),
        ("linear", "torch.nn.functional.linear(a, b)", "r,r", "r,r"),
        ("einsum", "torch.einsum('bij,bkj->bik', a, b)", "n//256,16,16", "n//256,16,16"),
        ("cdist", "torch.cdist(a, b)", "r,8", "r,8"),
        ("layer_norm", "torch.layer_norm(a, [a.size(1)])", "r,r"),
        ("group_norm", "torch.group_norm(a, 4)", "2,8,r//4,r//4"),
        ("instance_norm", "torch.nn.functional.instance_norm(a)", "2,8,r//4,r//4"),
        ("batch_norm", "torch.nn.functional.batch_norm(a, b, c)", "4,16,r//8,r//8", "16", "16 positive"),
        ("normalize", "torch.nn.functional.normalize(a)", "r,r"),
        ("max_pool2d", "torch.max_pool2d(a, [2, 2])", "1,16,r//4,r//4"),
        ("max_pool2d 3x3", "torch.max_pool2d(a, [3, 3], [2, 2], [1, 1])", "1,16,r//4,r//4"),
        ("avg_pool2d", "torch.nn.functional.avg_pool2d(a, [2, 2])", "1,16,r//4,r//4"),
        ("adaptive_avg_pool2d", "torch.nn.functional.adaptive_avg_pool2d(a, [3, 3])", "1,16,r//4,r//4"),
        ("max_pool1d", "torch.max_pool1d(a, [2])", "1,16,n//16"),
        ("nearest", "torch.nn.functional.interpolate(a, scale_factor=2.0)", "1,4,r//4,r//4"),
        ("bilinear", "torch.nn.functional.interpolate(a, scale_factor=2.0, mode='bilinear')", "1,4,r//4,r//4"),
        ("bicubic", "torch.nn.functional.interpolate(a, scale_factor=2.0, mode='bicubic')", "1,4,r//4,r//4"),
        ("grid_sample", "torch.grid_sampler(a, b, 0, 0, False)", "1,4,r//2,r//2", "1,r//2,r//2,2"),
        ("pixel_shuffle", "torch.pixel_shuffle(a, 2)", "1,16,r//4,r//4"),
        ("conv1d", "torch.conv1d(a, b)", "1,16,n//16", "16,16,3"),
        ("conv2d 3x3", "torch.conv2d(a, b)", "1,16,r//4,r//4", "16,16,3,3"),
        ("conv2d 1x1", "torch.conv2d(a, b)", "1,16,r//4,r//4", "16,16,1,1"),
        ("conv2d of groups", "torch.conv2d(a, b, groups=4)", "1,16,r//4,r//4", "16,4,3,3"),
        ("conv2d depthwise", "torch.conv2d(a, b, groups=16)", "1,16,r//4,r//4", "16,1,3,3"),
        ("conv_transpose2d", "torch.conv_transpose2d(a, b, stride=[2, 2])", "1,16,r//4,r//4", "16,8,2,2"),
        ("mse_loss", "torch.nn.functional.mse_loss(a, b)", "n", "n"),
        ("smooth_l1_loss", "torch.nn.functional.smooth_l1_loss(a, b)", "n", "n"),
        ("binary_cross_entropy_with_logits", "torch.nn.functional.binary_cross_entropy_with_logits(a, b)", "n", "n"),
        ("cross_entropy", "torch.nn.functional.cross_entropy(a, torch.arange(a.size(0)) % a.size(1))", "r,r"),
        ("cosine_similarity", "torch.cosine_similarity(a, b)", "r,r", "r,r"),
        ("fft", "torch.fft.fft(a)", "r,r"),
        ("rfft", "torch.fft.rfft(a)", "r,r"),
        ("complex product", "torch.view_as_complex(a) * torch.view_as_complex(b)", "n//2,2", "n//2,2"),
        ("searchsorted", "torch.searchsorted(a, b)", "n", "n"),
        ("bucketize", "torch.bucketize(a, b)", "n", "64"),
        ("histc", "torch.histc(a, 64)", "n"),
        ("diff", "torch.diff(a)", "n"),
        ("cross", "torch.linalg.cross(a, b)", "n//3,3", "n//3,3"),
        ("trace of a product", "torch.trace(a)", "r,r"),
        ("inverse", "torch.linalg.inv(a)", "16,r//8,r//8"),
        ("cholesky", "torch.linalg.cholesky(a @ a.transpose(1, 2) + torch.eye(a.size(1)))", "16,r//8,r//8"),
        ("solve", "torch.linalg.solve(a, b)", "16,r//8,r//8", "16,r//8,4"),
        ("scaled_dot_product_attention", "torch.nn.functional.scaled_dot_product_attention(a, a, a)", "1,4,r//4,r//4"),
    ]
)


def tensor(spec, elements):
    spec, _, kind = spec.partition(" ")
    names = {"n": elements, "r": round(elements**0.5)}
    sizes = [max(1, eval(size, {}, names)) for size in spec.split(",")]  # noqa: S307: the table above
    x = torch.randn(sizes)
    return x.abs() + 0.1 if kind == "positive" else x


def compiled(expression, count):
    """A module that computes the expression of `count` tensors `times` times. The first is another one each time, lest it be computed once, and every
    result is asked for its size, lest it be left out."""
    arguments = ", ".join(f"{chr(98 + i)}: Tensor" for i in range(count - 1))
    module = torch.jit.script(type("Program", (torch.nn.Module,), {})())
    module.define(
        f"def forward(self, first: List[Tensor], {arguments + ', ' * (count > 1)}times: int):\n"
        f"    total = 0\n    for i in range(times):\n        a = first[i % 2]\n        total += ({expression}).numel()\n    return total\n"
    )
    return module


def seconds_of(call, enough):
    """The least time of a call of `times` steps, for each step."""
    call(1)
    times = 1
    while True:
        start = time.perf_counter()
        call(times)
        spent = time.perf_counter() - start
        if spent > enough / 8:
            break
        times *= 2
    best = spent / times
    for _ in range(5):
        start = time.perf_counter()
        call(times)
        best = min(best, (time.perf_counter() - start) / times)
    return best


def measure(case, elements, enough, folder):
    name, expression, *specs = case
    torch.manual_seed(0)
    inputs = [[tensor(specs[0], elements) for _ in range(2)]] + [tensor(s, elements) for s in specs[1:]]
    path = os.path.join(folder, "operator.pt")
    compiled(expression, len(specs)).save(path)
    frozen = torch.jit.load(path)
    ours = tsrun.load(path, threads=1)
    arrays = [[x.numpy() for x in inputs[0]]] + [x.numpy() for x in inputs[1:]]
    theirs, own = [], []
    for _ in range(2):  # interleaved
        theirs.append(seconds_of(lambda n: frozen(*inputs, n), enough))
        own.append(seconds_of(lambda n: ours(*arrays, n), enough))
    return {"operator": name, "elements": elements, "libtorch_us": min(theirs) * 1e6, "tsrun_us": min(own) * 1e6}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", default="", help="only operators whose name contains this")
    parser.add_argument("--seconds", type=float, default=0.05, help="for each measurement")
    parser.add_argument("--elements", type=int, nargs="+", default=[1000, 1000000])
    parser.add_argument("--json", help="write the rows to a file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        for case in CASES:
            if options.k not in case[0]:
                continue
            for elements in options.elements:
                try:
                    rows.append(measure(case, elements, options.seconds, folder))
                except (RuntimeError, tsrun.Error) as e:
                    print(f"{case[0]} of {elements}: {str(e).splitlines()[0]}")
    rows.sort(key=lambda r: r["libtorch_us"] / r["tsrun_us"])
    print(f"{'operator':36} {'elements':>9} {'LibTorch us':>12} {'tsrun us':>12} {'ratio':>7}")
    for r in rows:
        print(f"{r['operator']:36} {r['elements']:9} {r['libtorch_us']:12.2f} {r['tsrun_us']:12.2f} {r['libtorch_us'] / r['tsrun_us']:7.2f}")
    slow = sum(r["tsrun_us"] > 2 * r["libtorch_us"] for r in rows)
    print(f"{len(rows)} rows, {slow} of them more than twice as slow as LibTorch")
    if options.json:
        with open(options.json, "w") as out:
            json.dump(rows, out, indent=1)


if __name__ == "__main__":
    main()
