"""Layers: linear, convolution, pooling, normalisation, activation, embedding, attention, recurrence, resizing, losses."""

from case import COMPLEX, FLOATS, case, each

F = "torch.nn.functional"
CASES = []
for d in FLOATS:
    CASES += [
        case("aten::linear", f"{F}.linear(a, b, c)", f"{d}[3,5]", f"{d}[4,5]", f"{d}[4]"),
        case("aten::matmul", "torch.matmul(a, b)", f"{d}[3,5]", f"{d}[5,4]"),
        case("aten::conv2d", f"{F}.conv2d(a, b, c, padding=1)", f"{d}[1,2,5,5]", f"{d}[3,2,3,3]", f"{d}[3]"),
        case("aten::layer_norm", f"{F}.layer_norm(a, [6], b, c)", f"{d}[3,6]", f"{d}[6]", f"{d}[6]"),
        case("aten::batch_norm", f"{F}.batch_norm(a, b, c)", f"{d}[2,3,4]", f"{d}[3]", f"{d}[3] 1..2"),
        case("aten::avg_pool2d", f"{F}.avg_pool2d(a, 2)", f"{d}[1,2,4,4]"),
        case(
            "aten::scaled_dot_product_attention",
            f"{F}.scaled_dot_product_attention(a, b, c)",
            f"{d}[2,3,5,4]",
            f"{d}[2,3,6,4]",
            f"{d}[2,3,6,4]",
        ),
    ]
for left in ("f32[3,5]", "f32[2,3,5]", "f32[5]", "f32[3,5] t", "f32[0,5]", "f32[2,3,4,5] step", "f32[1,1,5]", "f32[64,5]"):
    CASES += [
        case("aten::linear", f"{F}.linear(a, b, c)", left, "f32[4,5]", "f32[4]", strides=True),
        case("aten::linear", f"{F}.linear(a, b)", left, "f32[4,5] t"),
    ]
CASES += [
    case("aten::linear", f"{F}.linear(a, b)", "f32[3,4]", "f32[4,5]", raises=True),
    case("aten::linear", f"{F}.linear(a, b)", "f32[3,128]", "f32[257,128]"),
    case("aten::linear", f"{F}.linear(a, b)", "f32[3,5]", "f32[5]"),
]
for left, right in (
    ("f32[5]", "f32[5]"),
    ("f32[3,5]", "f32[5]"),
    ("f32[5]", "f32[5,4]"),
    ("f32[2,3,5]", "f32[5,4]"),
    ("f32[2,3,5]", "f32[2,5,4]"),
    ("f32[2,1,3,5]", "f32[4,5,2]"),
    ("f32[3,5] t", "f32[5,4] t"),
    ("f32[2,3,5] t", "f32[2,5,4] t"),
    ("f32[5]", "f32[2,5,3]"),
    ("f32[2,3,5]", "f32[5]"),
    ("f32[0,5]", "f32[5,2]"),
    ("f32[3,0]", "f32[0,2]"),
    ("i64[3,4]", "i64[4,2]"),
    ("c64[3,4]", "c64[4,2]"),
    ("f32[70,90]", "f32[90,50]"),
    ("f32[1,5] expand(3,5)", "f32[5,4] step"),
):
    CASES.append(case("aten::matmul", "torch.matmul(a, b)", left, right, strides=True))
CASES += [
    case("aten::matmul", "a @ b", "f32[3,4]", "f32[3,4]", raises=True),
    case("aten::matmul", "a @ b", "f32[3,4]", "f64[4,2]", raises=True),
    case("aten::mm", "torch.mm(a, b)", "f32[3,4]", "f32[4,2]"),
    case("aten::bmm", "torch.bmm(a, b)", "f32[2,3,4]", "f32[2,4,2] t", strides=True),
    case("aten::mv", "torch.mv(a, b)", "f32[3,4]", "f32[4]"),
    case("aten::dot", "torch.dot(a, b)", "f32[40]", "f32[40]"),
    case("aten::addmm", "torch.addmm(a, b, c, beta=0.5, alpha=2)", "f32[2]", "f32[3,4]", "f32[4,2]"),
    case("aten::addmm", "torch.addmm(a, b, c, beta=0)", "f32[3,2] =nan", "f32[3,4]", "f32[4,2]"),
    case("aten::baddbmm", "torch.baddbmm(a, b, c)", "f32[2,3,2]", "f32[2,3,4]", "f32[2,4,2]"),
    case("aten::addmv", "torch.addmv(a, b, c)", "f32[3]", "f32[3,4]", "f32[4]"),
    case("aten::outer", "torch.outer(a, b)", "f32[3]", "f32[4]"),
    case("aten::bilinear", f"{F}.bilinear(a, b, c)", "f32[2,3]", "f32[2,4]", "f32[5,3,4]"),
    case("aten::chain_matmul", "torch.chain_matmul([a, b])", "f32[2,3]", "f32[3,4]"),
]
for equation, *args in (
    ("ij,jk->ik", "f32[2,3]", "f32[3,4]"),
    ("bij,bjk->bik", "f32[2,3,4]", "f32[2,4,5]"),
    ("ii->i", "f32[3,3]"),
    ("ij->", "f32[2,3]"),
    ("ij->ji", "f32[2,3]"),
    ("bhid,bhjd->bhij", "f32[2,2,3,4]", "f32[2,2,5,4]"),
    ("i,j->ij", "f32[2]", "f32[3]"),
    ("...ij,jk", "f32[2,2,3]", "f32[3,4]"),
    ("iji->j", "i32[1,3,1]"),
    ("ij,k->jk", "i32[1,3]", "i32[2]"),
):
    CASES.append(case("aten::einsum", f"torch.einsum('{equation}', [{', '.join('abc'[:len(args)])}])", *args))

