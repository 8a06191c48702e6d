"""Many elements to fewer: sums, extremes, statistics, cumulative forms, sorting and searching."""

from case import COMPLEX, FLOATS, INTEGERS, NUMBERS, case, each

CASES = []
LAYOUTS = ("f32[3,4,5]", "f32[3,4,5] t", "f32[2,3,4,4] cl", "f32[3,1,5] expand(3,4,5)", "f32[3,4,6] step")
for f in ("sum", "mean", "prod"):
    kinds = FLOATS + (() if f == "mean" else INTEGERS + ("bool",)) + COMPLEX
    CASES += each(kinds, f"aten::{f}", f"torch.{f}(a)", "*[4,5] 0..3") + each(
        kinds,
        f"aten::{f}.dim_int" if f == "prod" else f"aten::{f}.{'dim' if f == 'mean' else 'dim_IntList'}",
        f"torch.{f}(a, 1)",
        "*[4,5] 0..3",
    )
for f in ("sum", "mean"):
    overload = "dim" if f == "mean" else "dim_IntList"
    for words in LAYOUTS:
        for dim in ("0", "1", "-1", "[0, 2]", "[0, 1, 2]", "[1, -1], keepdim=True"):
            CASES.append(case(f"aten::{f}.{overload}", f"torch.{f}(a, {dim})", words, strides=True))
    CASES += [
        case(f"aten::{f}", f"torch.{f}(a)", "f32[0]"),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, 0)", "f32[0,3]"),
        case(f"aten::{f}", f"torch.{f}(a)", "f32[]"),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, 0)", "f32[]"),
        case(f"aten::{f}", f"torch.{f}(a, dtype=torch.float64)", "f32[5]"),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, [0], dtype=torch.float32)", "i64[5,2]"),
        case(f"aten::{f}", f"torch.{f}(a)", "f32[70000] 0..1"),
        case(f"aten::{f}", f"torch.{f}(a)", "f16[5000] 0..1"),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, 3)", "f32[2,3]", raises=True),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, [0, 0])", "f32[2,3]", raises=True),
        case(f"aten::{f}.{overload}", f"torch.{f}(a, 1)", "f32[300,257]"),
    ]
CASES += [
    case("aten::mean", "torch.mean(a)", "i64[3]", raises=True),
    case("aten::nansum", "torch.nansum(a)", "f32[4] =1,nan,2"),
    case("aten::nanmean", "torch.nanmean(a, 0)", "f32[4] =1,nan,2"),
    case("aten::prod.dim_int", "torch.prod(a, 0, keepdim=True)", "f32[3,4] t"),
    case("aten::prod.dim_int", "torch.prod(a, 0)", "f32[0,2]"),
    case("aten::count_nonzero", "torch.count_nonzero(a)", "f32[4] =0,1"),
    case("aten::count_nonzero.dim_IntList", "torch.count_nonzero(a, [1])", "i64[3,4] 0..2"),
    case("aten::sum.dim_IntList", "torch.sum(a, torch.jit.annotate(Optional[List[int]], None))", "f32[3,4]"),
    case("aten::sum.dim_IntList", "torch.sum(a, torch.jit.annotate(List[int], []))", "f32[3,4]"),
]
for f in ("all", "any"):
    CASES += each(("bool", "f32", "i64", "u8"), f"aten::{f}", f"torch.{f}(a)", "*[4] =0,1") + each(
        ("bool", "f32", "u8"), f"aten::{f}.dim", f"torch.{f}(a, 1, True)", "*[3,4] =0,1,1,1,1"
    )
    CASES += [
        case(f"aten::{f}", f"torch.{f}(a)", "bool[0]"),
        case(f"aten::{f}.dims", f"torch.{f}(a, [0, 1])", "bool[3,4]"),
        case(f"aten::{f}.dim", f"torch.{f}(a, 0)", "f32[3] =nan,0,0"),
    ]
