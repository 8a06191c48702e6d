"""Fourier transforms: layouts of results, many dimensions, real halves, refusals, and the short-time transform."""

from case import COMPLEX, case

T = "torch.fft"
CASES = []


def laid_out(operator, source, *args):
    return case(operator, source, *args, strides=True)


for d in ("f32", "f64") + COMPLEX:
    real = d[0] == "f"
    for order in ("", " t", " step"):
        a = f"{d}[2,3,6]{order}"
        for dim in (0, 1, 2):
            for name in ("fft", "ifft", "hfft", "irfft") + (("rfft", "ihfft") if real else ()):
                CASES.append(laid_out(f"aten::fft_{name}", f"{T}.{name}(a, dim={dim})" if dim or name[0] in "fr" else f"{T}.{name}(a, 7, {dim})", a))
        for dims in ("None", "[0, 2]", "[2, 0]", "[1]", "[-1, -2]"):
            for name in ("fftn", "ifftn", "hfftn", "irfftn") + (("rfftn", "ihfftn") if real else ()):
                CASES.append(laid_out(f"aten::fft_{name}", f"{T}.{name}(a, None, {dims}, 'ortho')", a))
        for name in ("fft2", "ifft2", "hfft2", "irfft2") + (("rfft2", "ihfft2") if real else ()):
            CASES.append(laid_out(f"aten::fft_{name}", f"{T}.{name}(a, [5, 4])", a))
    # PyTorch's own error at a large prime is beyond the tolerance of single precision
    for length in (2, 9, 11, 35, 49, 61, 64, 67, 100, 127, 134, 243, 625, 1024) + ((1009,) if d in ("f64", "c128") else ()):
        a = f"{d}[3,{length}]"
        CASES += [
            case("aten::fft_fft", f"{T}.fft(a)", a),
            case("aten::fft_irfft", f"{T}.irfft(a)", a),
            case("aten::fft_irfft", f"{T}.irfft(a, {2 * length - 1})", a),
        ]
        if real:
            CASES += [case("aten::fft_rfft", f"{T}.rfft(a)", a), case("aten::fft_ihfft", f"{T}.ihfft(a, norm='forward')", a)]
    CASES += [case("aten::fft_fft", f"{T}.fft(a, dim=0)", f"{d}[12,50]"), case("aten::fft_fft2", f"{T}.fft2(a)", f"{d}[5,17,20] t")]
    CASES += [
        laid_out("aten::fft_fftshift", f"{T}.fftshift(a, [0, -1])", f"{d}[4,5]"),
        laid_out("aten::fft_ifftshift", f"{T}.ifftshift(a)", f"{d}[4,5]"),
        laid_out("aten::fft_fftn", f"{T}.fftn(a, [-1, 6])", f"{d}[3,4]"),
    ]
    window = "f64[8] 0.5..1" if d in ("f64", "c128") else "f32[8] 0.5..1"
    for options in ("", ", center=False", ", normalized=True", ", pad_mode='constant'", ", onesided=False", ", center=False, align_to_window=True"):
        for a in (f"{d}[2,40]", f"{d}[45] step"):
            tail = f"return_complex=True{options}"
            CASES += [
                laid_out("aten::stft", f"torch.stft(a, 10, 3, 8, b, {tail})", a, window),
                laid_out("aten::stft", f"torch.stft(a, 8, {tail})", a),
            ]
for d in COMPLEX:
    window = "f64[8] 0.5..1" if d == "c128" else "f32[8] 0.5..1"
    for options in ("", ", normalized=True", ", length=30", ", length=90", ", center=False"):
        CASES += [
            laid_out("aten::istft", f"torch.istft(a, 8, 2, 8, b{options})", f"{d}[5,20]", window),
            laid_out("aten::istft", f"torch.istft(a, 8, 3, 8, b{options}, onesided=False)", f"{d}[2,8,20]", window),
            laid_out("aten::istft", f"torch.istft(a, 8, 3, 8, b{options}, onesided=False, return_complex=True)", f"{d}[2,8,20]", window),
        ]
    CASES.append(case("aten::istft", "torch.istft(a, 10, 3, 8)", f"{d}[6,20]"))
