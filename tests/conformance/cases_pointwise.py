"""Element by element: arithmetic, comparison, rounding, transcendental and activation-like functions of one, two or three tensors."""

from case import ALL, COMPLEX, DTYPES, FLOATS, INTEGERS, NUMBERS, V, case, each

UNARY = """abs acos acosh angle asin asinh atan atanh ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor frac lgamma log
log10 log1p log2 logit neg rad2deg reciprocal round rsqrt sigmoid sign sin sinc sinh sqrt square tan tanh trunc i0 isnan isinf isfinite
isposinf isneginf signbit relu""".split()
PART_COMPLEX = """abs acos acosh angle asin asinh atan atanh cos cosh exp log log10 log2 neg reciprocal rsqrt sigmoid sin sinh sqrt square
tan tanh""".split()
KEEPS_INTEGERS = "abs neg sign square ceil floor round trunc relu isnan isinf isfinite signbit".split()

CASES = []
for f in UNARY:
    source = f"torch.{f}(a)"
    CASES += each(FLOATS, f"aten::{f}", source, "*[3,5]")
    CASES += [
        case(f"aten::{f}", source, "f32[16] special", strides=True),
        case(f"aten::{f}", source, "f32[4,3] t", strides=True),
        case(f"aten::{f}", source, "f32[0,3]"),
        case(f"aten::{f}", source, "f32[] 0..1"),
        case(f"aten::{f}", source, "f64[12] special"),
    ]
    CASES += each(("i64", "i32", "u8") if f in KEEPS_INTEGERS else ("i64", "u8"), f"aten::{f}", source, "*[7]", raises=f == "frac")
    if f in PART_COMPLEX:
        CASES += each(COMPLEX, f"aten::{f}", source, "*[2,3]")
    if f not in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "angle"):
        CASES.append(case(f"aten::{f}_", f"a.{f}_()", "f32[2,3] 0..1"))
        CASES.append(case(f"aten::{f}_", f"b = a[:, 1:]\nb.{f}_()\nreturn b", "f32[3,4] 0..1"))
for f in ("bitwise_not", "logical_not"):
    CASES += each(INTEGERS + ("bool",), f"aten::{f}", f"torch.{f}(a)", "*[3,4]") + [case(f"aten::{f}_", f"a.{f}_()", "bool[5]")]
CASES += each(FLOATS + COMPLEX, "aten::logical_not", "torch.logical_not(a)", "*[4] =0,1")
CASES += [
    case("aten::round.decimals", "torch.round(a, decimals=2)", "f32[10]"),
    case("aten::round.decimals", "torch.round(a, decimals=-1)", "f64[10] -99..99"),
    case("aten::round", "torch.round(a)", "f32[6] =0.5,1.5,2.5,-0.5,-1.5,-2.5"),
    case("aten::nan_to_num", "torch.nan_to_num(a)", "f32[14] special"),
    case("aten::nan_to_num", "torch.nan_to_num(a, 1.0, 2.0, -3.0)", "f64[14] special"),
    case("aten::logit", "torch.logit(a, 0.1)", "f32[8] 0..1"),
    case("aten::sgn", "torch.sgn(a)", "c64[5]"),
    case("aten::conj", "torch.conj(a)", "c64[3]"),
    case("aten::real", "torch.real(a)", "c64[2,3]", strides=True),
    case("aten::imag", "torch.imag(a)", "c64[2,3]", strides=True),
    case("aten::polygamma", "torch.polygamma(1, a)", "f32[5] 0..4"),
    case("aten::mvlgamma", "torch.mvlgamma(a, 2)", "f32[5] 2..6"),
    case("aten::signbit", "torch.signbit(a)", "f32[2] =-0.0,0.0"),
]