SHAPES = [  # input, weight, then stride, padding, dilation, groups
    ("[2,3,9,8]", "[4,3,3,3]", "1, 0, 1, 1"),
    ("[2,3,9,8]", "[4,3,3,3]", "2, 1, 1, 1"),
    ("[2,3,9,8]", "[4,3,3,2]", "[1, 2], [1, 0], 1, 1"),
    ("[2,3,9,8]", "[4,3,3,3]", "1, 2, 2, 1"),
    ("[1,4,6,6]", "[4,1,3,3]", "1, 1, 1, 4"),
    ("[1,4,6,6]", "[8,1,3,3]", "2, 1, 1, 4"),
    ("[1,4,6,6]", "[6,2,3,3]", "1, 1, 1, 2"),
    ("[2,8,5,5]", "[16,8,1,1]", "1, 0, 1, 1"),
    ("[2,8,5,5]", "[16,8,1,1]", "2, 0, 1, 1"),
    ("[1,3,20,20]", "[8,3,7,7]", "2, 3, 1, 1"),
    ("[1,16,9,9]", "[16,16,3,3]", "1, 1, 1, 1"),
    ("[1,16,9,9]", "[16,1,5,5]", "1, 2, 1, 16"),
    ("[3,6,6]", "[4,3,3,3]", "1, 0, 1, 1"),
    ("[1,2,4,4]", "[3,2,4,4]", "1, 0, 1, 1"),
    ("[2,3,5,7]", "[2,3,1,7]", "1, 0, 1, 1"),
    ("[0,3,5,5]", "[2,3,3,3]", "1, 0, 1, 1"),
    ("[1,33,10,10]", "[17,33,3,3]", "1, 1, 1, 1"),
    ("[1,16,12,12]", "[16,1,3,3]", "1, 2, 2, 16"),
]
for x, w, rest in SHAPES:
    CASES += [
        case("aten::conv2d", f"{F}.conv2d(a, b, c, {rest})", f"f32{x}", f"f32{w}", f"f32[{w[1:].split(',')[0]}]", strides=True),
        case("aten::conv2d", f"{F}.conv2d(a, b, None, {rest})", f"f64{x}", f"f64{w}"),
    ]
    if x.count(",") == 3:
        CASES.append(
            case("aten::conv2d", f"{F}.conv2d(a, b, c, {rest})", f"f32{x} cl", f"f32{w}", f"f32[{w[1:].split(',')[0]}]", strides=True)
        )
for x, w, rest in (
    ("[2,3,10]", "[4,3,3]", "1, 0, 1, 1"),
    ("[2,3,10]", "[4,3,3]", "2, 1, 2, 1"),
    ("[2,4,10]", "[4,1,5]", "1, 2, 1, 4"),
    ("[3,10]", "[4,3,3]", "1, 0, 1, 1"),
    ("[1,1,100]", "[258,1,16]", "4, 0, 1, 1"),
):
    CASES.append(case("aten::conv1d", f"{F}.conv1d(a, b, None, {rest})", f"f32{x}", f"f32{w}", strides=True))