for f in ("max", "min"):
    CASES += each(NUMBERS + ("bool",), f"aten::{f}", f"torch.{f}(a)", "*[3,4]")
    CASES += each(NUMBERS, f"aten::{f}.dim", f"v, i = torch.{f}(a, 1)\nreturn v, i", "*[3,4] perm")
    for words in ("f32[3,4,5] t", "f32[5,3] =1,1,0", "f32[4,3] =nan,1,nan,2,3", "f32[3,4] step", "f32[1,4]"):
        CASES += [
            case(f"aten::{f}.dim", f"v, i = torch.{f}(a, {d})\nreturn v, i", words, strides=True) for d in ("0", "-1", "1, keepdim=True")
        ]
    CASES += [
        case(f"aten::{f}", f"torch.{f}(a)", "f32[0]", raises=True),
        case(f"aten::{f}.dim", f"torch.{f}(a, 0)[0]", "f32[]"),
        case(f"aten::{f}", f"torch.{f}(a)", "f32[3] =1,nan,2"),
        case(f"aten::{f}.dim", f"torch.{f}(a, 1)[0]", "f32[2,0]", raises=True),
        case(f"aten::arg{f}", f"torch.arg{f}(a)", "f32[3,4] perm"),
        case(f"aten::arg{f}", f"torch.arg{f}(a, 0)", "f32[3,4] t perm"),
        case(f"aten::arg{f}", f"torch.arg{f}(a, 1, True)", "i64[3,4] perm"),
        case(f"aten::arg{f}", f"torch.arg{f}(a)", "f32[5] =1,nan,2,nan"),
        case(f"aten::arg{f}", f"torch.arg{f}(a, 0)", "f32[0,2]", raises=True),
        case(f"aten::arg{f}", f"torch.arg{f}(a, -1)", "f32[4,4] =1,1,0,0"),
        case(f"aten::a{f}", f"torch.a{f}(a, [0, 2])", "f32[3,4,5]"),
        case(f"aten::a{f}", f"torch.a{f}(a, 1, True)", "i64[3,4]"),
        case(f"aten::a{f}", f"torch.a{f}(a)", "f32[3,4] t"),
        case(f"aten::a{f}", f"torch.a{f}(a, 0)", "f32[4] =1,nan"),
        case(f"aten::cum{f}", f"v, i = torch.cum{f}(a, 1)\nreturn v, i", "f32[3,6]"),
        case(f"aten::cum{f}", f"v, i = torch.cum{f}(a, 0)\nreturn v, i", "f32[5] =1,nan,3"),
        case(f"aten::cum{f}", f"v, i = torch.cum{f}(a, 0)\nreturn v, i", "i64[6] =2,2,1,3,3"),
    ]
CASES += [
    case("aten::aminmax", "v, w = torch.aminmax(a)\nreturn v, w", "f32[5]"),
    case("aten::aminmax", "v, w = torch.aminmax(a, dim=1, keepdim=True)\nreturn v, w", "f32[3,5]"),
]
for f in ("var", "std"):
    CASES += each(FLOATS, f"aten::{f}", f"torch.{f}(a)", "*[4,5]")
    CASES += [
        case(f"aten::{f}.dim", f"torch.{f}(a, [0], unbiased=False)", "f32[4,5]"),
        case(f"aten::{f}.dim", f"torch.{f}(a, [0, 2], unbiased=True, keepdim=True)", "f32[4,5,2] t", strides=True),
        case(f"aten::{f}.correction", f"torch.{f}(a, [1], correction=2)", "f32[3,6]"),
        case(f"aten::{f}.correction", f"torch.{f}(a, dim=[1], correction=0, keepdim=True)", "f64[3,6]"),
        case(f"aten::{f}", f"torch.{f}(a, False)", "f32[1000] 100..101"),
        case(f"aten::{f}", f"torch.{f}(a)", "f32[1]"),
        case(f"aten::{f}", f"torch.{f}(a)", "i64[3]", raises=True),
        case(f"aten::{f}_mean", f"v, m = torch.{f}_mean(a)\nreturn v, m", "f32[3,4]"),
        case(f"aten::{f}_mean.dim", f"v, m = torch.{f}_mean(a, [1])\nreturn v, m", "f32[3,4]"),
    ]
for p in ("2", "1", "0", "float('inf')", "float('-inf')", "3", "0.5"):
    CASES.append(case("aten::norm.ScalarOpt_dim", f"torch.norm(a, {p}, [1])", "f32[3,4]"))
    CASES.append(case("aten::linalg_vector_norm", f"torch.linalg.vector_norm(a, {p}, [0], True)", "f32[3,4] t"))
