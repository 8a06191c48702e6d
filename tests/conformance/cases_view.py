"""The same elements in another shape or order: views share memory with their source, copies do not, strides are PyTorch's."""
from case import case, each

CASES = []
SHAPED = ("f32[2,3,4]", "f32[2,3,4] t", "f32[2,1,4] expand(2,3,4)", "f32[2,3,4] step", "i64[2,3,4] offset")
for words in SHAPED:
    for operator, source in (
            ("permute", "a.permute(2, 0, 1)"), ("permute", "torch.permute(a, [-1, 0, 1])"), ("transpose.int", "a.transpose(0, -1)"), ("transpose.int", "a.transpose(1, 1)"), ("unsqueeze", "a.unsqueeze(0)"),
            ("unsqueeze", "a.unsqueeze(-1)"), ("unsqueeze", "a.unsqueeze(2)"), ("select.int", "a.select(1, -1)"), ("select.int", "a[1]"), ("select.int", "a[:, 2]"), ("slice.Tensor", "a[:, 1:]"), ("slice.Tensor", "a[..., ::2]"),
            ("slice.Tensor", "a[-1:, :, 1:-1]"), ("slice.Tensor", "a[5:]"), ("slice.Tensor", "a[:, 2:1]"), ("narrow", "a.narrow(2, 1, 2)"), ("narrow", "a.narrow(2, -2, 2)"), ("reshape", "a.reshape(6, 4)"), ("reshape", "a.reshape(-1)"),
            ("reshape", "a.reshape(2, 12)"), ("reshape", "a.reshape(4, 3, -1)"), ("flatten.using_ints", "a.flatten(1)"), ("flatten.using_ints", "torch.flatten(a)"), ("flatten.using_ints", "a.flatten(0, 1)"),
            ("contiguous", "a.contiguous()"), ("clone", "a.clone()"), ("clone", "a.clone(memory_format=torch.contiguous_format)"), ("squeeze", "a[:1].squeeze()"), ("squeeze.dim", "a[:, :1].squeeze(1)"), ("squeeze.dim", "a.squeeze(1)"),
            ("squeeze.dims", "a[:1, :1].squeeze([0, 1])"), ("diagonal", "a.diagonal()"), ("diagonal", "a.diagonal(1, 1, 2)"), ("diagonal", "torch.diagonal(a, -1, 0, 2)"), ("unfold", "a.unfold(2, 2, 1)"), ("unfold", "a.unfold(-1, 3, 2)"),
            ("expand", "a.unsqueeze(1).expand(2, 5, 3, 4)"), ("expand", "a[:, :1].expand(-1, 3, -1)"), ("expand_as", "a[:1].expand_as(a)"), ("movedim.int", "a.movedim(0, 2)"), ("movedim.intlist", "torch.movedim(a, [0, 1], [2, 0])"),
            ("numpy_T", "a.T"), ("mT", "a.mT"), ("detach", "a.detach()"), ("view_as", "a.view_as(a)"), ("broadcast_to", "torch.broadcast_to(a[:1], [5, 3, 4])"), ("alias", "torch.ops.aten.alias(a)"),
            ("flip", "a.flip([0, 2])"), ("flip", "torch.flip(a, [-1])"), ("fliplr", "a.fliplr()"), ("flipud", "a.flipud()"), ("roll", "a.roll(1, 0)"), ("roll", "torch.roll(a, [1, -2], [0, 2])"), ("roll", "a.roll(3)"), ("rot90", "a.rot90(1, [0, 1])"),
            ("repeat", "a.repeat(2, 1, 3)"), ("repeat", "a.repeat(2, 1, 1, 1)"), ("tile", "torch.tile(a, [2, 2])"), ("repeat_interleave.self_int", "a.repeat_interleave(2, 1)"), ("repeat_interleave.self_int", "a.repeat_interleave(2)"),
            ("tril", "a.tril()"), ("triu", "a.triu(1)"), ("tril", "torch.tril(a, -1)"), ("triu", "torch.triu(a, -1)"), ("numel", "a.numel()"), ("stride", "a.stride()"), ("size", "a.size()"), ("size.int", "a.size(-1)"), ("is_contiguous", "a.is_contiguous()"),
            ("storage_offset", "a[1].storage_offset()"), ("dim", "a.dim()"), ("unflatten.int", "a.unflatten(2, [2, 2])"), ("constant_pad_nd", "torch.constant_pad_nd(a, [1, 2, 0, 1], 5)"),
            ("constant_pad_nd", "torch.constant_pad_nd(a, [-1, 0], 0)"), ("pad", "torch.nn.functional.pad(a, [1, 1], 'constant', 2.0)")):
        CASES.append(case(f"aten::{operator}", source, words, strides=operator not in ("tril", "triu")))
