"""Reading and writing by position: subscripts, gather and scatter, masks, with every index form TorchScript knows."""

from case import FLOATS, V, case, each

CASES = []
for source, *indices in (
    ("a[b]", "i64[4] 0..3"),
    ("a[b]", "i64[2,2] 0..3"),
    ("a[b]", "bool[3]"),
    ("a[b]", "bool[3,4]"),
    ("a[:, b]", "i64[3] 0..4"),
    ("a[:, b]", "bool[4]"),
    ("a[b, c]", "i64[3] 0..3", "i64[3] 0..4"),
    ("a[b, c]", "i64[3,1] 0..3", "i64[2] 0..4"),
    ("a[b, :, c]", "i64[3] 0..3", "i64[3] 0..5"),
    ("a[b, 1:3]", "i64[2] 0..3"),
    ("a[b]", "i64[3] =-1,-2,-3"),
    ("a[b]", "i32[3] 0..3"),
    ("a[b]", "u8[3] =1,0,1"),
    ("a[b]", "i64[0]"),
    ("a[b, 0]", "i64[2] 0..3"),
    ("a[0, b]", "i64[2] 0..4"),
    ("a[b, None]", "i64[2] 0..3"),
    ("a[None, b]", "i64[2] 0..3"),
    ("a[b]", "i64[]  =2"),
    ("a[:, :, b]", "bool[5]"),
    ("a[b][:, 0]", "bool[3]"),
    ("a[b, c]", "i64[2] 0..3", "bool[4] =0,1,0,1"),
):
    CASES.append(case("aten::index.Tensor", source, "f32[3,4,5]", *indices, strides=True))
    CASES.append(case("aten::index.Tensor", source, "f32[3,4,5] t", *indices))
for dtype in ("f16", "i64", "bool", "c64", "u8"):
    CASES += [
        case("aten::index.Tensor", "a[b]", f"{dtype}[3,2]", "i64[4] 0..3"),
        case("aten::index.Tensor", "a[b]", f"{dtype}[3,2]", "bool[3,2]"),
    ]
CASES += [
    case("aten::index.Tensor", "a[b]", "f32[3]", "i64[2] =0,3", raises=True),
    case("aten::index.Tensor", "a[b]", "f32[3]", "i64[1] =-4", raises=True),
    case("aten::index.Tensor", "a[b]", "f32[3]", "bool[4]", raises=True),
    case("aten::index.Tensor", "a[b, c]", "f32[3,3]", "i64[2] 0..3", "i64[3] 0..3", raises=True),
    case("aten::index.Tensor", "a[b]", "f32[0,2]", "i64[0]"),
    case("aten::index.Tensor", "a[b]", "f32[3]", "f32[2]", raises=True),
]
for source, *rest in (
    ("a[b] = c", "i64[2] =0,2", "f32[2,4]"),
    ("a[b] = c", "bool[3,4]", "f32[]"),
    ("a[b] = c", "bool[3] =1,0,1", "f32[2,4]"),
    ("a[:, b] = c", "i64[2] =1,3", "f32[3,2]"),
    ("a[b, c] = 7.0", "i64[3] 0..3", "i64[3] 0..4"),
    ("a[b] = 2", "bool[3,4]"),
    ("a[b] = c", "bool[3,4] =0", "f32[0]"),
    ("a[b] += 1", "bool[3,4]"),
    ("a[b] += c", "i64[2] =0,2", "f32[4]"),
    ("a[b] = c", "i64[2] =-1,0", "f32[4]"),
):
    CASES.append(case("aten::index_put_", source + "\nreturn a", "f32[3,4]", *rest))
for accumulate in ("True", "False"):
    CASES += [
        case("aten::index_put_.hacked_twin", f"a.index_put_([b], c, accumulate={accumulate})", "f32[4,3]", "i64[3] =3,0,1", "f32[3,3]"),
        case("aten::index_put.hacked_twin", f"torch.index_put(a, [b, b], c, {accumulate})", "i64[4,4]", "i64[3] =3,0,1", "i64[]"),
    ]
