"""Scalars, strings, lists and dicts: the built-ins of the language that need no tensor. Arguments keep the compiler from folding them."""

from case import V, case

INF, NAN = float("inf"), float("nan")
INTS, REALS = (0, 1, -1, 7, -7, 2**62, -(2**63)), (0.0, -0.0, 1.5, -2.5, 1e300, INF, NAN)
PAIRS = ((7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (2**63 - 1, 1), (-(2**63), 1))
REAL_PAIRS = ((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.0, -3.0), (INF, 2.0), (NAN, 1.0), (1.0, INF))
CASES = []
for sign, name in (("+", "add"), ("-", "sub"), ("*", "mul"), ("//", "floordiv"), ("%", "remainder"), ("/", "div")):
    for a, b in PAIRS:
        CASES.append(case(f"aten::{name}.int", f"a {sign} b", V(a), V(b)))
    for a, b in REAL_PAIRS:
        CASES.append(case(f"aten::{name}.float" if name != "div" else "aten::div.float", f"a {sign} b", V(a), V(b)))
    CASES += [
        case(f"aten::{name}.int_float" if name != "div" else "aten::div", f"a {sign} b", V(7), V(-2.5)),
        case(f"aten::{name}.float_int" if name != "div" else "aten::div", f"a {sign} b", V(-7.5), V(2)),
    ]
CASES += [
    case("aten::floordiv.int", "a // b", V(1), V(0), raises=True),
    case("aten::floordiv.float", "a // b", V(1.0), V(0.0)),
    case("aten::div.float", "a / b", V(1.0), V(0.0)),
    case("aten::pow.int", "a ** b", V(3), V(4)),
    case("aten::pow.int", "a ** b", V(2), V(-1)),
    case("aten::pow.float", "a ** b", V(2.0), V(0.5)),
    case("aten::pow.int_float", "a ** b", V(4), V(0.5)),
    case("aten::neg.int", "-a", V(5)),
    case("aten::neg.float", "-a", V(0.0)),
    case("aten::__and__.int", "a & b", V(12), V(10)),
    case("aten::__or__.int", "a | b", V(12), V(10)),
    case("aten::__xor__.int", "a ^ b", V(12), V(10)),
    case("aten::__lshift__.int", "a << b", V(3), V(4)),
    case("aten::__rshift__.int", "a >> b", V(-17), V(2)),
]
for sign, name in (("==", "eq"), ("!=", "ne"), ("<", "lt"), ("<=", "le"), (">", "gt"), (">=", "ge")):
    CASES += [case(f"aten::{name}.int", f"a {sign} b", V(3), V(b)) for b in (2, 3, 4)] + [
        case(f"aten::{name}.float", f"a {sign} b", V(1.5), V(b)) for b in (1.5, NAN, INF)
    ]
    CASES += [
        case(f"aten::{name}.int_float", f"a {sign} b", V(3), V(3.5)),
        case(f"aten::{name}.float_int", f"a {sign} b", V(3.0), V(3)),
        case(f"aten::{name}.str", f"a {sign} b", V("ab"), V("b")),
        case(f"aten::{name}.str", f"a {sign} b", V("ab"), V("ab")),
    ]
for value in REALS:
    CASES += [case("aten::Bool.float", "bool(a)", V(value)), case("aten::str", "str(a)", V(value))] + [
        case(f"aten::{f}.float", f"torch.ops.aten.{f}(a)", V(value)) for f in ("isnan", "isinf", "isfinite")
    ]
for value in INTS:
    CASES += [
        case("aten::Bool.int", "bool(a)", V(value)),
        case("aten::str", "str(a)", V(value)),
        case("aten::Float.Scalar", "float(a)", V(value)),
        case("prim::abs.int", "abs(a)", V(value)),
    ]
CASES += (
    [case("aten::Int.float", "int(a)", V(v)) for v in (2.9, -2.9, 0.0)]
    + [case("aten::Int.str", "int(a)", V(v)) for v in ("12", "-7", " 3")]
    + [
        case("aten::Int.str", "int(a)", V("x"), raises=True),
        case("aten::Float.str", "float(a)", V("1.5e3")),
        case("aten::Float.str", "float(a)", V("inf")),
        case("aten::Float.str", "float(a)", V("z"), raises=True),
    ]
)
CASES += [case(f"aten::{f}.float", f"math.{f}(a)", V(v)) for f in ("floor", "ceil") for v in (2.5, -2.5, 3.0)] + [
    case("aten::round.float", "round(a)", V(v)) for v in (0.5, 1.5, 2.5, -0.5, 2.4)
]
for f in (
    "sqrt",
    "exp",
    "log",
    "log1p",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "atanh",
    "erf",
    "erfc",
    "expm1",
    "gamma",
    "lgamma",
    "degrees",
    "radians",
    "fabs",
):
    CASES.append(case(f"aten::{f}.float", f"math.{f}(a)", V(0.5)))
    if f not in ("asin", "acos", "atanh"):
        CASES.append(case(f"aten::{f}.int", f"math.{f}(a)", V(3)))
CASES += [
    case("aten::acosh.float", "math.acosh(a)", V(1.5)),
    case("aten::atan2.float", "math.atan2(a, b)", V(1.0), V(-2.0)),
    case("aten::copysign.float", "math.copysign(a, b)", V(1.0), V(-0.0)),
    case("aten::fmod.float", "math.fmod(a, b)", V(-7.5), V(2.0)),
    case("aten::gcd.int", "math.gcd(a, b)", V(-12), V(18)),
    case("aten::factorial.int", "math.factorial(a)", V(10)),
    case("aten::factorial.int", "math.factorial(a)", V(-1), raises=True),
    case("aten::modf", "math.modf(a)", V(-2.75)),
    case("aten::frexp", "math.frexp(a)", V(10.0)),
    case("aten::ldexp", "math.ldexp(a, b)", V(0.5), V(4)),
    case("aten::mathremainder.float", "math.remainder(a, b)", V(7.5), V(2.0)),
    case("aten::divmod.int", "divmod(a, b)", V(-7), V(2)),
    case("aten::divmod.float", "divmod(a, b)", V(-7.5), V(2.0)),
    case("prim::min.int", "min(a, b)", V(3), V(2)),
    case("prim::max.float", "max(a, b)", V(3.0), V(NAN)),
    case("prim::min.self_int", "min(a)", V([3, 1, 2])),
    case("prim::max.self_float", "max(a)", V([1.0, 5.0, 2.0])),
    case("prim::max.self_int", "max(a)", V([], "List[int]"), raises=True),
    case("aten::sum.int", "sum(a)", V([1, 2, 3])),
    case("aten::sum.float", "sum(a)", V([0.5, 0.25])),
    case("aten::any.bool", "any(a)", V([False, True])),
    case("aten::all.int", "all(a)", V([1, 0])),
    case("aten::hex", "hex(a)", V(255)),
    case("aten::oct", "oct(a)", V(-8)),
    case("aten::bin", "bin(a)", V(10)),
    case("aten::chr", "chr(a)", V(65)),
    case("aten::ord", "ord(a)", V("A")),
    case("aten::ord", "ord(a)", V("AB"), raises=True),
    case("aten::Complex.float_float", "complex(a, b)", V(1.0), V(2.0)),
    case("aten::mul.complex", "a * b", V(1 + 2j), V(3 - 1j)),
    case("aten::div.complex", "a / b", V(1 + 2j), V(3 - 1j)),
    case("aten::angle.complex", "torch.ops.aten.angle(a)", V(1 + 2j)),
    case("prim::abs.complex", "abs(a)", V(3 + 4j)),
    case("aten::str", "str(a)", V(1 + 2j)),
    case("aten::eq.complex", "a == b", V(1 + 0j), V(1 + 0j)),
]

STRINGS = ("", "a", "Hello World", "  padded\t\n", "123", "tab\tsep", "CamelCase42", "one,two,,three", "aaa")
for f in (
    "upper",
    "lower",
    "capitalize",
    "title",
    "swapcase",
    "isalpha",
    "isdigit",
    "isalnum",
    "isupper",
    "islower",
    "isspace",
    "istitle",
    "isdecimal",
    "isnumeric",
    "isidentifier",
    "isprintable",
    "strip",
    "lstrip",
    "rstrip",
    "splitlines",
    "split",
    "rsplit",
    "expandtabs",
):
    CASES += [case("aten::split.str" if f == "split" else f"aten::{f}", f"a.{f}()", V(s)) for s in STRINGS]
for s in STRINGS:
    CASES += [
        case("aten::len.str", "len(a)", V(s)),
        case("aten::slice.str", "a[1:-1]", V(s)),
        case("aten::slice.str", "a[::2]", V(s)),
        case("aten::add.str", "a + b", V(s), V("!")),
        case("aten::find", "a.find(b)", V(s), V("o")),
        case("aten::rfind", "a.rfind(b)", V(s), V("l")),
        case("aten::count", "a.count(b)", V(s), V("a")),
        case("aten::replace", "a.replace(b, 'XY')", V(s), V("a")),
        case("aten::startswith", "a.startswith(b)", V(s), V("H")),
        case("aten::endswith", "a.endswith(b)", V(s), V("d")),
        case("aten::center", "a.center(14)", V(s)),
        case("aten::ljust", "a.ljust(14, '*')", V(s)),
        case("aten::rjust", "a.rjust(14)", V(s)),
        case("aten::zfill", "a.zfill(8)", V(s)),
        case("aten::partition", "a.partition(b)", V(s), V("o")),
        case("aten::rpartition", "a.rpartition(b)", V(s), V("o")),
        case("aten::list", "list(a)", V(s)),
        case("aten::find", "b in a", V(s), V("l")),
        case("aten::split.str", "a.split(b)", V(s), V(",")),
        case("aten::len.str", "len(a) > 0", V(s)),
        case("aten::replace", "a.replace(b, '', 1)", V(s), V("a")),
    ]
CASES += [case("aten::__getitem__.str", "a[b]", V("hello"), V(i)) for i in (0, -1, 4)] + [
    case("aten::__getitem__.str", "a[b]", V("hello"), V(5), raises=True),
    case("aten::join", "a.join(b)", V(", "), V(["x", "y"])),
    case("aten::join", "a.join(b)", V(""), V([], "List[str]")),
    case("aten::format", "'{} and {}'.format(a, b)", V(1), V("s")),
    case("aten::format", "'{}|{}|{}'.format(a, b, c)", V(1.0), V(True), V([1.5, 2.0])),
    case("aten::percentFormat", "'%d and %s' % (a, b)", V(3), V("s")),
    case("aten::percentFormat", "'%f' % a", V(1.5)),
    case("aten::index.str", "a.index(b)", V("hello"), V("l")),
    case("aten::index.str", "a.index(b)", V("hello"), V("z"), raises=True),
    case("aten::rindex", "a.rindex(b)", V("hello"), V("l")),
    case("aten::split.str", "a.split(b, 1)", V("x,y,z"), V(",")),
    case("aten::rsplit", "a.rsplit(b, 1)", V("x,y,z"), V(",")),
    case("aten::strip", "a.strip(b)", V("xxhixx"), V("x")),
    case("aten::find", "a.find(b, 2, 4)", V("hello"), V("l")),
    case("aten::str", "str(a)", V([1, 2])),
    case("aten::str", "str(a)", V({"k": 1.5})),
    case("aten::str", "str(a)", V((1, "s"))),
]

CASES += [
    case(operator, source, V("ÀÉz"), *more)
    for operator, source, *more in (
        ("aten::len.str", "len(a)"),
        ("aten::upper", "a.upper()"),
        ("aten::find", "a.find(b)", V("z")),
        ("aten::add.str", "a + b", V("ü")),
        ("aten::isalpha", "a.isalpha()"),
        ("aten::center", "a.center(9)"),
        ("aten::split.str", "a.split(b)", V("É")),
        ("aten::slice.str", "a[-1:]"),
        ("aten::replace", "a.replace(b, 'x')", V("À")),
    )
]
L = [3, 1, 2, 1]
CASES += [
    case("aten::append.t", "a.append(b)\nreturn a", V(L), V(9)),
    case("aten::extend.t", "a.extend(b)\nreturn a", V(L), V([7, 8])),
    case("aten::insert.t", "a.insert(b, 5)\nreturn a", V(L), V(-1)),
    case("aten::insert.t", "a.insert(b, 5)\nreturn a", V(L), V(99)),
    case("aten::pop.t", "a.pop(), a", V(L)),
    case("aten::pop.t", "a.pop(b), a", V(L), V(0)),
    case("aten::pop.t", "a.pop()", V([], "List[int]"), raises=True),
    case("aten::remove.int", "a.remove(b)\nreturn a", V(L), V(1)),
    case("aten::remove.int", "a.remove(b)\nreturn a", V(L), V(5), raises=True),
    case("aten::clear.t", "a.clear()\nreturn a", V(L)),
    case("aten::reverse.t", "a.reverse()\nreturn a", V(L)),
    case("aten::copy.t", "b = a.copy()\nb.append(1)\nreturn a, b", V(L)),
    case("aten::index.list_int", "a.index(b)", V(L), V(1)),
    case("aten::index.list_int", "a.index(b)", V(L), V(8), raises=True),
    case("aten::count.int", "a.count(b)", V(L), V(1)),
    case("aten::sort.int", "a.sort()\nreturn a", V(L)),
    case("aten::sort.int", "a.sort(reverse=True)\nreturn a", V(L)),
    case("aten::sorted.int", "sorted(a), a", V(L)),
    case("aten::sorted.str", "sorted(a)", V(["b", "a", "C"])),
    case("aten::sorted.float", "sorted(a)", V([2.5, -1.0, 0.0])),
    case("aten::__contains__.int_list", "b in a", V(L), V(2)),
    case("aten::__getitem__.t", "a[b]", V(L), V(-1)),
    case("aten::__getitem__.t", "a[b]", V(L), V(4), raises=True),
    case("aten::_set_item.t", "a[b] = 9\nreturn a", V(L), V(-2)),
    case("aten::_set_item.t", "a[b] = 9\nreturn a", V(L), V(-5), raises=True),
    case("aten::Delete.t", "del a[b]\nreturn a", V(L), V(1)),
    case("aten::slice.t", "a[b:]", V(L), V(-2)),
    case("aten::slice.t", "a[::2]", V(L)),
    case("aten::slice.t", "a[::-1]", V(L)),
    case("aten::slice.t", "a[3:0:-1]", V(L)),
    case("aten::add.t", "a + b", V(L), V([1])),
    case("aten::mul.left_t", "a * b", V(L), V(2)),
    case("aten::eq.int_list", "a == b", V(L), V(L)),
    case("aten::ne.int_list", "a != b", V(L), V([1])),
    case("aten::len.t", "len(a)", V(L)),
    case("aten::add_.t", "b = a\nb += [1]\nreturn a", V(L)),
    case("aten::eq.str_list", "a == b", V(["x"]), V(["x"])),
    case("aten::append.t", "a.append(b)\nb.add_(1)\nreturn a", V([], "List[Tensor]"), "f32[2]"),
    case("aten::__contains__.str_list", "b in a", V(["x", "y"]), V("y")),
    case("aten::list.t", "b = list(a)\nb.append(5)\nreturn a, b", V(L)),
]
D = {"b": 2, "a": 1}
CASES += [
    case("aten::keys.str", "list(a.keys())", V(D)),
    case("aten::values.str", "list(a.values())", V(D)),
    case("aten::items.str", "list(a.items())", V(D)),
    case("aten::len.Dict_str", "len(a)", V(D)),
    case("aten::__getitem__.Dict_str", "a[b]", V(D), V("a")),
    case("aten::__getitem__.Dict_str", "a[b]", V(D), V("z"), raises=True),
    case("aten::get.default_str", "a.get(b, 7)", V(D), V("z")),
    case("aten::get.str", "a.get(b)", V(D), V("a")),
    case("aten::pop.Dict_str", "a.pop(b), a", V(D), V("b")),
    case("aten::pop.Dict_str", "a.pop(b)", V(D), V("z"), raises=True),
    case("aten::pop.Dict_default_str", "a.pop(b, 5)", V(D), V("z")),
    case("aten::setdefault.str", "a.setdefault(b, 5), a", V(D), V("z")),
    case("aten::update.str", "a.update(b)\nreturn a", V(D), V({"a": 9, "c": 3})),
    case("aten::clear.str", "a.clear()\nreturn a", V(D)),
    case("aten::copy.Dict_str", "b = a.copy()\nb['q'] = 1\nreturn a, b", V(D)),
    case("aten::_set_item.str", "a[b] = 3\nreturn a", V(D), V("c")),
    case("aten::Delete.Dict_str", "del a[b]\nreturn a", V(D), V("b")),
    case("aten::Delete.Dict_str", "del a[b]\nreturn a", V(D), V("z"), raises=True),
    case("aten::find", "b in a", V("abc"), V("b")),
    case("aten::__contains__.int", "b in a", V({1: "x"}), V(1)),
    case("aten::items.int", "list(a.items())", V({3: 0.5, 1: 1.5})),
    case("aten::popitem.str", "a.popitem(), a", V({"only": 1})),
    case("aten::find", "b in a", V("x"), V("")),
    case("aten::keys.float", "list(a.keys())", V({0.5: 1})),
    case("aten::__getitem__.Dict_bool", "a[b]", V({True: "t", False: "f"}), V(False)),
]