ARITHMETIC = "add sub mul div".split()
for f in ARITHMETIC:
    CASES += each(ALL if f in ("add", "mul") else NUMBERS + COMPLEX, f"aten::{f}.Tensor", f"torch.{f}(a, b)", "*[3,4] 1..9", "*[3,4] 1..9")
    for left, right in (
        ("f32[3,4]", "f32[4]"),
        ("f32[3,1]", "f32[1,4]"),
        ("f32[2,3,4]", "f32[3,1]"),
        ("f32[]", "f32[5]"),
        ("f32[0,4]", "f32[1,4]"),
        ("f32[3,4] t", "f32[3,4]"),
        ("f32[2,3,4,4] cl", "f32[2,3,4,4] cl"),
        ("f32[2,3,4,4] cl", "f32[3,1,1]"),
        ("f32[3,1] expand(3,4)", "f32[3,4]"),
        ("f32[3,4] step", "f32[3,4] offset"),
        ("f32[2,3,4] t", "f32[2,3,4] t"),
    ):
        CASES.append(case(f"aten::{f}.Tensor", f"torch.{f}(a, b)", left, right, strides=True))
    for left, right in (
        ("i64[3]", "f32[3] 1..3"),
        ("i32[3]", "i64[]"),
        ("u8[3]", "i8[3] 1..4"),
        ("f16[3]", "f32[]"),
        ("f16[3]", "bf16[3]"),
        ("f32[3]", "f64[3]"),
        ("i8[3]", "f64[] 1..2"),
        ("bool[3]", "i32[3] 1..4"),
        ("f32[2]", "c64[2]"),
        ("f64[2]", "c64[]"),
        ("i64[2]", "c128[2]"),
    ):
        CASES.append(case(f"aten::{f}.Tensor", f"torch.{f}(a, b)", left, right, raises=f == "sub" and "bool" in left))
for f, sign in zip(ARITHMETIC, "+-*/"):
    CASES += each(("f32", "f16", "i64", "u8", "c64", "i8", "bf16"), f"aten::{f}.Scalar", f"a {sign} b", "*[3,2]", V(3))
    CASES += each(("f32", "f16", "i64", "i8", "c64"), f"aten::{f}.Scalar", f"a {sign} b", "*[3,2]", V(2.5))
    CASES.append(case(f"aten::{f}.Scalar", f"a {sign} b", "f64[2]", V(1 + 2j)))
    CASES.append(case(f"aten::{f}_.Tensor", f"a {sign}= b\nreturn a", "f32[3,4]", "f32[4] 1..3", strides=True))
    CASES.append(case(f"aten::{f}_.Scalar", f"a {sign}= b\nreturn a", "f32[3,4] t", V(3)))
    CASES.append(case(f"aten::{f}_.Tensor", f"c = a[1:]\nc {sign}= b\nreturn a", "f32[3,4]", "f32[2,4] 1..3"))
    CASES.append(case(f"aten::{f}_.Tensor", f"a {sign}= b\nreturn a", "i64[3]", "f32[3]", raises=True))
    CASES.append(case(f"aten::{f}_.Tensor", f"a {sign}= b\nreturn a", "f32[3]", "f32[2,3]", raises=True))
    CASES.append(case(f"aten::{f}.Tensor", f"a {sign} b", "f32[3]", "f32[2]", raises=True))
CASES += [
    case("aten::add.Tensor", "torch.add(a, b, alpha=2)", "f32[3,4]", "f32[3,4]"),
    case("aten::sub.Tensor", "torch.sub(a, b, alpha=0.5)", "f64[3]", "f64[3]"),
    case("aten::add.Tensor", "torch.add(a, b, alpha=3)", "i64[3]", "i64[3]"),
    case("aten::add.Tensor", "torch.add(a, b, alpha=1.5)", "i64[3]", "i64[3]", raises=True),
    case("aten::rsub.Scalar", "torch.rsub(a, 1, 2)", "f32[3]"),
    case("aten::neg", "3 - a", "i64[3]"),
    case("aten::sub.Tensor", "a - b", "bool[3]", "bool[3]", raises=True),
]
for mode in ("trunc", "floor"):
    CASES += each(NUMBERS, "aten::div.Tensor_mode", f"torch.div(a, b, rounding_mode='{mode}')", "*[4,3]", "*[4,3] 1..5")
    CASES += [
        case("aten::div.Tensor_mode", f"torch.div(a, b, rounding_mode='{mode}')", "f32[6] special", "f32[6] =0,1,-1,inf,nan,2"),
        case("aten::div.Scalar_mode", f"torch.div(a, b, rounding_mode='{mode}')", "f32[5]", V(2.5)),
        case("aten::div.Tensor_mode", f"torch.div(a, b, rounding_mode='{mode}')", "i64[2]", "i64[2] =0,1", raises=True),
    ]