for d in ("i64", "u8", "bool"):
    CASES += [
        case("aten::fft_fft", f"{T}.fft(a)", f"{d}[5]"),
        case("aten::fft_rfft", f"{T}.rfft(a)", f"{d}[6]"),
        case("aten::fft_irfftn", f"{T}.irfftn(a)", f"{d}[3,4]"),
        case("aten::fft_hfft", f"{T}.hfft(a)", f"{d}[4]"),
    ]
CASES += [
    laid_out("aten::_fft_c2c", "torch._fft_c2c(a, [0, 1], 2, False)", "c64[3,4,5] t"),
    laid_out("aten::_fft_r2c", "torch._fft_r2c(a, [2, 0], 1, True)", "f32[3,4,5]"),
    laid_out("aten::_fft_r2c", "torch._fft_r2c(a, [0, 1], 0, False)", "f32[3,4]"),
    laid_out("aten::_fft_c2r", "torch._fft_c2r(a, [0, 1], 0, 7)", "c64[3,4]"),
    case("aten::fft_fftfreq", f"{T}.fftfreq(8, 0.25, dtype=torch.float64)"),
    case("aten::fft_rfftfreq", f"{T}.rfftfreq(7)"),
    case("aten::stft", "torch.stft(a, 8, return_complex=False)", "f32[40]"),
    case("aten::stft.center", "torch.ops.aten.stft(a, 8, 3, 6, b, True, 'replicate', False, True, True)", "f32[2,20]", "f32[6]"),
    case("aten::unfold_backward", "torch.ops.aten.unfold_backward(a, [2, 10, 3], 1, 4, 2)", "f32[2,4,3,4]"),
]
BROKEN = [
    ("aten::fft_fft", f"{T}.fft(a)", "f16[4]"),
    ("aten::fft_fft", f"{T}.fft(a, 0)", "f32[4]"),
    ("aten::fft_fft", f"{T}.fft(a, dim=2)", "f32[4]"),
    ("aten::fft_fft", f"{T}.fft(a)", "f32[]"),
    ("aten::fft_fft", f"{T}.fft(a, norm='half')", "f32[4]"),
    ("aten::fft_rfft", f"{T}.rfft(a)", "c64[4]"),
    ("aten::fft_ihfft", f"{T}.ihfft(a)", "c64[4]"),
    ("aten::fft_irfft", f"{T}.irfft(a)", "c64[1]"),
    ("aten::fft_fftn", f"{T}.fftn(a, dim=[0, 0])", "f32[4,4]"),
    ("aten::fft_fftn", f"{T}.fftn(a, [2, 2, 2])", "f32[4,4]"),
    ("aten::fft_fftn", f"{T}.fftn(a, [2], [0, 1])", "f32[4,4]"),
    ("aten::fft_rfftn", f"{T}.rfftn(a)", "c64[4,4]"),
    ("aten::_fft_c2r", "torch._fft_c2r(a, [1], 0, 20)", "c64[3,4]"),
    ("aten::_fft_c2c", "torch._fft_c2c(a, [1], 0, True)", "f32[3,4]"),
    ("aten::fft_fftfreq", f"{T}.fftfreq(8, dtype=torch.int64)"),
    ("aten::stft", "torch.stft(a, 8)", "f32[40]"),
    ("aten::stft", "torch.stft(a, 80, return_complex=True, center=False)", "f32[40]"),
    ("aten::stft", "torch.stft(a, 8, 0, return_complex=True)", "f32[40]"),
    ("aten::stft", "torch.stft(a, 8, 2, 9, return_complex=True)", "f32[40]"),
    ("aten::stft", "torch.stft(a, 8, 2, 6, b, return_complex=True)", "f32[40]", "f32[8]"),
    ("aten::stft", "torch.stft(a, 8, return_complex=True)", "i32[40]"),
    ("aten::stft", "torch.stft(a, 8, return_complex=True, onesided=True)", "c64[40]"),
    ("aten::stft", "torch.stft(a, 8, return_complex=True, align_to_window=True)", "f32[40]"),
    ("aten::istft", "torch.istft(a, 10, 2)", "c64[5,20]"),
    ("aten::istft", "torch.istft(a, 8, 2)", "f32[5,20]"),
    ("aten::istft", "torch.istft(a, 8, 2, window=b)", "c64[5,20]", "f32[8] =0"),
    ("aten::istft", "torch.istft(a, 8, 9)", "c64[5,20]"),
]
CASES += [case(operator, source, *args, raises=True) for operator, source, *args in BROKEN]
