"""Linear algebra and Fourier transforms. Factorisations that are not unique are compared through what they rebuild."""

from case import COMPLEX, case, each

L = "torch.linalg"
REAL = ("f32", "f64")
CASES = []
for d in REAL + COMPLEX:
    CASES += [
        case("aten::linalg_inv", f"{L}.inv(a)", f"{d}[3,3] spd"),
        case("aten::linalg_det", f"{L}.det(a)", f"{d}[2,3,3] spd"),
        case("aten::linalg_solve", f"{L}.solve(a, b)", f"{d}[4,4] spd", f"{d}[4,2]"),
        case("aten::linalg_cholesky", f"{L}.cholesky(a)", f"{d}[2,4,4] spd"),
        case("aten::linalg_eigvalsh", f"{L}.eigvalsh(a)", f"{d}[4,4] spd"),
        case("aten::linalg_svdvals", f"{L}.svdvals(a)", f"{d}[3,5]"),
        case("aten::linalg_eigh", f"w, v = {L}.eigh(a)\nreturn w, v @ torch.diag_embed(w).to(a.dtype) @ v.mH", f"{d}[2,3,3] spd"),
        case(
            "aten::linalg_svd", f"u, s, v = {L}.svd(a, full_matrices=False)\nreturn s, u @ torch.diag_embed(s).to(a.dtype) @ v", f"{d}[4,3]"
        ),
        case("aten::linalg_qr", f"q, r = {L}.qr(a)\nreturn q @ r, r.abs()", f"{d}[4,3]"),
        case("aten::linalg_slogdet", f"s, l = {L}.slogdet(a)\nreturn s, l", f"{d}[3,3] spd"),
        case("aten::linalg_pinv.atol_rtol_float", f"{L}.pinv(a)", f"{d}[4,3]"),
        case("aten::linalg_matrix_power", f"{L}.matrix_power(a, 3)", f"{d}[2,3,3]"),
        case("aten::linalg_matrix_exp", f"{L}.matrix_exp(a)", f"{d}[3,3]"),
        case("aten::linalg_solve_triangular", f"{L}.solve_triangular(torch.tril(a), b, upper=False)", f"{d}[3,3] spd", f"{d}[3,2]"),
        case("aten::linalg_lu", f"p, l, u = {L}.lu(a)\nreturn p, l, u", f"{d}[4,4]"),
        case("aten::linalg_eigvals", f"torch.view_as_real({L}.eigvals(a)).sum(0)[:1]", f"{d}[3,3]"),
    ]