CASES += [
    case("aten::index_put_.hacked_twin", "a.index_put_([b], c, accumulate=True)", "f32[3]", "i64[5] =0,1,0,0,2", "f32[5]"),
    case("aten::index_put_", "a[b] = c\nreturn a", "f32[3]", "i64[2] =0,5", "f32[2]", raises=True),
    case("aten::index_put_", "a[b] = c\nreturn a", "f32[3]", "i64[2] =0,1", "f32[3]", raises=True),
]
for source, operator in (
    ("a[1] = 5.0", "fill_.Tensor"),
    ("a[:, 1] = b", "copy_"),
    ("a[0, 1:3] = 1.0", "fill_.Tensor"),
    ("a[...] = b", "copy_"),
    ("a[::2] = 0.5", "fill_.Tensor"),
    ("a[-1] += 2", "add_.Scalar"),
    ("a[1, 2] *= 3", "mul_.Scalar"),
    ("a[:] = b", "copy_"),
):
    CASES.append(
        case(
            f"aten::{operator if 'fill' not in operator else 'copy_'}",
            source + "\nreturn a",
            "f32[3,4]",
            *(["f32[1]"] if "b" in source else []),
        )
    )
for dim in (0, 1, -1):
    CASES += each(FLOATS + ("i64", "bool"), "aten::gather", f"torch.gather(a, {dim}, b)", "*[3,3]", "i64[3,2] 0..3")
    CASES += [
        case("aten::gather", f"torch.gather(a, {dim}, b)", "f32[4,4] t", "i64[4,2] t 0..4"),
        case("aten::scatter.src", f"torch.scatter(a, {dim}, b, c)", "f32[4,4]", "i64[4,4] perm", "f32[4,4]"),
        case("aten::scatter.value", f"torch.scatter(a, {dim}, b, 2.5)", "f32[3,4]", "i64[2,2] 0..3"),
        case("aten::scatter_.value", f"a.scatter_({dim}, b, 1)", "i64[3,4]", "i64[2,2] 0..3"),
        case("aten::scatter_add", f"torch.scatter_add(a, {dim}, b, c)", "f32[4,4]", "i64[4,4] 0..4", "f32[4,4]"),
        case("aten::scatter_add_", f"a.scatter_add_({dim}, b, c)", "i64[4,4]", "i64[3,2] 0..4", "i64[4,4]"),
        case("aten::index_select", f"torch.index_select(a, {dim}, b)", "f32[4,4] t", "i64[3] 0..4", strides=True),
        case("aten::index_select", f"torch.index_select(a, {dim}, b)", "i64[4,5]", "i32[3] 0..4"),
        case("aten::index_add", f"torch.index_add(a, {dim}, b, c, alpha=2)", "f32[3,3]", "i64[3] =0,0,2", "f32[3,3]"),
        case("aten::index_copy", f"torch.index_copy(a, {dim}, b, c)", "f32[3,3]", "i64[3] =2,0,1", "f32[3,3]"),
        case("aten::index_fill.int_Scalar", f"torch.index_fill(a, {dim}, b, -1)", "f32[3,3]", "i64[2] =0,2"),
        case("aten::index_add_", f"a.index_add_({dim}, b, c)", "i64[3,3]", "i64[3] =0,0,2", "i64[3,3]"),
        case("aten::index_fill_.int_Scalar", f"a.index_fill_({dim}, b, 4)", "f32[3,3]", "i64[2] =0,2"),
        case("aten::index_copy_", f"a.index_copy_({dim}, b, c)", "f32[3,3]", "i64[3] =2,0,1", "f32[3,3]"),
    ]
    for reduce in ("sum", "prod", "mean", "amax", "amin"):
        for own in ("True", "False"):
            CASES.append(
                case(
                    "aten::scatter_reduce.two",
                    f"torch.scatter_reduce(a, {dim}, b, c, '{reduce}', include_self={own})",
                    "f32[3,3]",
                    "i64[3,3] 0..2",
                    "f32[3,3]",
                )
            )
        if reduce != "sum":
            CASES.append(
                case("aten::index_reduce", f"torch.index_reduce(a, {dim}, b, c, '{reduce}')", "f32[3,3]", "i64[3] =0,0,2", "f32[3,3]")
            )