for x, w, rest in (
    ("[1,2,5,5,5]", "[3,2,3,3,3]", "1, 0, 1, 1"),
    ("[1,2,5,6,7]", "[4,1,3,3,3]", "[1, 2, 1], 1, 1, 2"),
    ("[1,2,5,5,5]", "[3,2,1,3,3]", "1, [0, 1, 1], 1, 1"),
):
    CASES.append(case("aten::conv3d", f"{F}.conv3d(a, b, None, {rest})", f"f32{x}", f"f32{w}", strides=True))
CASES += [
    case("aten::conv2d.padding", f"{F}.conv2d(a, b, None, 1, 'same')", "f32[1,2,5,6]", "f32[3,2,4,3]"),
    case("aten::conv2d.padding", f"{F}.conv2d(a, b, None, 1, 'valid', 2)", "f32[1,2,7,7]", "f32[3,2,3,3]"),
    case("aten::conv1d.padding", f"{F}.conv1d(a, b, padding='same', dilation=2)", "f32[1,2,7]", "f32[3,2,3]"),
    case("aten::conv2d", f"{F}.conv2d(a, b)", "f32[1,3,5,5]", "f32[4,2,3,3]", raises=True),
    case("aten::conv2d", f"{F}.conv2d(a, b)", "f32[1,2,2,2]", "f32[4,2,3,3]", raises=True),
    case("aten::conv2d", f"{F}.conv2d(a, b, c)", "f32[1,2,4,4]", "f32[4,2,3,3]", "f32[3]", raises=True),
]
for rest in ("1, 0, 0, 1, 1", "2, 1, 1, 1, 1", "2, 0, 0, 1, 2", "[1, 2], 1, [0, 1], 1, 1", "1, 2, 0, 1, 2"):
    CASES.append(
        case(
            "aten::conv_transpose2d.input", f"{F}.conv_transpose2d(a, b, c, {rest})", "f32[2,4,5,6]", "f32[4,3,3,3]", "f32[3]", strides=True
        )
    )
CASES += [
    case("aten::conv_transpose1d", f"{F}.conv_transpose1d(a, b, None, 4, 2, 1)", "f32[1,4,7]", "f32[4,2,8]"),
    case("aten::conv_transpose3d.input", f"{F}.conv_transpose3d(a, b, None, 2)", "f32[1,2,3,3,3]", "f32[2,3,2,2,2]"),
    case("aten::conv_transpose2d.input", f"{F}.conv_transpose2d(a, b, None, 1, 0, 0, 1, 2)", "f32[1,2,3,3] cl", "f32[2,3,2,2]"),
    case(
        "aten::_convolution",
        "torch._convolution(a, b, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True)",
        "f32[1,2,4,4]",
        "f32[3,2,3,3]",
    ),
    case("aten::convolution", "torch.convolution(a, b, None, [2, 2], [1, 1], [1, 1], True, [1, 1], 1)", "f32[1,2,4,4]", "f32[2,3,3,3]"),
    case("aten::col2im", "torch.ops.aten.col2im(a, [4, 4], [2, 2], [1, 1], [0, 0], [2, 2])", "f32[1,8,4]"),
    case("aten::im2col", f"{F}.unfold(a, 2, 1, 0, 2)", "f32[1,2,4,5]"),
]

POOL_INPUTS = ("f32[2,3,7,8]", "f32[2,3,7,8] cl", "f32[3,7,8]", "f64[2,3,7,8]")
for words in POOL_INPUTS:
    for rest in ("2", "3, 2, 1", "[3, 2], [2, 1]", "3, 1, 1"):
        CASES.append(case("aten::avg_pool2d", f"{F}.avg_pool2d(a, {rest})", words, strides=True))
        CASES.append(case("aten::max_pool2d", f"{F}.max_pool2d(a, {rest})", words, strides=True))
    CASES += [
        case("aten::max_pool2d", f"{F}.max_pool2d(a, 3, 2, 1, 1, ceil_mode=True)", words, strides=True),
        case("aten::max_pool2d", f"{F}.max_pool2d(a, 2, 1, 0, 2)", words),
        case("aten::avg_pool2d", f"{F}.avg_pool2d(a, 3, 2, 1, True, False)", words),
        case("aten::avg_pool2d", f"{F}.avg_pool2d(a, 3, 2, 1, divisor_override=4)", words),
        case("aten::adaptive_avg_pool2d", f"{F}.adaptive_avg_pool2d(a, 1)", words, strides=True),
        case("aten::adaptive_avg_pool2d", f"{F}.adaptive_avg_pool2d(a, [3, 5])", words, strides=True),
        case("aten::adaptive_max_pool2d", f"{F}.adaptive_max_pool2d(a, [3, 2])", words),
        case("aten::max_pool2d_with_indices", f"v, i = {F}.max_pool2d_with_indices(a, 3, 2, 1)\nreturn v, i", words, strides=True),
    ]