for source, operator in (("a.view(4, 3)", "view"), ("a.view(-1)", "view"), ("a.permute(1, 0)", "permute"), ("a.t()", "t"), ("a[1:]", "slice.Tensor"), ("a[0]", "select.int"), ("a.unsqueeze(0)", "unsqueeze"), ("a.reshape(2, 6)", "reshape"),
                         ("a.diagonal()", "diagonal"), ("a.expand(3, 4)", "expand"), ("a.narrow(1, 1, 2)", "narrow"), ("a.flatten()", "flatten.using_ints"), ("a.contiguous()", "contiguous"), ("a.detach()", "detach"), ("a.squeeze()", "squeeze"),
                         ("a.unfold(1, 2, 2)", "unfold"), ("a.as_strided([2, 2], [4, 1], 1)", "as_strided"), ("a.clone()", "clone"), ("a.movedim(0, 1)", "movedim.int"), ("a.to(torch.float32)", "to.dtype"), ("a.t().reshape(12)", "reshape")):
    CASES.append(case(f"aten::{operator}", f"b = {source}\nb.mul_(2)\nreturn a, b", "f32[3,4]", strides=True))
CASES += [
    case("aten::view", "a.view(6, 4)", "f32[2,3,4] t", raises=True), case("aten::view", "a.view(5, -1)", "f32[2,3,4]", raises=True), case("aten::view", "a.view(-1, -1)", "f32[2,3]", raises=True),
    case("aten::view", "a.view(0, 5)", "f32[0,3]"), case("aten::view", "a.view(1, 1)", "f32[]"), case("aten::reshape", "a.reshape(-1, 0)", "f32[0]", raises=True), case("aten::permute", "a.permute(0, 0)", "f32[2,3]", raises=True),
    case("aten::view.dtype", "a.view(dtype=torch.int32)", "f32[2,3]"), case("aten::view.dtype", "a.view(dtype=torch.uint8)", "f32[2,3]", strides=True), case("aten::select.int", "a[3]", "f32[3]", raises=True), case("aten::narrow", "a.narrow(0, 2, 3)", "f32[3]", raises=True),
    case("aten::expand", "a.expand(2, 4)", "f32[3]", raises=True), case("aten::t", "a.t()", "f32[3]", strides=True), case("aten::t", "a.t()", "f32[2,2,2]", raises=True), case("aten::squeeze", "a.squeeze()", "f32[1,1]", strides=True),
    case("aten::as_strided", "a.as_strided([3, 3], [0, 1])", "f32[4]", strides=True), case("aten::as_strided", "a.as_strided([3, 3], [3, 1])", "f32[4]", raises=True), case("aten::unsqueeze", "a.unsqueeze(3)", "f32[2]", raises=True),
    case("aten::unsqueeze_", "a.unsqueeze_(0)\nreturn a.size()", "f32[3]"), case("aten::contiguous", "a.contiguous(memory_format=torch.channels_last)", "f32[2,3,4,5]", strides=True), case("aten::to.dtype", "a.to(torch.float64, memory_format=torch.channels_last)", "f32[2,3,4,5]", strides=True),
    case("aten::is_contiguous.memory_format", "a.is_contiguous(memory_format=torch.channels_last)", "f32[2,3,4,5] cl"), case("aten::meshgrid.indexing", "torch.meshgrid([a, b], indexing='ij')", "f32[3]", "f32[2]", strides=True), case("aten::meshgrid.indexing", "torch.meshgrid([a, b], indexing='xy')", "f32[3]", "f32[2]"),
    case("aten::broadcast_tensors", "torch.broadcast_tensors([a, b])", "f32[3,1]", "f32[4]", strides=True), case("aten::diag", "torch.diag(a)", "f32[3]"), case("aten::diag", "torch.diag(a, 1)", "f32[3,4]"), case("aten::diag_embed", "torch.diag_embed(a, 1)", "f32[2,3]"),
    case("aten::diagflat", "torch.diagflat(a)", "f32[2,2]"), case("aten::repeat_interleave.self_Tensor", "torch.repeat_interleave(a, b, 0)", "f32[3,2]", "i64[3] =2,0,1"), case("aten::repeat_interleave.Tensor", "torch.repeat_interleave(a)", "i64[3] =2,0,1"),
    case("aten::block_diag", "torch.block_diag([a, b])", "f32[2,2]", "f32[1,3]"), case("aten::cartesian_prod", "torch.cartesian_prod([a, b])", "f32[2]", "f32[3]"), case("aten::combinations", "torch.combinations(a, 2)", "f32[4]"), case("aten::ravel", "torch.ravel(a)", "f32[2,3] t"),
    case("aten::atleast_2d", "torch.atleast_2d(a)", "f32[3]"), case("aten::atleast_3d", "torch.atleast_3d(a)", "f32[3]"), case("aten::numel", "a.numel()", "f32[0,3]"), case("aten::sum_to_size", "a.sum_to_size([3, 1])", "f32[3,4]"), case("aten::vander", "torch.vander(a)", "f32[3]"),
    case("aten::pixel_shuffle", "torch.pixel_shuffle(a, 2)", "f32[1,8,3,3]", strides=True), case("aten::pixel_unshuffle", "torch.pixel_unshuffle(a, 2)", "f32[1,2,4,4]"), case("aten::channel_shuffle", "torch.channel_shuffle(a, 2)", "f32[1,4,3,3]"),
    case("aten::resize_", "a.resize_([2, 2])\nreturn a", "f32[6]"), case("aten::item", "a.item()", "f32[1,1]"), case("aten::item", "a.item()", "f32[2]", raises=True), case("aten::item", "a.item()", "i64[]"), case("aten::item", "a.item()", "bool[1]"),
]
for mode in ("reflect", "replicate", "circular"):
    CASES += [case("aten::pad", f"torch.nn.functional.pad(a, [2, 1], '{mode}')", "f32[2,3,5]"), case("aten::pad", f"torch.nn.functional.pad(a, [1, 2, 2, 0], '{mode}')", "f32[2,3,5,4]", strides=True), case("aten::pad", f"torch.nn.functional.pad(a, [6, 0], '{mode}')", "f32[1,2,4]", raises=mode != "replicate")]
