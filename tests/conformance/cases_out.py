"""out= and in-place forms: where the result goes, what is resized, what is refused, and overlapping arguments."""

from case import V, case

CASES = []
for name, operator in (
    ("add", "add.out"),
    ("mul", "mul.out"),
    ("div", "div.out"),
    ("maximum", "maximum.out"),
    ("atan2", "atan2.out"),
    ("pow", "pow.Tensor_Tensor_out"),
):
    for out in ("f32[3,4]", "f32[4,3] t", "f32[0]", "f64[3,4]", "f32[3,8] step"):
        words = out.replace("[4,3] t", "[3,4] t").replace("[3,8]", "[3,4]")
        CASES.append(case(f"aten::{operator}", f"torch.{name}(a, b, out=c)", "f32[3,4] 0..2", "f32[4] 0..2", words))
    CASES.append(case(f"aten::{operator}", f"torch.{name}(a, b, out=c)", "f32[3] 0..2", "f32[3] 0..2", "i64[3]", raises=True))
for name in ("exp", "sqrt", "neg", "sigmoid", "floor"):
    CASES += [
        case(f"aten::{name}.out", f"torch.{name}(a, out=b)", "f32[3,4] 0..2", "f32[3,4]"),
        case(f"aten::{name}.out", f"torch.{name}(a, out=a)", "f32[3,4] 0..2"),
        case(f"aten::{name}.out", f"torch.{name}(a[:, 1:], out=b[1:])", "f32[3,4] 0..2", "f32[4,3]"),
        case(f"aten::{name}_", f"a.t().{name}_()\nreturn a", "f32[3,4] 0..2"),
    ]
CASES += [
    case("aten::mm.out", "torch.mm(a, b, out=c)", "f32[3,4]", "f32[4,2]", "f32[3,2] t"),
    case("aten::matmul.out", "torch.matmul(a, b, out=c)", "f32[2,3,4]", "f32[4,2]", "f32[2,3,2]"),
    case("aten::bmm.out", "torch.bmm(a, b, out=c)", "f32[2,3,4]", "f32[2,4,2]", "f32[2,3,2]"),
    case("aten::addmm_", "a.addmm_(b, c)", "f32[3,2]", "f32[3,4]", "f32[4,2]"),
    case("aten::addmm.out", "torch.addmm(a, b, c, out=a)", "f32[3,2]", "f32[3,4]", "f32[4,2]"),
    case("aten::sum.IntList_out", "torch.sum(a, [1], out=b)", "f32[3,4]", "f32[3]"),
    case("aten::mean.out", "torch.mean(a, [0], True, out=b)", "f32[3,4]", "f32[1,4]"),
    case("aten::cat.out", "torch.cat([a, b], 0, out=c)", "f32[2,3]", "f32[1,3]", "f32[3,3]"),
    case("aten::stack.out", "torch.stack([a, b], 0, out=c)", "f32[3]", "f32[3]", "f32[2,3]"),
    case("aten::arange.start_out", "torch.arange(0, 4, 1, out=a)", "f32[4]"),
    case("aten::zeros.out", "torch.zeros([2, 3], out=a)", "f32[6]"),
    case("aten::eq.Tensor_out", "torch.eq(a, b, out=c)", "f32[3]", "f32[3]", "bool[3]"),
    case("aten::gt.Scalar_out", "torch.gt(a, 0, out=b)", "f32[3]", "f32[3]"),
    case("aten::where.self_out", "torch.where(a, b, c, out=b)", "bool[3]", "f32[3]", "f32[3]"),
    case("aten::clamp.out", "torch.clamp(a, 0, 1, out=b)", "f32[3]", "f32[3]"),
    case("aten::index_select.out", "torch.index_select(a, 0, b, out=c)", "f32[4,2]", "i64[3] 0..4", "f32[3,2]"),
    case("aten::gather.out", "torch.gather(a, 1, b, out=c)", "f32[3,4]", "i64[3,2] 0..4", "f32[3,2]"),
    case("aten::cumsum.out", "torch.cumsum(a, 0, out=a)", "f32[4]"),
    case("aten::tril.out", "torch.tril(a, out=b)", "f32[3,3]", "f32[3,3] t"),
    case("aten::randn.out", "torch.randn([3], out=a)", "f32[3]", seeded=True),
    case("aten::softmax.int_out", "torch.softmax(a, 1, out=b)", "f32[2,3]", "f32[2,3]"),
    case("aten::linspace.out", "torch.linspace(0, 1, 5, out=a)", "f32[5]"),
    case("aten::floor_divide.out", "torch.floor_divide(a, b, out=c)", "f32[3]", "f32[3] 1..3", "f32[3]"),
]
for source, operator in (
    ("a[1:].add_(a[:-1])", "add_.Tensor"),
    ("a[1:].mul_(a[:-1])", "mul_.Tensor"),
    ("a[1:].copy_(a[:-1])", "copy_"),
    ("a[:2].sub_(a[:2])", "sub_.Tensor"),
):
    CASES.append(case(f"aten::{operator}", source + "\nreturn a", "f32[5]", raises=operator != "sub_.Tensor"))