CASES += [
    case("aten::max_pool1d", f"{F}.max_pool1d(a, 3, 2)", "f32[2,3,9]"),
    case("aten::avg_pool1d", f"{F}.avg_pool1d(a, 3, 2, 1)", "f32[2,3,9]"),
    case("aten::max_pool3d", f"{F}.max_pool3d(a, 2)", "f32[1,2,4,5,6]"),
    case("aten::avg_pool3d", f"{F}.avg_pool3d(a, 2, 1)", "f32[1,2,4,5,6]"),
    case("aten::adaptive_avg_pool1d", f"{F}.adaptive_avg_pool1d(a, 4)", "f32[2,3,9]"),
    case("aten::adaptive_avg_pool3d", f"{F}.adaptive_avg_pool3d(a, 2)", "f32[1,2,4,5,6]"),
    case("aten::adaptive_max_pool1d", f"{F}.adaptive_max_pool1d(a, 4)", "f32[2,3,9]"),
    case("aten::max_pool2d", f"{F}.max_pool2d(a, 2)", "f32[1,1,4,4] =nan,1,2,3,-inf"),
    case("aten::max_pool2d", f"{F}.max_pool2d(a, 2, 2, 2)", "f32[1,1,4,4]", raises=True),
    case("aten::avg_pool2d", f"{F}.avg_pool2d(a, 5)", "f32[1,1,4,4]", raises=True),
    case("aten::max_pool2d", f"{F}.max_pool2d(a, 2)", "f32[0,3,4,4]"),
    case("aten::max_unpool2d", "torch.ops.aten.max_unpool2d(a, b, [4, 4])", "f32[1,1,2,2]", "i64[1,1,2,2] =0,3,8,15"),
]

for words, size in (
    ("f32[3,6]", "[6]"),
    ("f32[2,3,6]", "[3, 6]"),
    ("f32[2,3,6] t", "[6]"),
    ("f32[0,6]", "[6]"),
    ("f32[5,1000]", "[1000]"),
    ("f32[2,3,6] step", "[6]"),
):
    count = size.strip("[]")
    CASES += [
        case(
            "aten::layer_norm",
            f"{F}.layer_norm(a, {size}, b, c, 1e-6)",
            words,
            f"f32[{count.replace(' ', '')}]",
            f"f32[{count.replace(' ', '')}]",
            strides=True,
        ),
        case("aten::layer_norm", f"{F}.layer_norm(a, {size})", words),
        case("aten::rms_norm", f"torch.rms_norm(a, {size}, b)", words, f"f32[{count.replace(' ', '')}]"),
    ]
CASES += each(COMPLEX, "aten::rms_norm", "torch.rms_norm(a, [3], b, 1e-4)", "*[2,3]", "*[3]") + [
    case("aten::rms_norm", "torch.rms_norm(a, [2, 3])", "c64[4,2,3]"),
]
for words in ("f32[4,3]", "f32[2,3,5]", "f32[2,3,4,5]", "f32[2,3,4,5] cl", "f32[1,3,2,3,4]", "f32[0,3,2,2]"):
    CASES += [
        case("aten::batch_norm", f"{F}.batch_norm(a, b, c, d, e)", words, "f32[3]", "f32[3] 1..2", "f32[3]", "f32[3]", strides=True),
        (
            case(
                "aten::batch_norm",
                f"{F}.batch_norm(a, b, c, d, e, True, 0.3)",
                words,
                "f32[3]",
                "f32[3] 1..2",
                "f32[3]",
                "f32[3]",
                raises=words == "f32[0,3,2,2]",
            )
            if "0" not in words
            else case("aten::batch_norm", f"{F}.batch_norm(a, b, c)", words, "f32[3]", "f32[3] 1..2")
        ),
    ]