CASES += each(NUMBERS, "aten::floor_divide", "torch.floor_divide(a, b)", "*[5]", "*[5] 1..4")
CASES += each(NUMBERS, "aten::remainder.Tensor", "torch.remainder(a, b)", "*[5]", "*[5] 1..4") + each(
    ("f32", "i64"), "aten::remainder.Scalar", "a % b", "*[5]", V(-3)
)
CASES += each(NUMBERS, "aten::fmod.Tensor", "torch.fmod(a, b)", "*[5]", "*[5] 1..4") + each(
    ("f32", "i64"), "aten::fmod.Scalar", "torch.fmod(a, b)", "*[5]", V(-3)
)
CASES += [
    case("aten::remainder.Scalar_Tensor", "torch.remainder(5, a)", "f32[3] 1..3"),
    case("aten::remainder.Tensor", "a % b", "f32[8]", "f32[8] =-3,3,-0.5,0.5,inf,-inf,nan,1"),
    case("aten::remainder.Tensor", "torch.remainder(a, b)", "i64[2]", "i64[2] =0,1", raises=True),
]
CASES += each(FLOATS + ("i64", "i32", "c64"), "aten::pow.Tensor_Tensor", "torch.pow(a, b)", "*[4] 1..5", "*[4] 0..3")
for exponent in (2, 3, -1, 0.5, -2, 0, 1, 2.5, -0.5):
    CASES.append(case("aten::pow.Tensor_Scalar", "a ** b", "f32[6] 0..4", V(exponent)))
CASES += [
    case("aten::pow.Tensor_Scalar", "a ** b", "i64[5]", V(2)),
    case("aten::pow.Tensor_Scalar", "a ** b", "i64[5]", V(-1), raises=True),
    case("aten::pow.Scalar", "torch.pow(b, a)", "f32[5]", V(2.0)),
    case("aten::pow.Tensor_Scalar", "a ** b", "f32[12] special", V(2)),
    case("aten::pow.Tensor_Scalar", "a ** b", "f32[12] special", V(0.5)),
    case("aten::pow_.Scalar", "a.pow_(2)", "f32[3]"),
    case("aten::float_power.Tensor_Scalar", "torch.float_power(a, 2)", "f32[3]"),
    case("aten::float_power.Tensor_Tensor", "torch.float_power(a, b)", "i64[3] 1..4", "f32[3]"),
]

COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
for f, sign in COMPARE.items():
    CASES += each(NUMBERS + ("bool",), f"aten::{f}.Tensor", f"a {sign} b", "*[3,4] 0..3", "*[4] 0..3")
    CASES += each(("f32", "i64", "u8", "bool"), f"aten::{f}.Scalar", f"a {sign} b", "*[3,4] 0..3", V(1))
    CASES += [
        case(f"aten::{f}.Tensor", f"a {sign} b", "f32[12] special", "f32[12] =0,nan,1", strides=True),
        case(f"aten::{f}.Scalar", f"a {sign} b", "i64[4] 0..3", V(1.5)),
        case(f"aten::{f}_.Scalar", f"a.{f}_(1)", "f32[4] 0..3"),
        case(f"aten::{f}.Tensor", f"a {sign} b", "i8[3]", "f64[3]"),
        case(f"aten::{f}.Tensor", f"a {sign} b", "f32[4,3] t", "f32[4,3] t", strides=True),
    ]
CASES += each(COMPLEX, "aten::eq.Tensor", "a == b", "*[4] =1,2", "*[4] =1,1") + [
    case("aten::lt.Tensor", "a < b", "c64[2]", "c64[2]", raises=True)
]
for f in ("maximum", "minimum", "fmax", "fmin"):
    CASES += each(NUMBERS + ("bool",), f"aten::{f}", f"torch.{f}(a, b)", "*[3,4]", "*[4]") + [
        case(f"aten::{f}", f"torch.{f}(a, b)", "f32[12] special", "f32[12] =0,nan,-0.0")
    ]
CASES += [case("aten::max.other", "torch.max(a, b)", "f32[3]", "f32[2,3]"), case("aten::min.other", "torch.min(a, b)", "i64[3]", "f32[3]")]
for f in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    CASES += each(INTEGERS + ("bool",), f"aten::{f}.Tensor", f"torch.{f}(a, b)", "*[3,4]", "*[4]") + [
        case(f"aten::{f}.Scalar", f"torch.{f}(a, 5)", "i64[4]"),
        case(f"aten::{f}_.Tensor", f"a.{f}_(b)", "i64[4]", "i64[4]"),
        case(f"aten::{f}.Tensor", f"torch.{f}(a, b)", "f32[2]", "f32[2]", raises=True),
    ]
