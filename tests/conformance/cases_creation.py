"""New tensors from sizes, numbers and lists, and like other tensors."""

from case import V, case

CASES = []
DTYPES = "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64".split()
for dtype in DTYPES:
    CASES += [
        case("aten::zeros", f"torch.zeros([2, 3], dtype=torch.{dtype})"),
        case("aten::ones", f"torch.ones([2, 3], dtype=torch.{dtype})"),
        case("aten::full", f"torch.full([2], 1, dtype=torch.{dtype})"),
        case("aten::zeros_like", f"torch.zeros_like(a, dtype=torch.{dtype})", "f32[2,3] t", strides=True),
        case("aten::eye", f"torch.eye(3, dtype=torch.{dtype})"),
        case("aten::new_zeros", f"a.new_zeros([2], dtype=torch.{dtype})", "f32[1]"),
    ]
    if dtype not in ("bool", "complex64"):
        CASES += [
            case("aten::arange.start_step", f"torch.arange(0, 10, 3, dtype=torch.{dtype})"),
            case("aten::arange", f"torch.arange(5, dtype=torch.{dtype})"),
        ]
for words in ("f32[2,3,4]", "f32[2,3,4] t", "f32[2,3,4,5] cl", "f32[1,4] expand(3,4)", "i64[3,4] step", "f16[2]", "f32[0,2]"):
    for f, operator in (
        ("zeros_like(a)", "zeros_like"),
        ("ones_like(a)", "ones_like"),
        ("full_like(a, 2)", "full_like"),
        ("ones_like(a, memory_format=torch.contiguous_format)", "ones_like"),
    ):
        CASES.append(case(f"aten::{operator}", f"torch.{f}", words, strides=True))
    CASES += [
        case("aten::empty_like", "torch.empty_like(a)", words, strides=True, form=True),
        case("aten::new_ones", "a.new_ones([2, 2])", words),
        case("aten::new_full", "a.new_full([2, 2], 3)", words),
        case("aten::new_empty", "a.new_empty([2, 2])", words, form=True),
    ]
for source, operator in (
    ("torch.zeros(2, 3)", "zeros"),
    ("torch.zeros([])", "zeros"),
    ("torch.zeros(0, 2)", "zeros"),
    ("torch.ones([2], dtype=torch.float64)", "ones"),
    ("torch.full([2, 2], 1.5)", "full"),
    ("torch.full([2], 3)", "full"),
    ("torch.full([2], True)", "full"),
    ("torch.full([], 7)", "full"),
    ("torch.empty([2, 3])", "empty.memory_format"),
    ("torch.arange(5)", "arange"),
    ("torch.arange(5.5)", "arange"),
    ("torch.arange(2, 8)", "arange.start"),
    ("torch.arange(0.0, 1.0, 0.1)", "arange.start_step"),
    ("torch.arange(5, 0, -2)", "arange.start_step"),
    ("torch.arange(3, 3)", "arange.start"),
    ("torch.arange(1, 2, 0.25, dtype=torch.float64)", "arange.start_step"),
    ("torch.linspace(0, 1, 5)", "linspace"),
    ("torch.linspace(-2, 3, 7, dtype=torch.float64)", "linspace"),
    ("torch.linspace(0, 10, 1)", "linspace"),
    ("torch.linspace(0, 10, 4, dtype=torch.int64)", "linspace"),
    ("torch.linspace(1, 0, 33)", "linspace"),
    ("torch.logspace(0, 2, 5)", "logspace"),
    ("torch.logspace(0, 3, 4, 2.0)", "logspace"),
    ("torch.eye(2, 4)", "eye.m"),
    ("torch.hann_window(8)", "hann_window"),
    ("torch.hann_window(8, periodic=False)", "hann_window.periodic"),
    ("torch.hamming_window(7)", "hamming_window"),
    ("torch.blackman_window(6)", "blackman_window"),
    ("torch.bartlett_window(6)", "bartlett_window"),
    ("torch.kaiser_window(6)", "kaiser_window"),
    ("torch.scalar_tensor(3)", "scalar_tensor"),
    ("torch.tensor([1, 2, 3])", "tensor"),
    ("torch.tensor([[1.0, 2.0], [3.0, 4.0]])", "tensor"),
    ("torch.tensor([True, False])", "tensor"),
    ("torch.tensor(2.5)", "tensor.float"),
    ("torch.tensor(3)", "tensor.int"),
    ("torch.tensor(True)", "tensor.bool"),
    ("torch.tensor([1, 2], dtype=torch.float16)", "tensor"),
    ("torch.tensor([[1], [2]], dtype=torch.int32)", "tensor"),
    ("torch.as_tensor([1.5, 2.5])", "as_tensor.list"),
    ("torch.tensor(1 + 2j)", "tensor.complex"),
    ("torch.tensor(0.1, dtype=torch.float64)", "tensor.float"),  # that of float32
    ("torch.tensor([[0.1, 0.3]], dtype=torch.float64)", "tensor"),
    ("torch.tensor([0.9, 16777217.0, -3.7], dtype=torch.int64)", "tensor"),
    ("torch.tensor([16777217, 9007199254740993], dtype=torch.float64)", "tensor"),
    ("torch.tensor(0.1 + 0.3j, dtype=torch.complex128)", "tensor.complex"),
    ("torch.as_tensor([0.485, 0.456], dtype=torch.float64)", "as_tensor.list"),
    ("torch.as_tensor(0.485, dtype=torch.float64)", "as_tensor.float"),
    ("torch.zeros([2, 3, 4, 5]).to(memory_format=torch.channels_last)", "to.dtype_layout"),
    ("torch.empty_strided([2, 3], [1, 2])", "empty_strided"),
):
    CASES.append(case(f"aten::{operator}", source, form="empty" in operator, strides=True))
CASES += [
    case("aten::zeros", "torch.zeros([a, b])", V(2), V(0)),
    case("aten::zeros", "torch.zeros([a])", V(-1), raises=True),
    case("aten::arange.start_step", "torch.arange(a, b, c)", V(0), V(10), V(0), raises=True),
    case("aten::arange.start_step", "torch.arange(a, b, c)", V(0), V(10), V(-1), raises=True),
    case("aten::arange.start_step", "torch.arange(a, b, c)", V(0.5), V(3.0), V(0.7)),
    case("aten::arange", "torch.arange(a)", V(0)),
    case("aten::full", "torch.full(b, a)", V(2.5), V([2, 1])),
    case("aten::tensor", "torch.tensor(a)", V([[1, 2], [3, 4]])),
    case("aten::tensor", "torch.tensor(a)", V([[1, 2], [3]]), raises=True),
    case("aten::tensor", "torch.tensor(a)", V([1.5, 2.0])),
    case("aten::tensor", "torch.tensor(a, dtype=torch.float64)", V([True, False])),
    case("aten::tensor", "torch.tensor(a)", V([], "List[float]")),
    case("aten::tensor.float", "torch.tensor(a)", V(1.25)),
    case("aten::linspace", "torch.linspace(0.0, 1.0, a)", V(-1), raises=True),
    case("aten::clone", "a.clone()", "f32[2,3,4,5] cl", strides=True),
    case("aten::to.other", "a.to(b)", "f32[3]", "f64[1]"),
    case("aten::type_as", "a.type_as(b)", "f32[3]", "i64[1]"),
    case("aten::to.dtype", "a.double()", "f32[3]"),
]