CASES += [
    case("aten::group_norm", f"{F}.group_norm(a, 2, b, c)", "f32[2,4,3,3]", "f32[4]", "f32[4]", strides=True),
    case("aten::group_norm", f"{F}.group_norm(a, 2)", "f32[2,4,3,3] cl"),
    case("aten::group_norm", f"{F}.group_norm(a, 3)", "f32[2,4,3]", raises=True),
    case("aten::instance_norm", f"{F}.instance_norm(a)", "f32[2,3,4,5]"),
    case("aten::instance_norm", f"{F}.instance_norm(a, weight=b, bias=c)", "f32[2,3,6]", "f32[3]", "f32[3]"),
    case(
        "aten::native_layer_norm", "v, m, r = torch.native_layer_norm(a, [4], b, c, 1e-5)\nreturn v, m, r", "f32[3,4]", "f32[4]", "f32[4]"
    ),
    case("aten::norm.ScalarOpt_dim", f"{F}.normalize(a, 2.0, 1)", "f32[3,4]"),
    case("aten::layer_norm", f"{F}.layer_norm(a, [5])", "f32[3,4]", raises=True),
    case("aten::avg_pool3d", f"{F}.local_response_norm(a, 2)", "f32[1,3,4,4]"),
]

ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "celu": "celu",
    "leaky_relu": "leaky_relu",
    "gelu": "gelu",
    "silu": "silu",
    "mish": "mish",
    "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid",
    "hardtanh": "hardtanh",
    "softplus": "softplus",
    "log_sigmoid": "logsigmoid",
    "hardshrink": "hardshrink",
    "softshrink": "softshrink",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
}
for operator, name in ACTIVATIONS.items():
    CASES += each(FLOATS, f"aten::{operator}", f"{F}.{name}(a)", "*[3,7]")
    CASES += [
        case(f"aten::{operator}", f"{F}.{name}(a)", words, strides=True)
        for words in ("f32[4,3] t", "f32[2,3,4,4] cl", "f32[0]", "f32[200] -20..20")
    ]
    if name != "gelu":  # PyTorch's vector code makes NaN of infinities, its scalar code does not
        CASES.append(case(f"aten::{operator}", f"{F}.{name}(a)", "f32[14] special", strides=True))
for name in ("relu", "relu6", "elu", "leaky_relu", "silu", "hardswish", "hardtanh"):
    CASES.append(case(f"aten::{name}_", f"{F}.{name}(a, inplace=True)", "f32[3,4]"))
CASES += [
    case("aten::gelu", f"{F}.gelu(a, approximate='tanh')", "f32[20]"),
    case("aten::leaky_relu", f"{F}.leaky_relu(a, 0.2)", "f32[9]"),
    case("aten::elu", f"{F}.elu(a, 0.5)", "f32[9]"),
    case("aten::softplus", f"{F}.softplus(a, 2.0, 3.0)", "f32[9]"),
    case("aten::prelu", f"{F}.prelu(a, b)", "f32[2,3,4]", "f32[3]"),
    case("aten::prelu", f"{F}.prelu(a, b)", "f32[5]", "f32[1]"),
    case("aten::glu", f"{F}.glu(a, 1)", "f32[2,6]"),
    case("aten::glu", f"{F}.glu(a)", "f32[2,5]", raises=True),
    case("aten::rrelu", f"{F}.rrelu(a)", "f32[6]"),
    case("aten::threshold", f"{F}.threshold(a, 0.0, -1.0)", "f32[6]"),
    case("aten::dropout", f"{F}.dropout(a, 0.5, False)", "f32[6]"),
]

for i in ("i64[3,2] 0..6", "i32[4] 0..6", "i64[0]", "i64[] =3"):
    CASES.append(case("aten::embedding", f"{F}.embedding(a, b)", i, "f32[6,4]", strides=True))
CASES += [
    case("aten::embedding", f"{F}.embedding(a, b, padding_idx=1)", "i64[3] 0..6", "f32[6,4]"),
    case("aten::embedding", f"{F}.embedding(a, b)", "i64[1] =6", "f32[6,4]", raises=True),
    case("aten::embedding", f"{F}.embedding(a, b)", "i64[1] =-1", "f32[6,4]", raises=True),
    case("aten::one_hot", f"{F}.one_hot(a, 5)", "i64[2,3] 0..5"),
    case("aten::one_hot", f"{F}.one_hot(a)", "i64[4] 0..4"),
    case("aten::embedding_bag.padding_idx", f"{F}.embedding_bag(a, b, c, mode='mean')", "i64[5] 0..6", "f32[6,4]", "i64[2] =0,3"),
    case("aten::cosine_similarity", "torch.cosine_similarity(a, b, 1)", "f32[3,4]", "f32[3,4]"),
    case("aten::pairwise_distance", "torch.pairwise_distance(a, b)", "f32[3,4]", "f32[3,4]"),
    case("aten::cdist", "torch.cdist(a, b)", "f32[3,4]", "f32[5,4]"),
    case("aten::pdist", "torch.pdist(a)", "f32[4,3]"),
]
ATTENTION = ("f32[2,2,5,4]", "f32[2,2,6,4]", "f32[2,2,6,3]")
CASES += [
    case("aten::scaled_dot_product_attention", f"{F}.scaled_dot_product_attention(a, b, c{tail})", *ATTENTION, *mask)
    for tail, mask in (
        ("", ()),
        (", is_causal=True", ()),
        (", scale=0.3", ()),
        (", attn_mask=d", ("bool[5,6] =1,1,0",)),
        (", attn_mask=d", ("f32[2,1,5,6]",)),
    )
]
CASES += [
    case(
        "aten::scaled_dot_product_attention",
        f"{F}.scaled_dot_product_attention(a, b, c, enable_gqa=True)",
        "f32[1,4,3,8]",
        "f32[1,2,3,8]",
        "f32[1,2,3,8]",
    ),
    case("aten::scaled_dot_product_attention", f"{F}.scaled_dot_product_attention(a, b, c)", "f32[3,5,4]", "f32[3,6,4]", "f32[3,6,4]"),
    case(
        "aten::scaled_dot_product_attention",
        f"{F}.scaled_dot_product_attention(a, b, c)",
        "f32[1,2,70,64]",
        "f32[1,2,70,64]",
        "f32[1,2,70,64]",
    ),
]