for source, operator in (("a.add_(1)", "add_.Scalar"), ("a.fill_(1)", "fill_.Scalar"), ("a.exp_()", "exp_"), ("a.zero_()", "zero_")):
    CASES.append(case(f"aten::{operator}", source, "f32[3,1] expand(3,4)", raises=operator in ("add_.Scalar", "exp_")))
CASES += [
    case("aten::add_.Scalar", "a += b\nreturn a", "i64[3]", V(2)),
    case("aten::add_.Scalar", "a += b\nreturn a", "i64[3]", V(2.5), raises=True),
    case("aten::mul_.Scalar", "a *= b\nreturn a", "u8[3]", V(3)),
    case("aten::div_.Scalar", "a /= b\nreturn a", "i64[3]", V(2), raises=True),
    case("aten::div_.Tensor_mode", "a.div_(b, rounding_mode='floor')", "i64[3]", "i64[3] 1..4"),
    case("aten::pow_.Tensor", "a.pow_(b)", "f32[3] 0..2", "f32[3]"),
    case("aten::remainder_.Scalar", "a.remainder_(2)", "f32[4]"),
    case("aten::logical_and_", "a.logical_and_(b)", "f32[4] =0,1", "f32[4] =0,0,1,1"),
    case("aten::eq_.Tensor", "a.eq_(b)", "i64[4] 0..2", "i64[4] 0..2"),
    case("aten::squeeze_", "a.squeeze_()\nreturn a.size()", "f32[1,3,1]"),
    case("aten::transpose_", "a.transpose_(0, 1)\nreturn a.stride()", "f32[2,3]"),
    case("aten::t_", "a.t_()\nreturn a.size()", "f32[2,3]"),
    case("aten::masked_scatter_", "a.masked_scatter_(b, c)", "f32[4]", "bool[4] =1,1,1,0", "f32[2]", raises=True),
    case("aten::set_.source_Tensor", "a.set_(b)\nreturn a", "f32[2]", "f32[3,2]"),
    case("aten::tril_", "a.tril_()", "f32[3,3]"),
    case("aten::normal_", "a.normal_()", "f32[3,4] t", seeded=True),
    case("aten::uniform_", "a[:, 1].uniform_()\nreturn a", "f32[20,3]", seeded=True),
]
CASES += [
    case("aten::linalg_qr.out", "torch.ops.aten.linalg_qr(a, 'reduced', Q=b, R=c)\nreturn b, c", "f32[4,3]", "f32[4,3] t", "f32[0]"),
    case("aten::linalg_slogdet.out", "torch.ops.aten.linalg_slogdet(a, sign=b, logabsdet=c)\nreturn b, c", "f32[3,3]", "f32[]", "f32[]"),
    case("aten::topk.values", "torch.topk(a, 2, values=b, indices=c)\nreturn b, c", "f32[3,4] perm", "f32[3,2]", "i64[0]"),
    case("aten::sort.values", "torch.sort(a, values=b, indices=c)\nreturn b, c", "f32[3,4] perm", "f32[3,4]", "i64[0]"),
    case("aten::linalg_lu_factor.out", "torch.ops.aten.linalg_lu_factor(a, LU=b, pivots=c)\nreturn b", "f32[3,3]", "i64[3,3]", "i32[3]", raises=True),
]
