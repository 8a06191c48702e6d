"""Linear algebra beyond single matrices: batches, broadcasting, layouts of results, empty matrices, and what must be refused."""

from case import COMPLEX, V, case

L = "torch.linalg"
FLOATS = ("f32", "f64") + COMPLEX
CASES = []


def laid_out(operator, source, *args):
    return case(operator, source, *args, strides=True)


# What is unique is compared with its strides.
for d in FLOATS:
    for size in ("4,4", "2,5,3", "2,3,5", "0,3", "3,0", "2,0,0", "0,4,4"):
        for order in ("", " t"):
            a = f"{d}[{size}]{order}"
            CASES += [
                laid_out("aten::linalg_qr", f"q, r = {L}.qr(a)\nreturn q, r", a),
                laid_out("aten::linalg_qr", f"q, r = {L}.qr(a, 'complete')\nreturn q.shape, q.stride(), q.mH @ q, r", a),
                laid_out("aten::linalg_qr", f"q, r = {L}.qr(a, mode='r')\nreturn q, r", a),
                laid_out("aten::geqrf", "r, tau = torch.geqrf(a)\nreturn r, tau", a),
                laid_out("aten::linalg_lu", f"p, l, u = {L}.lu(a)\nreturn p, l, u", a),
                laid_out("aten::linalg_lu_factor_ex", f"lu, p, i = {L}.lu_factor_ex(a)\nreturn lu, p, i", a),
                laid_out("aten::linalg_svdvals", f"{L}.svdvals(a)", a),
                laid_out("aten::linalg_pinv.atol_rtol_float", f"{L}.pinv(a)", a if size != "4,4" else a + " spd"),
                case("aten::linalg_matrix_rank.atol_rtol_float", f"{L}.matrix_rank(a, atol=0.5, rtol=None)", a),
            ]
    for full in ("True", "False"):
        for size in ("4,4", "2,5,3", "2,3,5", "1,40,30", "30,40", "0,3", "3,0"):
            CASES.append(
                case(
                    "aten::linalg_svd",
                    f"u, s, v = {L}.svd(a, full_matrices={full})\n"
                    "k = s.size(-1)\n"
                    "rebuilt = u[..., :k] @ torch.diag_embed(s).to(a.dtype) @ v[..., :k, :]\n"
                    "return rebuilt, s, u.mH @ u, v @ v.mH, u.stride(), v.stride()",
                    f"{d}[{size}]",
                )
            )
    a, b, lower = f"{d}[2,4,4] spd", f"{d}[2,4,3]", f"{d}[4,4] spd"
    CASES += [
        laid_out("aten::linalg_inv", f"{L}.inv(a)", a),
        laid_out("aten::linalg_inv_ex", f"x, i = {L}.inv_ex(a)\nreturn x, i", a + " t"),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b)", a, b),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b)", lower, b + " t"),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b)", a, f"{d}[2,4]"),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b)", lower, f"{d}[4]"),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b, left=False)", a, f"{d}[2,3,4]"),
        laid_out("aten::linalg_solve", f"{L}.solve(a, b)", f"{d}[3,1,4,4] spd", b),
        laid_out("aten::linalg_solve_ex", f"x, i = {L}.solve_ex(a, b)\nreturn x, i", f"{d}[4,4]", f"{d}[4,2]"),
        laid_out("aten::_linalg_solve_ex", "x, lu, p, i = torch._linalg_solve_ex(a, b)\nreturn x, lu, p, i", f"{d}[4,4]", f"{d}[4,2]"),
        laid_out("aten::_linalg_det", "x, lu, p = torch._linalg_det(a)\nreturn x, lu, p", f"{d}[2,4,4]"),
        laid_out("aten::_linalg_slogdet", "s, x, lu, p = torch._linalg_slogdet(a)\nreturn s, x, lu, p", f"{d}[2,4,4]"),
        laid_out("aten::linalg_cholesky", f"{L}.cholesky(a)", a),
        laid_out("aten::linalg_cholesky", f"{L}.cholesky(a, upper=True)", a),
        laid_out("aten::linalg_cholesky", f"{L}.cholesky(a)", f"{d}[150,150] spd"),
        laid_out("aten::cholesky", "torch.cholesky(a, True)", a),
        laid_out("aten::linalg_cholesky_ex", f"x, i = {L}.cholesky_ex(a)\nreturn i", f"{d}[2,2] =1,2,2,1"),
        laid_out("aten::cholesky_inverse", "torch.cholesky_inverse(a, b)", a, V(True)),
        laid_out("aten::cholesky_solve", "torch.cholesky_solve(a, b)", b, lower),
        laid_out("aten::cholesky_solve", "torch.cholesky_solve(a, b, True)", f"{d}[4,2]", a),
        laid_out("aten::linalg_lu_solve", f"lu, p = {L}.lu_factor(a)\nreturn {L}.lu_solve(lu, p, b)", a, b),
        laid_out("aten::linalg_lu_solve", f"lu, p = {L}.lu_factor(a)\nreturn {L}.lu_solve(lu, p, b, adjoint=True)", a, b),
        laid_out("aten::linalg_lu_solve", f"lu, p = {L}.lu_factor(a)\nreturn {L}.lu_solve(lu, p, b, left=False)", a, f"{d}[2,3,4]"),
        laid_out("aten::linalg_lu_solve", f"lu, p = {L}.lu_factor(a)\nreturn {L}.lu_solve(lu, p, b, left=False, adjoint=True)", a, f"{d}[3,4]"),
        laid_out("aten::lu_unpack", f"lu, p = {L}.lu_factor(a)\nx, y, z = torch.lu_unpack(lu, p, unpack_data=False)\nreturn x, y, z", a),
        laid_out("aten::lu_unpack", f"lu, p = {L}.lu_factor(a)\nx, y, z = torch.lu_unpack(lu, p, unpack_pivots=False)\nreturn x, y, z", a),
        laid_out("aten::linalg_eigvalsh", f"{L}.eigvalsh(a)", a),
        laid_out("aten::linalg_eigvalsh", f"{L}.eigvalsh(a, UPLO='U')", f"{d}[40,40]"),
        case(
            "aten::linalg_eigh",
            f"w, v = {L}.eigh(a)\nreturn w, v @ torch.diag_embed(w).to(a.dtype) @ v.mH, v.mH @ v, w.stride(), v.stride()",
            f"{d}[2,6,6] spd",
        ),
        case(
            "aten::linalg_eig",
            f"w, v = {L}.eig(a)\nx = a.to(w.dtype)\n"
            "return x @ v - v * w.unsqueeze(-2), torch.linalg.vector_norm(v, 2, [-2]), v.stride(), torch.sum(w, -1), torch.prod(w, -1)",
            f"{d}[2,6,6]",
        ),
        laid_out("aten::linalg_matrix_exp", f"{L}.matrix_exp(a)", f"{d}[2,4,4]"),
        laid_out("aten::linalg_matrix_exp", f"{L}.matrix_exp(a * 0.01)", f"{d}[4,4]"),
        laid_out("aten::linalg_matrix_exp", f"{L}.matrix_exp(a * 5.0)", f"{d}[3,3] 0..1"),
        laid_out("aten::linalg_householder_product", f"{L}.householder_product(a, b)", f"{d}[2,5,3]", f"{d}[2,3]"),
        laid_out("aten::linalg_householder_product", "torch.orgqr(a, b)", f"{d}[4,4]", f"{d}[2]"),
        laid_out("aten::linalg_tensorinv", f"{L}.tensorinv(a, 2)", f"{d}[2,3,6]"),
        laid_out("aten::linalg_tensorsolve", f"{L}.tensorsolve(a, b)", f"{d}[2,3,6]", f"{d}[2,3]"),
        laid_out("aten::linalg_tensorsolve", f"{L}.tensorsolve(a, b, [0])", f"{d}[2,1,2]", f"{d}[1,2]"),
        laid_out("aten::linalg_cross", f"{L}.cross(a, b, dim=1)", f"{d}[2,3,4]", f"{d}[1,3,4]"),
        laid_out("aten::linalg_vander", f"{L}.vander(a, N=5)", f"{d}[2,3]"),
        laid_out("aten::triangular_solve", "x, m = torch.triangular_solve(a, b, False, False, True)\nreturn x, m", b, f"{d}[4,4]"),
        laid_out("aten::linalg_det", f"{L}.det(a)", f"{d}[3,2,5,5]"),
        laid_out("aten::slogdet", "s, l = torch.slogdet(a)\nreturn s, l", f"{d}[2,0,0]"),
        laid_out("aten::logdet", "torch.logdet(a)", f"{d}[2,3,3]"),
        laid_out("aten::linalg_matrix_power", f"{L}.matrix_power(a, -2)", a),
    ]
    for upper in ("True", "False"):
        for unit in ("True", "False"):
            flags = f"upper={upper}, unitriangular={unit}"
            CASES += [
                laid_out("aten::linalg_solve_triangular", f"{L}.solve_triangular(a, b, {flags})", lower, b),
                laid_out("aten::linalg_solve_triangular", f"{L}.solve_triangular(a, b, left=False, {flags})", a, f"{d}[3,4]"),
                laid_out("aten::triangular_solve", f"x, m = torch.triangular_solve(a, b, {upper}, True, {unit})\nreturn x, m", b, lower),
            ]
    for left in ("True", "False"):
        for transpose in ("True", "False"):
            other = f"{d}[2,5,4]" if left == "True" else f"{d}[2,4,5]"
            CASES.append(laid_out("aten::ormqr", f"torch.ormqr(a, b, c, {left}, {transpose})", f"{d}[2,5,3]", f"{d}[2,3]", other))
    for hermitian in ("True", "False"):
        symmetric = "a + a.mH" if hermitian == "True" else "a + a.mT"
        for size in ("6,6", "2,5,5") + (("90,90",) if d in ("f64", "c128") else ()):
            CASES += [
                laid_out("aten::linalg_ldl_factor_ex", f"x, p, i = {L}.ldl_factor_ex({symmetric}, hermitian={hermitian})\nreturn x, p, i", f"{d}[{size}]"),
                laid_out(
                    "aten::linalg_ldl_solve",
                    f"x, p = {L}.ldl_factor({symmetric}, hermitian={hermitian})\nreturn {L}.ldl_solve(x, p, b, hermitian={hermitian})",
                    f"{d}[{size}]",
                    f"{d}[{size.split(',')[-1]},2]",
                ),
            ]
    for driver in ("gels", "gelsy", "gelsd", "gelss"):
        for size, side in (("5,3", "5,2"), ("3,5", "3,2"), ("2,5,3", "2,5"), ("5,3", "5"), ("0,3", "0,2"), ("3,0", "3,2")):
            CASES.append(
                laid_out("aten::linalg_lstsq", f"x, r, k, s = {L}.lstsq(a, b, driver='{driver}')\nreturn x, r, k, s", f"{d}[{size}]", f"{d}[{side}]")
            )
    for p in ("None", "2", "-2", "1", "-1", "float('inf')", "-float('inf')", "'fro'", "'nuc'"):
        operator = "aten::linalg_cond.p_str" if p[0] == "'" else "aten::linalg_cond"
        CASES.append(case(operator, f"{L}.cond(a, {p})", f"{d}[2,4,4]"))
        if p != "None":
            for size in ("0,3", "3,0", "2,3,4"):
                operator = "aten::linalg_matrix_norm.str_ord" if p[0] == "'" else "aten::linalg_matrix_norm"
                refused = size != "2,3,4" and (p == "-2" or (p, size) in (("-1", "3,0"), ("-float('inf')", "0,3")))
                CASES.append(case(operator, f"{L}.matrix_norm(a, {p}, keepdim=True)", f"{d}[{size}]", raises=refused))