for mode, operator in (
    ("nearest", "upsample_nearest2d.vec"),
    ("bilinear", "upsample_bilinear2d.vec"),
    ("bicubic", "upsample_bicubic2d.vec"),
    ("nearest-exact", "_upsample_nearest_exact2d.vec"),
):
    corners = (", align_corners=False", ", align_corners=True") if mode in ("bilinear", "bicubic") else ("",)
    for extra in corners:
        for target in ("size=[7, 9]", "size=[3, 2]", "scale_factor=2.0", "scale_factor=[1.5, 0.7]"):
            CASES += [
                case(f"aten::{operator}", f"{F}.interpolate(a, {target}, mode='{mode}'{extra})", words, strides=True)
                for words in ("f32[1,2,4,5]", "f32[2,3,4,5] cl")
            ]
    if extra:
        CASES.append(
            case(f"aten::_upsample_{mode}2d_aa.vec", f"{F}.interpolate(a, size=[3, 4], mode='{mode}', antialias=True)", "f32[1,2,9,9]")
        )
CASES += [
    case("aten::upsample_nearest1d.vec", f"{F}.interpolate(a, scale_factor=2.0)", "f32[1,2,5]"),
    *(  # positions that fall beside an element when they are computed in another precision
        case(f"aten::{prefix}{rank}d.vec", f"{F}.interpolate(a, {target}, mode='{mode}')", f"{dtype}[2,3,{sizes}]{words}")
        for mode, prefix in (("nearest", "upsample_nearest"), ("nearest-exact", "_upsample_nearest_exact"))
        for rank, sizes in ((1, "40"), (2, "3,40"), (3, "2,3,40"))
        for target in ("scale_factor=1.2000000476837158", "scale_factor=1.7000000476837158", "scale_factor=2.3", f"size={[13] * (rank - 1) + [67]}")
        for dtype in ("f32", "f64", "u8")
        for words in ("", " cl")
        if not (words and rank == 1)
    ),
    case("aten::upsample_linear1d.vec", f"{F}.interpolate(a, size=7, mode='linear')", "f32[1,2,5]"),
    case("aten::upsample_nearest3d.vec", f"{F}.interpolate(a, scale_factor=2.0)", "f32[1,2,2,3,4]"),
    case("aten::upsample_trilinear3d.vec", f"{F}.interpolate(a, size=[3, 4, 5], mode='trilinear', align_corners=True)", "f32[1,2,2,3,4]"),
    case("aten::upsample_bilinear2d", "torch.ops.aten.upsample_bilinear2d(a, [6, 6], False, 1.5, None)", "f32[1,2,4,4]"),
]
for mode in ("bilinear", "nearest", "bicubic"):
    for padding in ("zeros", "border", "reflection"):
        CASES += [
            case(
                "aten::grid_sampler",
                f"{F}.grid_sample(a, b, '{mode}', '{padding}', align_corners={corners})",
                "f32[1,2,4,5]",
                "f32[1,3,3,2] -1.3..1.3",
            )
            for corners in ("True", "False")
        ]