CASES += [
    case("aten::gather", "torch.gather(a, 0, b)", "f32[2,3]", "i64[1,3] =0,2,1", raises=True),
    case("aten::gather", "torch.gather(a, 0, b)", "f32[2,3]", "i64[3]", raises=True),
    case("aten::index_select", "torch.index_select(a, 0, b)", "f32[3]", "i64[1] =3", raises=True),
    case("aten::scatter.reduce", "torch.scatter(a, 0, b, c, reduce='add')", "f32[3,2]", "i64[2,2] 0..3", "f32[2,2]"),
    case("aten::scatter.value_reduce", "torch.scatter(a, 0, b, 2.0, reduce='multiply')", "f32[3,2]", "i64[2,2] 0..3"),
    case("aten::masked_select", "torch.masked_select(a, b)", "f32[3,4] t", "bool[3,4]"),
    case("aten::masked_select", "torch.masked_select(a, b)", "f32[3,1]", "bool[4]"),
    case("aten::masked_fill.Scalar", "a.masked_fill(b, float('-inf'))", "f32[3,4]", "bool[3,1]"),
    case("aten::masked_fill_.Scalar", "a.masked_fill_(b, 0)", "i64[3,4]", "bool[4]"),
    case("aten::masked_fill.Tensor", "a.masked_fill(b, c)", "f32[3]", "bool[3]", "f32[]"),
    case("aten::masked_fill.Scalar", "a.masked_fill(b, 2.5)", "i64[3]", "bool[3] =1"),
    case("aten::masked_scatter", "a.masked_scatter(b, c)", "f32[3,4]", "bool[3,4]", "f32[12]"),
    case("aten::masked_scatter_", "a.masked_scatter_(b, c)", "f32[4]", "bool[4] =1,0", "f32[4]"),
    case("aten::nonzero", "torch.nonzero(a)", "f32[3,4] =0,1,0,0,2"),
    case("aten::nonzero", "torch.nonzero(a)", "bool[5]"),
    case("aten::nonzero", "torch.nonzero(a)", "f32[0,2]"),
    case("aten::nonzero", "torch.nonzero(a)", "f32[] =1"),
    case("aten::nonzero_numpy", "torch.ops.aten.nonzero_numpy(a)", "i64[3,3] 0..2"),
    case("aten::where", "torch.where(a)", "bool[2,3]"),
    case("aten::argwhere", "torch.argwhere(a)", "f32[2,3] =0,1"),
    case("aten::take", "torch.take(a, b)", "f32[3,4] t", "i64[2,2] =0,11,-1,5"),
    case("aten::take", "torch.take(a, b)", "f32[3]", "i64[1] =3", raises=True),
    case("aten::take_along_dim", "torch.take_along_dim(a, b, 1)", "f32[3,4]", "i64[3,2] 0..4"),
    case("aten::take_along_dim", "torch.take_along_dim(a, b)", "f32[3,4]", "i64[3] 0..12"),
    case("aten::put_", "a.put_(b, c)", "f32[3,4]", "i64[3] =0,5,11", "f32[3]"),
    case("aten::put", "torch.put(a, b, c, True)", "f32[4]", "i64[3] =0,0,1", "f32[3]"),
    case("aten::select_scatter", "torch.select_scatter(a, b, 0, 1)", "f32[3,4]", "f32[4]"),
    case("aten::slice_scatter", "torch.slice_scatter(a, b, 1, 1, 3)", "f32[3,4]", "f32[3,2]"),
    case("aten::diagonal_scatter", "torch.diagonal_scatter(a, b)", "f32[3,4]", "f32[3]"),
    case("aten::as_strided_scatter", "torch.as_strided_scatter(a, b, [2], [2], 1)", "f32[6]", "f32[2]"),
    case("aten::index_select", "torch.index_select(a, 0, b)", "f32[3,0]", "i64[2] 0..3"),
    case("aten::fill_diagonal_", "a.fill_diagonal_(2.0)", "f32[4,3]"),
    case("aten::tril_indices", "torch.tril_indices(3, 4, -1)"),
    case("aten::triu_indices", "torch.triu_indices(3, 4, 1)"),
    case("aten::narrow.Tensor", "torch.narrow(a, 0, b, 2)", "f32[4]", "i64[] =1"),
    case("aten::isin.Tensor_Scalar", "torch.isin(a, 2)", "i64[4]"),
    case("aten::select.int", "a[b]", "f32[4,2]", V(-2)),
    case("aten::select.int", "a[b]", "f32[4,2]", V(4), raises=True),
    case("aten::slice.Tensor", "a[b:]", "f32[4,2]", V(-2), strides=True),
    case("aten::slice.Tensor", "a[b:c:2]", "f32[9]", V(1), V(100), strides=True),
]