CASES += [
    case("aten::linalg_inv", "torch.inverse(a)", "f32[2,3,3] spd"),
    case("aten::linalg_inv", f"{L}.inv(a)", "f32[2,2] =0", raises=True),
    case("aten::linalg_inv", f"{L}.inv(a)", "f32[2,3]", raises=True),
    case("aten::linalg_cholesky", f"{L}.cholesky(a)", "f32[2,2] =-1,0,0,-1", raises=True),
    case("aten::linalg_cholesky", f"{L}.cholesky(a, upper=True)", "f32[3,3] spd"),
    case("aten::linalg_matrix_rank.atol_rtol_tensor", f"{L}.matrix_rank(a)", "f32[4,4] spd"),
    case("aten::linalg_matrix_norm.str_ord", f"{L}.matrix_norm(a)", "f32[3,4]"),
    case("aten::linalg_matrix_norm.str_ord", f"{L}.matrix_norm(a, 'nuc')", "f32[3,4]"),
    case("aten::linalg_matrix_norm", f"{L}.matrix_norm(a, 2)", "f32[3,4]"),
    case("aten::linalg_matrix_norm", f"{L}.matrix_norm(a, 1)", "f32[3,4]"),
    case("aten::linalg_norm", f"{L}.norm(a)", "f32[3,4]"),
    case("aten::linalg_norm.ord_str", f"{L}.norm(a, 'fro')", "f32[3,4]"),
    case("aten::linalg_cond", f"{L}.cond(a)", "f32[3,3] spd"),
    case("aten::linalg_multi_dot", f"{L}.multi_dot([a, b, c])", "f32[2,3]", "f32[3,4]", "f32[4,2]"),
    case("aten::linalg_cross", f"{L}.cross(a, b)", "f32[2,3]", "f32[2,3]"),
    case("aten::cross", "torch.cross(a, b, 0)", "f32[3,2]", "f32[3,2]"),
    case("aten::kron", "torch.kron(a, b)", "f32[2,2]", "f32[2,3]"),
    case("aten::trace", "torch.trace(a)", "f32[3,4]"),
    case("aten::logdet", "torch.logdet(a)", "f32[3,3] spd"),
    case("aten::cholesky_solve", "torch.cholesky_solve(a, b)", "f32[3,2]", "f32[3,3] spd"),
    case("aten::cholesky_inverse", "torch.cholesky_inverse(a)", "f32[3,3] spd"),
    case("aten::triangular_solve", "x, y = torch.triangular_solve(a, b)\nreturn x", "f32[3,2]", "f32[3,3] spd"),
    case("aten::linalg_lstsq", f"x, r, k, s = {L}.lstsq(a, b)\nreturn x", "f64[5,3]", "f64[5,2]"),
    case("aten::linalg_vecdot", f"{L}.vecdot(a, b)", "f32[3,4]", "f32[3,4]"),
    case("aten::vdot", "torch.vdot(a, b)", "c64[4]", "c64[4]"),
    case("aten::inner", "torch.inner(a, b)", "f32[2,3]", "f32[4,3]"),
    case("aten::addr", "torch.addr(a, b, c, beta=0.5)", "f32[3,4]", "f32[3]", "f32[4]"),
    case("aten::addbmm", "torch.addbmm(a, b, c)", "f32[3,2]", "f32[2,3,4]", "f32[2,4,2]"),
    case("aten::linalg_tensorinv", f"{L}.tensorinv(a, 1)", "f64[4,2,2]"),
    case("aten::linalg_householder_product", f"{L}.householder_product(a, b)", "f32[4,3]", "f32[3]"),
    case("aten::linalg_diagonal", f"{L}.diagonal(a)", "f32[3,4]"),
    case("aten::lu_solve", "lu, p = torch.linalg.lu_factor(a)\nreturn torch.lu_solve(b, lu, p)", "f32[3,3] spd", "f32[3,2]"),
    case("aten::linalg_vander", f"{L}.vander(a)", "f32[3]"),
    case("aten::linalg_inv_ex", f"x, i = {L}.inv_ex(a)\nreturn x, i", "f32[3,3] spd"),
    case("aten::linalg_cholesky_ex", f"x, i = {L}.cholesky_ex(a)\nreturn x, i", "f32[3,3] spd"),
    case("aten::linalg_det", f"{L}.det(a)", "f32[0,0]"),
]
T = "torch.fft"
for n in ("None", "5", "12"):
    for norm in ("None", "'ortho'", "'forward'"):
        CASES += [
            case("aten::fft_fft", f"{T}.fft(a, {n}, -1, {norm})", "c64[3,8]"),
            case("aten::fft_ifft", f"{T}.ifft(a, {n}, 0, {norm})", "c64[8,2]"),
            case("aten::fft_rfft", f"{T}.rfft(a, {n}, -1, {norm})", "f32[3,8]"),
            case("aten::fft_irfft", f"{T}.irfft(a, {n}, -1, {norm})", "c64[3,7]"),
            case("aten::fft_hfft", f"{T}.hfft(a, {n}, -1, {norm})", "c64[5]"),
            case("aten::fft_ihfft", f"{T}.ihfft(a, {n}, -1, {norm})", "f64[8]"),
        ]
for length in (1, 2, 3, 7, 16, 30, 97, 256):
    CASES += [case("aten::fft_fft", f"{T}.fft(a)", f"c128[{length}]"), case("aten::fft_rfft", f"{T}.rfft(a)", f"f64[{length}]")]
CASES += each(REAL, "aten::fft_fft", f"{T}.fft(a)", "*[6]") + [
    case("aten::fft_fft2", f"{T}.fft2(a)", "c64[2,4,6]"),
    case("aten::fft_ifft2", f"{T}.ifft2(a, norm='ortho')", "c64[4,6]"),
    case("aten::fft_rfft2", f"{T}.rfft2(a)", "f32[4,6]"),
    case("aten::fft_irfft2", f"{T}.irfft2(a)", "c64[4,4]"),
    case("aten::fft_fftn", f"{T}.fftn(a, [4, 3], [0, 2])", "c64[3,4,5]"),
    case("aten::fft_ifftn", f"{T}.ifftn(a)", "c64[2,3,4]"),
    case("aten::fft_rfftn", f"{T}.rfftn(a)", "f32[2,3,4]"),
    case("aten::fft_irfftn", f"{T}.irfftn(a)", "c64[2,3,4]"),
    case("aten::fft_fftshift", f"{T}.fftshift(a)", "f32[4,5]"),
    case("aten::fft_ifftshift", f"{T}.ifftshift(a, [1])", "f32[4,5]"),
    case("aten::fft_fftfreq", f"{T}.fftfreq(5, 0.5)"),
    case("aten::fft_rfftfreq", f"{T}.rfftfreq(6)"),
    case("aten::fft_fft", f"{T}.fft(a)", "f32[0]", raises=True),
    case("aten::fft_fft", f"{T}.fft(a)", "i64[4]"),
    case("aten::stft", "torch.stft(a, 16, 4, 16, window=b, return_complex=True)", "f32[2,64]", "f32[16] 0..1"),
    case("aten::stft", "torch.stft(a, 16, return_complex=True, center=False, onesided=False)", "f32[64]"),
    case("aten::istft", "torch.istft(a, 16, 4, window=b)", "c64[9,20]", "f32[16] 0.5..1"),
    case("aten::stft", "torch.stft(a, 8, 2, normalized=True, pad_mode='constant', return_complex=True)", "f64[40]"),
]