CASES += [case("aten::affine_grid_generator", f"{F}.affine_grid(a, [1, 1, 3, 4], align_corners=False)", "f32[1,2,3]")]
LSTM = ("f32[5,2,3]", "f32[1,2,4]", "f32[1,2,4]", "f32[16,3]", "f32[16,4]", "f32[16]", "f32[16]")
CASES += [
    case("aten::lstm.input", "o, h, c2 = torch.lstm(a, [b, c], [d, e, f, g], True, 1, 0.0, False, False, False)\nreturn o, h, c2", *LSTM),
    case(
        "aten::lstm.input",
        "o, h, c2 = torch.lstm(a, [b, c], [d, e, f, g], True, 1, 0.0, False, False, True)\nreturn o, h, c2",
        "f32[2,5,3]",
        *LSTM[1:],
    ),
    case(
        "aten::gru.input",
        "o, h = torch.gru(a, b, [c, d, e, f], True, 1, 0.0, False, False, False)\nreturn o, h",
        "f32[5,2,3]",
        "f32[1,2,4]",
        "f32[12,3]",
        "f32[12,4]",
        "f32[12]",
        "f32[12]",
    ),
    case(
        "aten::rnn_tanh.input",
        "o, h = torch.rnn_tanh(a, b, [c, d], False, 1, 0.0, False, False, False)\nreturn o, h",
        "f32[5,2,3]",
        "f32[1,2,4]",
        "f32[4,3]",
        "f32[4,4]",
    ),
    case("aten::lstm_cell", "h, c2 = torch.lstm_cell(a, [b, c], d, e, f, g)\nreturn h, c2", "f32[2,3]", "f32[2,4]", "f32[2,4]", *LSTM[3:]),
    case("aten::gru_cell", "torch.gru_cell(a, b, c, d, e, f)", "f32[2,3]", "f32[2,4]", "f32[12,3]", "f32[12,4]", "f32[12]", "f32[12]"),
]
for name, operator, target in (
    ("mse_loss", "mse_loss", "f32[3,4]"),
    ("l1_loss", "l1_loss", "f32[3,4]"),
    ("smooth_l1_loss", "smooth_l1_loss", "f32[3,4]"),
    ("huber_loss", "huber_loss", "f32[3,4]"),
    ("kl_div", "kl_div", "f32[3,4] 0..1"),
    ("binary_cross_entropy_with_logits", "binary_cross_entropy_with_logits", "f32[3,4] 0..1"),
    ("cross_entropy", "cross_entropy_loss", "i64[3] 0..4"),
    ("cross_entropy", "cross_entropy_loss", "f32[3,4] 0..1"),
    ("nll_loss", "nll_loss_nd", "i64[3] 0..4"),
):
    CASES += [case(f"aten::{operator}", f"{F}.{name}(a, b, reduction='{r}')", "f32[3,4]", target) for r in ("none", "mean", "sum")]
CASES += [
    case("aten::binary_cross_entropy", f"{F}.binary_cross_entropy(a, b)", "f32[3,4] 0..1", "f32[3,4] 0..1"),
    case(
        "aten::cross_entropy_loss",
        f"{F}.cross_entropy(a, b, c, ignore_index=1, label_smoothing=0.1)",
        "f32[3,4]",
        "i64[3] 0..4",
        "f32[4] 0..1",
    ),
]
CASES += [
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[8,4]", "f32[3,4,8]", "i32[3] =2,2,8"),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[8,4]", "f32[3,4,8] t", "i32[3] =1,5,8"),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[8,16]", "f32[16,8]", "i32[3] =4,8,16"),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[3,8,4]", "f32[4,8]", "i32[3] =2,4,8"),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b)", "bf16[3,8,8]", "bf16[3,8,8]"),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b)", "f32[8,4]", "f32[3,4,8]", raises=True),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[8,4]", "f32[3,4,8]", "i32[2] =2,8", raises=True),
    case("aten::_grouped_mm", "torch._grouped_mm(a, b, c)", "f32[8,4]", "f32[3,4,8]", "i64[3] =2,2,8", raises=True),
    case("aten::convolution", "torch.convolution(a, b, None, [1], [0], [1], False, [0], 1)", "f32[3,5,5]", "f32[4,3,3,3]", raises=True),
    case("aten::_convolution_mode", "torch._convolution_mode(a, b, None, [1], 'same', [1], 1)", "f32[3,5,5]", "f32[4,3,3,3]", raises=True),
    case("aten::_convolution_mode", "torch._convolution_mode(a, b, None, [1], 'same', [1], 1)", "f32[1,3,5,5]", "f32[4,3,3,3]"),
    case("aten::cross_entropy_loss", f"{F}.cross_entropy(a, b, ignore_index=1)", "f32[3,5]", "f32[3,5] 0..1", raises=True),
]