CASES += [
    case("aten::norm.Scalar", "torch.ops.aten.norm(a, 2)", "f32[3,4]"),
    case("aten::norm.ScalarOpt_dim", "a.norm(2, 1, True)", "f64[3,4]"),
    case("aten::dist", "torch.dist(a, b)", "f32[4]", "f32[4]"),
    case("aten::linalg_vector_norm", "torch.linalg.vector_norm(a)", "c64[4]"),
    case("aten::logsumexp", "torch.logsumexp(a, [1])", "f32[3,4]"),
    case("aten::logsumexp", "torch.logsumexp(a, [0, 1], True)", "f64[3,4]"),
    case("aten::logsumexp", "torch.logsumexp(a, [0])", "f32[3] =-inf,-inf"),
    case("aten::logsumexp", "torch.logsumexp(a, [1])", "c64[3,4]"),
    case("aten::logsumexp", "torch.logsumexp(a, [0, 2], True)", "c128[3,2,4]"),
    case("aten::logsumexp", "torch.logsumexp(a, [0])", "c64[0,3]"),
    case("aten::cov", "torch.cov(a, fweights=b, aweights=c)", "f32[3,4]", "i64[4] =1,2,0,3", "f32[4] 0..1"),
    case("aten::cov", "torch.cov(a, fweights=b)", "f32[3,4]", "i64[2,2]", raises=True),
    case("aten::cov", "torch.cov(a, fweights=b)", "f32[3,4]", "bool[4]", raises=True),
    case("aten::cov", "torch.cov(a, fweights=b)", "f32[3,4]", "i64[3] 0..3", raises=True),
    case("aten::cov", "torch.cov(a, fweights=b)", "f32[3,4]", "i64[4] =0", raises=True),
    case("aten::cov", "torch.cov(a, aweights=b)", "f32[3,4]", "i64[4] =1", raises=True),
    case("aten::cov", "torch.cov(a, aweights=b)", "f32[3,4]", "f32[4] =1,-1,1,2", raises=True),
    case("aten::renorm", "torch.renorm(a, 2, 0, 1.0)", "f32[3,4]"),
]
for f in ("cumsum", "cumprod"):
    CASES += each(NUMBERS + ("bool",), f"aten::{f}", f"torch.{f}(a, 1)", "*[3,4] 0..3") + [
        case(f"aten::{f}", f"torch.{f}(a, 0)", "f32[4,3] t", strides=True),
        case(f"aten::{f}", f"torch.{f}(a, -1, dtype=torch.float64)", "f32[2,3]"),
        case(f"aten::{f}_", f"a.{f}_(0)", "f32[4,2]"),
        case(f"aten::{f}", f"torch.{f}(a, 0)", "f32[]"),
        case(f"aten::{f}", f"torch.{f}(a, 2)", "f32[2,2]", raises=True),
    ]
CASES += [
    case("aten::logcumsumexp", "torch.logcumsumexp(a, 1)", "f32[3,4]"),
    case("aten::diff", "torch.diff(a)", "f32[3,5]"),
    case("aten::diff", "torch.diff(a, 2, 0)", "i64[5,2]"),
    case("aten::trapz.dx", "torch.trapz(a)", "f32[5]"),
    case("aten::median", "torch.median(a)", "f32[5] perm"),
    case("aten::median", "torch.median(a)", "f32[4] =1,nan,2"),
    case("aten::nanmedian", "torch.nanmedian(a)", "f32[4] =1,nan,2,5"),
]
for f in ("median", "nanmedian", "mode"):
    CASES.append(case(f"aten::{f}" + ("" if f == "mode" else ".dim"), f"v, i = torch.{f}(a, 1)\nreturn v, i", "f32[3,5] perm"))
for dtype in NUMBERS + ("bool",):
    CASES.append(case("aten::sort", "v, i = torch.sort(a, 1)\nreturn v, i", f"{dtype}[3,7] perm" if dtype != "bool" else "bool[3,2] =0,1"))
for words in ("f32[3,6] t perm", "f32[4,5] perm", "f32[5,6] step perm", "f32[2,0]", "f32[]"):
    CASES += [case("aten::sort", f"v, i = torch.sort(a, {d})\nreturn v, i", words, strides=True) for d in ("-1", "-1, True")]
CASES += [
    case("aten::sort.stable", "v, i = torch.sort(a, stable=True, dim=0)\nreturn v, i", "f32[8] =1,0,1,nan,0"),
    case("aten::sort.stable", "v, i = torch.sort(a, stable=True, descending=True)\nreturn v, i", "f32[8] =1,0,1,nan,0,-0.0"),
    case("aten::argsort", "torch.argsort(a, 0)", "f32[5,3] t perm"),
    case("aten::argsort.stable", "torch.argsort(a, stable=True, dim=1, descending=True)", "i64[3,6] =1,2,1"),
    case("aten::msort", "torch.msort(a)", "f32[5,2] perm"),
]
for words in ("f32[3,8] perm", "i64[3,8] perm", "f64[8] perm", "f32[4,7] t perm", "f16[3,8] perm"):
    for tail in ("3", "3, largest=False", "2, 0", "1, -1, True, False"):
        CASES.append(case("aten::topk", f"v, i = torch.topk(a, {tail})\nreturn v, i", words))