CASES += [case("aten::reflection_pad1d", "torch.ops.aten.reflection_pad1d(a, [2, 3])", "f32[2,5]"), case("aten::reflection_pad2d", "torch.ops.aten.reflection_pad2d(a, [1, 1, 2, 2])", "f64[2,3,4,5]"), case("aten::replication_pad2d", "torch.ops.aten.replication_pad2d(a, [1, 1, 2, 2])", "f32[2,3,4,5]"),
          case("aten::replication_pad3d", "torch.ops.aten.replication_pad3d(a, [1, 1, 2, 2, 0, 1])", "f32[1,2,3,4,5]")]
for dtype in ("f32", "i64", "bool", "f16", "c64"):
    CASES += each((dtype,), "aten::cat", "torch.cat([a, b], 1)", "*[2,3]", "*[2,2]") + each((dtype,), "aten::stack", "torch.stack([a, b], 1)", "*[2,3]", "*[2,3]")
CASES += [
    case("aten::cat", "torch.cat([a, b])", "f32[2,3] t", "f32[2,3]", strides=True), case("aten::cat", "torch.cat([a, b], 1)", "f32[2,3,4,4] cl", "f32[2,2,4,4] cl", strides=True), case("aten::cat", "torch.cat([a, b])", "f32[0]", "f32[2,3]"), case("aten::cat", "torch.cat([a, b])", "f32[2]", "i64[2]"),
    case("aten::cat", "torch.cat([a, b])", "f32[2]", "f32[2,2]", raises=True), case("aten::cat", "torch.cat([a, b], -1)", "f32[2,3]", "f32[3,3]", raises=True), case("aten::cat", "torch.cat([a, b])", "i32[2]", "u8[2]"), case("aten::stack", "torch.stack([a, b], -1)", "f32[2,3] t", "f32[2,3]", strides=True),
    case("aten::stack", "torch.stack([a, b])", "f32[2]", "f32[3]", raises=True), case("aten::hstack", "torch.hstack([a, b])", "f32[2]", "f32[3]"), case("aten::vstack", "torch.vstack([a, b])", "f32[3]", "f32[3]"), case("aten::dstack", "torch.dstack([a, b])", "f32[3]", "f32[3]"), case("aten::column_stack", "torch.column_stack([a, b])", "f32[3]", "f32[3]"),
    case("aten::split.Tensor", "torch.split(a, 2, 1)", "f32[3,5]", strides=True), case("aten::split_with_sizes", "torch.split_with_sizes(a, [1, 4], 1)", "f32[3,5]", strides=True), case("aten::split.Tensor", "a.split(2)", "f32[5] offset"), case("aten::split_with_sizes", "a.split_with_sizes([2, 2], 1)", "f32[3,5]", raises=True),
    case("aten::chunk", "torch.chunk(a, 3, 1)", "f32[2,7]", strides=True), case("aten::chunk", "a.chunk(4)", "f32[2,7]"), case("aten::unbind.int", "torch.unbind(a, 1)", "f32[2,3] t", strides=True), case("aten::tensor_split.sections", "torch.tensor_split(a, 3)", "f32[7]"), case("aten::tensor_split.indices", "torch.tensor_split(a, [1, 4], 1)", "f32[2,7]"),
    case("aten::unsafe_split.Tensor", "torch.unsafe_split(a, 2, 0)", "f32[5]"), case("aten::unsafe_chunk", "torch.unsafe_chunk(a, 2, 1)", "f32[2,5]"), case("aten::hsplit.int", "torch.hsplit(a, 2)", "f32[2,4]"),
]