for f, sign in (("__and__", "&"), ("__or__", "|"), ("__xor__", "^")):
    CASES += each(("i64", "bool", "u8"), f"aten::{f}.Tensor", f"a {sign} b", "*[3,4]", "*[3,4]") + [
        case(f"aten::{f}.Scalar", f"a {sign} 3", "i64[4]")
    ]
for f in ("logical_and", "logical_or", "logical_xor"):
    CASES += each(("f32", "i64", "bool", "c64"), f"aten::{f}", f"torch.{f}(a, b)", "*[4] =0,1", "*[4] =0,0,1,1") + [
        case(f"aten::{f}_", f"a.{f}_(b)", "bool[4]", "f32[4]")
    ]
for f, sign in (("__lshift__", "<<"), ("__rshift__", ">>")):
    CASES += each(("i64", "i32", "u8"), f"aten::{f}.Tensor", f"a {sign} b", "*[4]", "*[4] 0..4") + [
        case(f"aten::{f}.Scalar", f"a {sign} 2", "i64[4]")
    ]
CASES += each(("i64", "i8", "u8"), "aten::bitwise_left_shift.Tensor", "torch.bitwise_left_shift(a, b)", "*[5]", "*[5] 0..4")
CASES += each(("i64", "i8", "u8"), "aten::bitwise_right_shift.Tensor", "torch.bitwise_right_shift(a, b)", "*[5]", "*[5] 0..4")
CASES += [case("aten::gcd", "torch.gcd(a, b)", "i64[5]", "i64[5]"), case("aten::lcm", "torch.lcm(a, b)", "i32[5]", "i32[5]")]
for f in ("atan2", "hypot", "copysign.Tensor", "nextafter", "logaddexp", "logaddexp2", "xlogy.Tensor", "heaviside", "igamma", "igammac"):
    name = f.split(".")[0]
    CASES += each(
        ("f32", "f64") if name in ("igamma", "igammac", "nextafter") else FLOATS,
        f"aten::{f}",
        f"torch.{name}(a, b)",
        "*[3,4] 0..3",
        "*[4] 0..3",
    )
    CASES.append(case(f"aten::{f}", f"torch.{name}(a, b)", "f32[3,4] t 0..3", "f32[3,1] 0..2"))
CASES += [
    case("aten::atan2", "torch.atan2(a, b)", "f32[8] =0,-0.0,1,-1,inf,-inf,0,nan", "f32[8] =0,-0.0,0,-1,inf,-inf,-1,1"),
    case("aten::copysign.Scalar", "torch.copysign(a, -1.0)", "f32[3]"),
    case("aten::xlogy.Tensor", "torch.xlogy(a, b)", "f32[4] =0,0,1,nan", "f32[4] =0,nan,0,1"),
    case("aten::ldexp.Tensor", "torch.ldexp(a, b)", "f32[3]", "i32[3]"),
]

for low, high in ((-0.5, 0.5), (None, 0.5), (-0.5, None)):
    CASES.append(case("aten::clamp", f"torch.clamp(a, {low}, {high})", "f32[3,4] t", strides=True))