a, b = "f32[3,3]", "f32[3,2]"
BROKEN = [
    ("aten::linalg_inv", f"{L}.inv(a)", "f32[2,2,2] =1,0,0,1,0,0,0,0"),
    ("aten::linalg_inv", f"{L}.inv(a)", "f32[3]"),
    ("aten::linalg_inv", f"{L}.inv(a)", "i64[3,3]"),
    ("aten::linalg_inv", f"{L}.inv(a)", "f16[3,3]"),
    ("aten::linalg_det", f"{L}.det(a)", "f32[2,3]"),
    ("aten::linalg_solve", f"{L}.solve(a, b)", "f32[3,3] =0", b),
    ("aten::linalg_solve", f"{L}.solve(a, b)", a, "f64[3,2]"),
    ("aten::linalg_solve", f"{L}.solve(a, b)", a, "f32[4,2]"),
    ("aten::linalg_cholesky", f"{L}.cholesky(a)", "f32[2,2] =1,2,2,1"),
    ("aten::linalg_cholesky", f"{L}.cholesky(a)", "f32[2,2] =nan,0,0,1"),
    ("aten::cholesky_inverse", "torch.cholesky_inverse(a)", "f32[2,2] =0,1"),
    ("aten::linalg_lu_factor", f"x, p = {L}.lu_factor(a)\nreturn x", "f32[2,2] =0"),
    ("aten::linalg_lu", f"x, p, q = {L}.lu(a, pivot=False)\nreturn x", a),
    ("aten::linalg_lu_solve", f"{L}.lu_solve(a, b, a)", a, "i32[3] =0,1,2"),
    ("aten::lu_unpack", "x, y, z = torch.lu_unpack(a, b)\nreturn x", a, "i32[3] =1,2,9"),
    ("aten::lu_unpack", "x, y, z = torch.lu_unpack(a, b)\nreturn x", a, "i64[3] =1,2,3"),
    ("aten::linalg_ldl_solve", f"{L}.ldl_solve(a, b, a)", a, "i32[3] =0,1,2"),
    ("aten::linalg_svd", f"u, s, v = {L}.svd(a)\nreturn s", "f32[2,2] =nan"),
    ("aten::linalg_svd", f"u, s, v = {L}.svd(a, driver='gesvd')\nreturn s", a),
    ("aten::linalg_svd", f"u, s, v = {L}.svd(a)\nreturn s", "f32[3]"),
    ("aten::linalg_eigh", f"w, v = {L}.eigh(a, UPLO='X')\nreturn w", a),
    ("aten::linalg_eigh", f"w, v = {L}.eigh(a)\nreturn w", "i32[3,3]"),
    ("aten::linalg_eig", f"w, v = {L}.eig(a)\nreturn w", "f32[2,2] =inf"),
    ("aten::linalg_qr", f"q, r = {L}.qr(a, 'half')\nreturn r", a),
    ("aten::linalg_qr", f"q, r = {L}.qr(a)\nreturn r", "f16[3,3]"),
    ("aten::linalg_householder_product", f"{L}.householder_product(a, b)", "f32[2,3]", "f32[2]"),
    ("aten::linalg_householder_product", f"{L}.householder_product(a, b)", a, "f64[3]"),
    ("aten::ormqr", "torch.ormqr(a, b, a)", a, "f32[2]"),
    ("aten::linalg_lstsq", f"x, r, k, s = {L}.lstsq(a, b, driver='best')\nreturn x", a, b),
    ("aten::linalg_lstsq", f"x, r, k, s = {L}.lstsq(a, b)\nreturn x", a, "f32[4,2]"),
    ("aten::linalg_pinv.atol_rtol_float", f"{L}.pinv(a)", "f32[3]"),
    ("aten::linalg_matrix_rank.atol_rtol_float", f"{L}.matrix_rank(a, atol=0.5, rtol=None)", "f32[3]"),
    ("aten::linalg_cond", f"{L}.cond(a, 3)", a),
    ("aten::linalg_tensorinv", f"{L}.tensorinv(a, 1)", "f32[2,3]"),
    ("aten::linalg_tensorinv", f"{L}.tensorinv(a, 0)", a),
    ("aten::linalg_tensorsolve", f"{L}.tensorsolve(a, b)", "f32[2,3,4]", "f32[2,3]"),
    ("aten::linalg_cross", f"{L}.cross(a, b)", a, b),
    ("aten::cross", "torch.cross(a, a)", "f32[2,2]"),
    ("aten::linalg_vander", f"{L}.vander(a, N=1)", "f32[3]"),
    ("aten::linalg_solve_triangular", f"{L}.solve_triangular(a, b, upper=True)", a, "f32[4,2]"),
    ("aten::triangular_solve", "x, m = torch.triangular_solve(a, b)\nreturn x", b, "f32[4,4]"),
    ("aten::linalg_matrix_exp", f"{L}.matrix_exp(a)", "f32[2,3]"),
]
CASES += [case(operator, source, *args, raises=True) for operator, source, *args in BROKEN]