# Halves: PyTorch rounds between some of the steps.
for d in ("f16", "bf16"):
    CASES += [
        case("aten::conv_transpose2d.input", f"{F}.conv_transpose2d(a, b, c, 2, 1)", f"{d}[2,4,5,5]", f"{d}[4,3,3,3]", f"{d}[3]"),
        case("aten::conv_transpose1d", f"{F}.conv_transpose1d(a, b, c, 2, 1, 1, 2)", f"{d}[2,4,7]", f"{d}[4,2,3]", f"{d}[4]"),
        case("aten::conv_transpose2d.input", f"{F}.conv_transpose2d(a, b, None, 2, 0, 2, 1, 3)", f"{d}[2,4,5,5]", f"{d}[4,3,3,3]"),
        case("aten::log_softmax.int", f"{F}.log_softmax(a, -1)", f"{d}[6,70]"),
        case("aten::log_softmax.int", f"{F}.log_softmax(a, 0)", f"{d}[6,70]"),
        case("aten::instance_norm", f"{F}.instance_norm(a, b, c, d, e, True, 0.3)", f"{d}[3,4,5]", f"{d}[4]", f"{d}[4] 0..1", f"{d}[4]", f"{d}[4]"),
        case("aten::layer_norm", f"{F}.layer_norm(a, [1])", f"{d}[5,1]"),
        case("aten::batch_norm", f"{F}.batch_norm(a, b, c, None, None, True, 0.3), b, c", f"{d}[6,4,5]", f"{d}[4]", f"{d}[4] 0..1"),
        case("aten::addr", "torch.addr(a, b, c, beta=0.3, alpha=0.7)", f"{d}[5,6]", f"{d}[5]", f"{d}[6]"),
        case("aten::addbmm", "torch.addbmm(a, b, c, beta=0.3, alpha=0.7)", f"{d}[5,6]", f"{d}[4,5,3]", f"{d}[4,3,6]"),
        case("aten::add.Tensor", "torch.add(a, b, alpha=0.3), a.add_(b, alpha=-3.125)", f"{d}[5,5]", f"{d}[5,5]"),
        case("aten::sub.Tensor", "torch.sub(a, b, alpha=0.3)", f"{d}[16,8]", f"{d}[16,8]"),
        case("aten::huber_loss", f"{F}.huber_loss(a, b, 'none', 0.7)", f"{d}[40]", f"{d}[40]"),
        case("aten::smooth_l1_loss", f"{F}.smooth_l1_loss(a, b, reduction='none', beta=0.7)", f"{d}[40]", f"{d}[40]"),
        case("aten::hinge_embedding_loss", f"{F}.hinge_embedding_loss(a, b, 0.7, reduction='none')", f"{d}[40]", f"{d}[40] =1,-1"),
        case("aten::upsample_linear1d.vec", f"{F}.interpolate(a, size=19, mode='linear')", f"{d}[2,3,7]"),
        case("aten::upsample_trilinear3d.vec", f"{F}.interpolate(a, size=[5, 3, 7], mode='trilinear')", f"{d}[2,3,4,4,4]"),
        case("aten::scaled_dot_product_attention", f"{F}.scaled_dot_product_attention(a, b, b, c)", f"{d}[2,3,5,8]", f"{d}[2,3,9,8]", f"{d}[5,9]"),
        case("aten::scaled_dot_product_attention", f"{F}.scaled_dot_product_attention(a, b, b, is_causal=True)", f"{d}[2,3,5,8]", f"{d}[2,3,5,8]"),
        case("aten::scaled_dot_product_attention", f"{F}.scaled_dot_product_attention(a, b, b)", f"{d}[3,5,8]", f"{d}[3,9,8]"),
    ]
    for mode in ("bilinear", "nearest", "bicubic"):
        for padding in ("zeros", "border", "reflection"):
            source = f"{F}.grid_sample(a, b, '{mode}', '{padding}', align_corners=False)"
            CASES.append(case("aten::grid_sampler", source, f"{d}[2,3,5,6]", f"{d}[2,4,4,2]"))
    CASES.append(case("aten::grid_sampler", f"{F}.grid_sample(a, b, align_corners=True)", f"{d}[2,3,4,5,6]", f"{d}[2,3,4,4,3]"))
for channels in (3, 7):
    for mode in ("bilinear", "bicubic"):
        for size in ("[3, 3]", "[20, 31]"):
            for antialias in (False, True):
                source = f"{F}.interpolate(a, {size}, mode='{mode}', antialias={antialias})"
                operator = f"aten::_upsample_{mode}2d_aa.vec" if antialias else f"aten::upsample_{mode}2d.vec"
                CASES.append(case(operator, source, f"u8[2,{channels},12,10] 0..256"))