CASES += each(NUMBERS, "aten::clamp", "torch.clamp(a, 1, 4)", "*[3,4]") + [
    case("aten::clamp", "torch.clamp(a, 0.5, 2.5)", "i64[5]"),
    case("aten::clamp", "torch.clamp(a, -1.0, 1.0)", "f32[12] special"),
    case("aten::clamp_", "a.clamp_(-1, 1)", "f32[5]"),
    case("aten::clamp.Tensor", "torch.clamp(a, b, c)", "f32[3,4]", "f32[4] -1..0", "f32[] 0..1"),
    case("aten::clamp_min", "torch.clamp_min(a, 0.1)", "f32[4]"),
    case("aten::clamp_max", "torch.clamp_max(a, 0.1)", "f32[4]"),
    case("aten::clamp_min_", "a.clamp_min_(0)", "f32[4]"),
    case("aten::clamp_max_", "a.clamp_max_(0)", "f32[4]"),
    case("aten::clamp", "torch.clamp(a, 2, 1)", "f32[4]"),
    case("aten::clamp", "torch.clamp(a, None, None)", "f32[2]", raises=True),
    case("aten::lerp.Scalar", "torch.lerp(a, b, 0.3)", "f32[4]", "f32[4]"),
    case("aten::lerp.Scalar", "torch.lerp(a, b, 0.8)", "f64[4]", "f64[4]"),
    case("aten::lerp.Tensor", "torch.lerp(a, b, c)", "f32[3,4]", "f32[4]", "f32[3,1] 0..1"),
    case("aten::lerp_.Scalar", "a.lerp_(b, 0.3)", "f32[4]", "f32[4]"),
    case("aten::addcmul", "torch.addcmul(a, b, c, value=0.5)", "f32[3,4]", "f32[3,1]", "f32[4]"),
    case("aten::addcdiv", "torch.addcdiv(a, b, c, value=2)", "f32[3,4]", "f32[4]", "f32[3,4] 1..2"),
    case("aten::addcmul_", "a.addcmul_(b, c)", "f32[3]", "f32[3]", "f32[3]"),
    case("aten::addcdiv_", "a.addcdiv_(b, c)", "f64[3]", "f64[3]", "f64[3] 1..2"),
    case("aten::addcmul", "torch.addcmul(a, b, c, value=2)", "i64[3]", "i64[3]", "i64[3]"),
    case("aten::where.self", "torch.where(a, b, c)", "bool[3,4]", "f32[3,4]", "f32[4]", strides=True),
    case("aten::where.self", "torch.where(a, b, c)", "bool[3,1]", "i64[]", "f32[4]"),
    case("aten::where.ScalarOther", "torch.where(a, b, 0.0)", "bool[4]", "f32[4]"),
    case("aten::where.ScalarSelf", "torch.where(a, 1, b)", "bool[4]", "i32[4]"),
    case("aten::where.self", "torch.where(a > 0, a, b)", "f32[4,3] t", "f32[4,3] t", strides=True),
    case("aten::isclose", "torch.isclose(a, b)", "f32[4] =1,nan,inf,2", "f32[4] =1.000001,nan,inf,3"),
    case("aten::isclose", "torch.isclose(a, b, equal_nan=True, rtol=0.1)", "f32[3] =1,nan,5", "f32[3] =1.05,nan,6"),
    case("aten::complex", "torch.complex(a, b)", "f32[3]", "f32[3]"),
    case("aten::polar", "torch.polar(a, b)", "f32[3] 0..2", "f32[3]"),
    case("aten::view_as_real", "torch.view_as_real(a)", "c64[2,3]", strides=True),
    case("aten::view_as_complex", "torch.view_as_complex(a)", "f32[3,2]", strides=True),
    case("aten::floor_divide_.Tensor", "a.floor_divide_(b)", "f32[4]", "f32[4] 1..2"),
    case("aten::fill_.Scalar", "a.fill_(3)", "f32[4,3] t", strides=True),
    case("aten::zero_", "a[1:].zero_()", "i64[4]"),
    case("aten::copy_", "a.copy_(b)", "f32[3,4]", "i64[4]"),
    case("aten::copy_", "a.copy_(b)", "u8[3]", "f32[3] 0..9"),
    case("aten::masked_fill.Scalar", "a.masked_fill(b, -1.5)", "f32[3,4] t", "bool[4]", strides=True),
    case("aten::threshold", "torch.threshold(a, 0.1, 20.0)", "f32[5]"),
    case("aten::hardtanh", "torch.nn.functional.hardtanh(a, -0.5, 0.5)", "f32[6]"),
]
for d in ("f32", "i64", "bool", "f16", "bf16", "u8", "c64", "f64", "i32", "i16", "i8"):
    for e in ("f32", "i64", "bool", "f16", "u8", "f64"):
        words = f"{e}[4] 0..4" if d in ("u8", "i8") else f"{e}[4]"
        CASES.append(case("aten::to.dtype", f"a.to({DTYPES[d]})", words))

