"""Random numbers are PyTorch's own, bit for bit, after manual_seed."""

from case import V, case

CASES = []
SIZES = ("[3]", "[15]", "[16]", "[17]", "[4, 5]", "[100]", "[0]")
for size in SIZES:
    for dtype in ("float32", "float64", "float16", "bfloat16"):
        CASES += [
            case("aten::rand", f"torch.rand({size}, dtype=torch.{dtype})", seeded=True),
            case("aten::randn", f"torch.randn({size}, dtype=torch.{dtype})", seeded=True),
        ]
    for dtype in ("int64", "int32", "uint8", "float32"):
        CASES.append(case("aten::randint.low", f"torch.randint(0, 100, {size}, dtype=torch.{dtype})", seeded=True))
    CASES += [
        case("aten::randint", f"torch.randint(10, {size})", seeded=True),
        case("aten::normal_", f"torch.zeros({size}).normal_(2.0, 3.0)", seeded=True),
        case("aten::uniform_", f"torch.zeros({size}).uniform_(-1.0, 2.0)", seeded=True),
        case("aten::bernoulli_.float", f"torch.zeros({size}).bernoulli_(0.3)", seeded=True),
        case("aten::exponential_", f"torch.zeros({size}).exponential_(1.5)", seeded=True),
        case("aten::random_", f"torch.zeros({size}, dtype=torch.int64).random_()", seeded=True),
        case("aten::random_.from", f"torch.zeros({size}).random_(3, 50)", seeded=True),
    ]
for n in (0, 1, 5, 64):
    CASES.append(case("aten::randperm", f"torch.randperm({n})", seeded=True))
for words in ("f32[3,5]", "f32[20]", "f64[20]", "f32[4,6] t"):
    CASES += [
        case("aten::rand_like", "torch.rand_like(a)", words, seeded=True, strides=True),
        case("aten::randn_like", "torch.randn_like(a)", words, seeded=True, strides=True),
        case("aten::bernoulli", "torch.bernoulli(a)", words + " 0..1", seeded=True),
        case("aten::dropout", "torch.dropout(a, 0.4, True)", words, seeded=True),
        case("aten::bernoulli_.float", "a.bernoulli_(0.25)", words, seeded=True),
        case("aten::randint_like", "torch.randint_like(a, 10)", words, seeded=True),
    ]
CASES += [
    case("aten::multinomial", "torch.multinomial(a, 1)", "f32[3,5] 0..1", seeded=True),
    case("aten::multinomial", "torch.multinomial(a, 3)", "f32[3,5] 0..1", seeded=True),
    case("aten::multinomial", "torch.multinomial(a, 8, replacement=True)", "f32[3,5] 0..1", seeded=True),
    case("aten::multinomial", "torch.multinomial(a, 1)", "f64[5] 0..1", seeded=True),
    case("aten::multinomial", "torch.multinomial(a, 2)", "f32[3] =-1,1,1", seeded=True, raises=True),
    case("aten::multinomial", "torch.multinomial(a, 6)", "f32[5] 0..1", seeded=True, raises=True),
    case("aten::normal.Tensor_float", "torch.normal(a, 2.0)", "f32[4]", seeded=True),
    case("aten::normal.float_Tensor", "torch.normal(1.0, a)", "f32[4] 0..1", seeded=True),
    case("aten::normal.Tensor_Tensor", "torch.normal(a, b)", "f32[20]", "f32[20] 0..1", seeded=True),
    case("aten::normal.float_float", "torch.normal(1.0, 2.0, [5])", seeded=True),
    case("aten::poisson", "torch.poisson(a)", "f32[10] 0..20", seeded=True),
    case("aten::geometric_", "a.geometric_(0.3)", "f32[6]", seeded=True),
    case("aten::cauchy_", "a.cauchy_()", "f32[6]", seeded=True),
    case("aten::log_normal_", "a.log_normal_()", "f32[20]", seeded=True),
    case("aten::bernoulli.p", "torch.bernoulli(a, 0.7)", "f32[9]", seeded=True),
    case("aten::feature_dropout", "torch.feature_dropout(a, 0.5, True)", "f32[2,6,3]", seeded=True),
    case("aten::alpha_dropout", "torch.alpha_dropout(a, 0.5, True)", "f32[20]", seeded=True),
    case("aten::rrelu", "torch.rrelu(a, 0.1, 0.4, True)", "f32[20]", seeded=True),
    case("aten::rand", "torch.rand([2]), torch.randn([3]), torch.rand([2])", seeded=True),
    case("aten::randn", "torch.randn([3]), torch.randn([20]), torch.randn([1])", seeded=True),
    case("aten::manual_seed", "torch.manual_seed(a)\nreturn torch.rand([3])", V(123)),
    case("aten::manual_seed", "torch.manual_seed(a)\nreturn torch.randn([30])", V(-7)),
    case("aten::bernoulli_.Tensor", "a.bernoulli_(b)", "f32[6]", "f32[6] 0..1", seeded=True),
    case("aten::rand", "torch.rand([2, 3]).t()", seeded=True),
    case("aten::randn", "torch.randn([3], dtype=torch.complex64)", seeded=True),
]