CASES += [
    case("aten::topk", "v, i = torch.topk(a, 9)\nreturn v, i", "f32[3,8]", raises=True),
    case("aten::topk", "v, i = torch.topk(a, 0)\nreturn v, i", "f32[3,8]"),
    case("aten::topk", "v, i = torch.topk(a, 5)\nreturn v, i", "f32[2000] perm"),
    case("aten::topk", "v, i = torch.topk(a, 1)\nreturn v, i", "f32[4] =1,nan,3,0"),
    case("aten::kthvalue", "v, i = torch.kthvalue(a, 2, 1)\nreturn v, i", "f32[3,5] perm"),
    case("aten::kthvalue", "torch.kthvalue(a, 9)[0]", "f32[3]", raises=True),
]
for words in ("i64[10] 0..4", "f32[6] =2,1,2,0", "bool[5]", "i64[0]"):
    CASES += [
        case("aten::_unique2", "u, v, c = torch._unique2(a, True, True, True)\nreturn u, v, c", words),
        case("aten::unique_consecutive", "u, v, c = torch.ops.aten.unique_consecutive(a, True, True)\nreturn u, v, c", words),
    ]
CASES += [
    case("aten::unique_dim", "u, v, c = torch.ops.aten.unique_dim(a, 0, True, True, True)\nreturn u, v, c", "i64[5,2] 0..2"),
    case("aten::bincount", "torch.bincount(a)", "i64[8] 0..5"),
    case("aten::bincount", "torch.bincount(a, b, 7)", "i64[8] 0..5", "f32[8]"),
    case("aten::histc", "torch.histc(a, 5, -1.0, 1.0)", "f32[20]"),
    case("aten::histc", "torch.histc(a, 4)", "f64[20]"),
    case("aten::searchsorted.Tensor", "torch.searchsorted(a, b)", "f32[5] =1,2,3,4,5", "f32[4] 0..6"),
    case("aten::searchsorted.Tensor", "torch.searchsorted(a, b, right=True)", "i64[5] =1,2,2,4,5", "i64[4] 0..6"),
    case("aten::bucketize.Tensor", "torch.bucketize(a, b)", "f32[4] 0..6", "f32[3] =1,3,5"),
    case("aten::isin.Tensor_Tensor", "torch.isin(a, b)", "i64[3,4]", "i64[5]"),
    case("aten::equal", "torch.equal(a, b)", "f32[3]", "f32[3]"),
    case("aten::equal", "torch.equal(a, b)", "f32[2,3]", "f32[3]"),
    case("aten::allclose", "torch.allclose(a, b, 0.1, 0.1)", "f32[3] =1,2,3", "f32[3] =1.05,2,3"),
    case("aten::quantile", "torch.quantile(a, b, 1)", "f32[3,6]", "f32[2] =0.25,0.5"),
    case("aten::quantile.scalar", "torch.quantile(a, 0.3)", "f32[9]"),
    case("aten::nanquantile.scalar", "torch.nanquantile(a, 0.3)", "f32[6] =1,nan,3"),
    case("aten::cov", "torch.cov(a)", "f32[3,6]"),
    case("aten::corrcoef", "torch.corrcoef(a)", "f32[3,6]"),
]
for dtype in FLOATS:
    CASES += each((dtype,), "aten::softmax.int", "torch.softmax(a, 1)", "*[3,7]") + each(
        (dtype,), "aten::log_softmax.int", "torch.log_softmax(a, -1)", "*[3,7]"
    )
for words in (
    "f32[3,7] t",
    "f32[2,3,4,4] cl",
    "f32[4] =1000,1000,-1000,0",
    "f32[3] =-inf,-inf,0",
    "f32[2,2] =-inf",
    "f32[0,3]",
    "f32[3,0]",
    "f32[]",
    "f32[3,1000]",
    "f32[2,5,3,4]",
):
    dims = ("0", "-1") if words != "f32[2,3,4,4] cl" else ("1", "2", "-1")
    CASES += [case(f"aten::{f}.int", f"torch.{f}(a, {d})", words, strides=True) for f in ("softmax", "log_softmax") for d in dims]
CASES += [
    case("aten::softmax.int", "torch.softmax(a, 0, dtype=torch.float64)", "f32[4]"),
    case("aten::softmax.int", "torch.softmax(a, 0, dtype=torch.float32)", "i64[4]"),
    case("aten::softmax.int", "torch.softmax(a, 0)", "i64[4]", raises=True),
    case("aten::_softmax", "torch._softmax(a, 1, False)", "f32[3,4]"),
    case("aten::_log_softmax", "torch._log_softmax(a, 1, False)", "f32[3,4]"),
]