# PyTorch's compiler replaces aliases (`absolute`, `special_expit`), so they cannot have cases.
for f in """positive isreal special_erfcx special_ndtr special_ndtri special_log_ndtr special_entr special_i0e special_i1 special_i1e
special_bessel_j0 special_bessel_j1 special_bessel_y0 special_bessel_y1 special_modified_bessel_i0 special_modified_bessel_i1
special_modified_bessel_k0 special_modified_bessel_k1 special_scaled_modified_bessel_k0 special_scaled_modified_bessel_k1
special_spherical_bessel_j0""".split():
    CASES += each(("f32", "f64"), f"aten::{f}", f"torch.ops.aten.{f}(a)", "*[3,5] 0..1")
    CASES.append(case(f"aten::{f}", f"torch.ops.aten.{f}(a)", "f32[4,3] t", strides=True))
CASES += [case("aten::special_airy_ai", "torch.ops.aten.special_airy_ai(a)", "f32[9] =-5,-2,-1,0,0.5,1,3,8,20")]
for f in """chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w shifted_chebyshev_polynomial_t
shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w hermite_polynomial_h
hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p""".split():
    f = f"special_{f}"
    CASES += [
        case(f"aten::{f}", f"torch.ops.aten.{f}(a, b)", "f64[6,3]", "i64[3] =2,0,5"),
        case(f"aten::{f}.x_scalar", f"torch.ops.aten.{f}(0.25, a)", "f32[4] =-1,0,1,4"),
        case(f"aten::{f}.n_scalar", f"torch.ops.aten.{f}(a, 3)", "f32[2,3]"),
    ]
for f in "special_xlog1py special_zeta".split():
    CASES += [
        case(f"aten::{f}", f"torch.ops.aten.{f}(a, b)", "f32[4] 1..4", "f32[3,1] 1..9"),
        case(f"aten::{f}.other_scalar", f"torch.ops.aten.{f}(a, 2.5)", "f64[5] 2..4"),
        case(f"aten::{f}.self_scalar", f"torch.ops.aten.{f}(2, a)", "i64[5] 1..9"),
    ]
for f in "bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift".split():
    CASES.append(case(f"aten::{f}.Scalar_Tensor", f"torch.ops.aten.{f}(5, a)", "i32[5] 0..4"))
for mode in ("'trunc'", "'floor'", "None"):
    CASES += each(NUMBERS, "aten::div.Tensor_mode", f"torch.div(a, b, rounding_mode={mode})", "*[40] 1..9", "*[40] 1..4")
    CASES += each(("f32", "bf16", "u8"), "aten::div.Scalar_mode", f"torch.div(a, 3, rounding_mode={mode})", "*[9]")
CASES += [
    case("aten::igamma", "torch.igamma(a, b)", "f64[9] 0..30", "f64[9] 0..30"),
    case("aten::igammac", "torch.igammac(a, b)", "f64[9] 0..30", "f64[9] 0..30"),
    case("aten::polygamma_", "a.polygamma_(2)", "f32[5] 1..4"),
    case("aten::frexp.Tensor", "torch.frexp(a)", "f32[12] special"),
    case("aten::float_power.Scalar", "torch.float_power(2, a)", "i64[4]"),
    case("aten::floor_divide.Scalar", "torch.floor_divide(a, -3)", "i64[9]"),
    case("aten::floor_divide.Scalar", "torch.floor_divide(a, 0)", "i64[2]", raises=True),
    case("aten::allclose", "torch.allclose(a, a + 1e-7)", "f32[4]"),
    case("aten::equal", "torch.equal(a, b)", "f32[4]", "f32[3]"),
    case("aten::where.Scalar", "torch.where(a, 1.5, -2.0)", "bool[5]"),
    case("aten::clamp", "torch.clamp(a, max=0.5)", "f32[5]"),
    case("aten::clamp.Tensor", "torch.clamp(a, b, None)", "f32[3,4]", "f32[4]"),
    case("aten::clamp_min.Tensor", "torch.clamp_min(a, b)", "f32[4] =1,nan,3,4", "f32[4] =nan,1,2,9"),
    case("aten::clamp_max.Tensor", "torch.clamp_max(a, b)", "i32[4]", "i64[3,1]"),
    case("aten::clamp", "torch.clamp(a, 0, 300)", "u8[4]", raises=True),
    case("aten::_conj_physical", "torch._conj_physical(a)", "c64[2,3] t", strides=True),
    case("aten::conj_physical", "torch.conj_physical(a)", "c64[2,3]"),
    case("aten::result_type.Tensor", "torch.result_type(a, b)", "i8[3]", "f64[]"),
    case("aten::result_type.Scalar", "torch.result_type(a, 1.5)", "i8[3]"),
]
