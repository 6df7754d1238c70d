"""Time-invariant state space models: convolution by the kernel, full spectrum."""

import numpy as np
import scipy.special

from models import Model
from models.forms import convolve, first, gated_sum, last, second, sigmoid, silu


def run_modes(log, b, u, x0):
    """States of x_t = exp(log) x_{t-1} + b u_t, and the mode of each lag, exp(log l)."""
    lags = np.arange(len(u)).reshape(-1, *[1] * x0.ndim)
    modes = np.exp(lags * log)
    free = np.exp((lags + 1) * log) * x0  # what is left of x0
    x = convolve(modes, b * u) + free
    return x, modes, free


def run_kernel(log, b, c, u, x0):
    """sum_n c x_t by the kernel K_l = sum_n c b exp(log l), and the last state. u is [t, b, d]."""
    x, modes, free = run_modes(log, b, u[..., None], x0)
    kernel = (c * b * modes).sum(axis=-1)
    return convolve(kernel, u.astype(kernel.dtype)) + (c * free).sum(axis=-1), last(x, x0)


def hold(l, log):
    """Zero-order hold: (exp(dt L) - 1) / L."""
    return (np.exp(log) - 1) / l


def s4_dense(a):
    """The kernel C A^l B by powers of A, channel by channel."""
    T, y, xT = a.u.shape[1], a.D * a.u, a.x0.copy()
    for d in range(len(a.D)):
        powers = [np.eye(len(a.B[d]))]
        for _ in range(T):
            powers.append(a.A[d] @ powers[-1])
        for t in range(T):
            y[:, t, d] += a.x0[:, d] @ (a.C[d] @ powers[t + 1])
            for s in range(t + 1):
                y[:, t, d] += a.C[d] @ powers[t - s] @ a.B[d] * a.u[:, s, d]
        xT[:, d] = a.x0[:, d] @ powers[T].T
        for s in range(T):
            xT[:, d] += np.outer(a.u[:, s, d], powers[T - 1 - s] @ a.B[d])
    return y, xT


def s4_dplr(a):
    """Dense and of full spectrum: both of each pair of conjugates, bilinear by inverses."""
    both = lambda v: np.concatenate([v, v.conj()], axis=-1)
    L, P, B, C, x0 = both(a.L), both(a.P), both(a.B), both(a.C), both(a.x0)
    y, x = a.D * a.u + 0j, x0.copy()
    for d, dt in enumerate(a.dt):
        A = np.diag(L[d]) - np.outer(P[d], P[d].conj())
        inverse = np.linalg.inv(np.eye(len(A)) - dt / 2 * A)
        Abar, Bbar = inverse @ (np.eye(len(A)) + dt / 2 * A), dt * inverse @ B[d]
        values, vectors = np.linalg.eig(Abar)  # Abar^l by its own spectrum
        modes = np.linalg.solve(vectors, np.column_stack([Bbar, x0[:, d].T]))
        states = gated_sum(np.log(values)[None, None], modes[:, 0] * a.u[:, :, d].T[..., None], modes[:, 1:].T)
        states = states @ vectors.T
        y[..., d] += second(states @ C[d])
        x[:, d] = last(states, x0[:, d])
    return y.real, x[..., :a.x0.shape[-1]]


def hippo_legs(a):
    """In the eigenvectors of A, where a step k multiplies by 1 + lambda / k."""
    T, (values, vectors) = a.f.shape[1], np.linalg.eig(a.A)
    inputs, c0 = np.linalg.solve(vectors, a.B), np.linalg.solve(vectors, a.c0.T).T
    k = np.arange(1, T + 1)
    c = np.zeros((T,) + a.c0.shape, values.dtype)
    for t in range(T):
        factors = 1 + values / k[:t + 1, None]
        after = np.cumprod(factors[::-1], axis=0)[::-1]  # of factor s and all later ones
        weights = np.append(after[1:], np.ones((1, len(values))), axis=0)
        c[t] = np.einsum("sn,bs->bn", weights * inputs / k[:t + 1, None], a.f[:, :t + 1]) + factors.prod(axis=0) * c0
    c = (c @ vectors.T).real
    return second(c), last(c, a.c0)


def dss(a):
    """The kernel by SciPy's softmax over lags; 1e-7 in the reciprocal dims it by |z|^2 / (|z|^2 + 1e-7)."""
    T, u = a.u.shape[1], first(a.u)
    log = a.dt[:, None] * a.L
    _, modes, free = run_modes(log, 1.0, u[..., None], a.x0)
    x, _, _ = run_modes(log, 1.0, u[..., None] + 0j, a.x0)
    length = int(a.length)
    rows = scipy.special.softmax(log * np.arange(length).reshape(-1, 1, 1), axis=0)  # [lag, d, n]
    z = np.abs(1 - np.exp(log * length))**2
    kernel = (a.C / a.L * rows * z / (z + 1e-7)).sum(axis=-1).real[:T]
    w = a.C / a.L * rows[0] * z / (z + 1e-7)
    y = convolve(kernel[:, None], u) + (w * free).sum(axis=-1).real + a.D * u
    return second(y), last(x, a.x0)


def s4d(a):
    L = -np.exp(a.a) + 1j * a.w
    log = np.exp(a.logdt)[:, None] * L
    y, xT = run_kernel(log, hold(L, log) * a.B, a.C, first(a.u), a.x0)
    return second(2 * y.real + a.D * first(a.u)), xT


def gss(a):
    L = -np.exp(a.a) + 1j * np.exp(a.w)
    y, xT = run_kernel(L, np.ones(L.shape), a.C * hold(L, L), first(a.u), a.x0)
    return second(y.real + a.D * first(a.u)), xT


def bigs(a):
    L = np.minimum(a.Lre, -1e-4) + 1j * a.Lim
    log = a.step * L
    y, xT = run_kernel(log, hold(L, log) * a.B, a.C, first(a.u), a.x0)
    return second(y.real + a.D * first(a.u)) * a.v, xT


def bigs_bidirectional(a):
    L = np.minimum(a.Lre, -1e-4) + 1j * a.Lim
    log = a.step * L
    f, fT = run_kernel(log, hold(L, log) * a.B, a.C, first(a.uf), a.f0)
    g, gT = run_kernel(log, hold(L, log) * a.B, a.C, first(a.ub)[::-1], a.g0)
    return second((f.real + a.D * first(a.uf)) * (g.real[::-1] + a.D * first(a.ub))) * a.v, fT, gT


def run_mimo(log, B, C, u, x0):
    """C x_t by the kernel C exp(log l) B, matrices of outputs by inputs."""
    x, modes, free = run_modes(log, 1.0, u @ B.T, x0)
    kernel = np.einsum("hp,lp,pj->lhj", C, modes[:, 0], B)
    y = np.zeros((len(u), x0.shape[0], len(C)), complex)
    for lag in range(len(u)):
        y[lag:] += u[:len(u) - lag] @ kernel[lag].T
    return y + free @ C.T, last(x, x0)


def s5(a):
    log = np.exp(a.logdt) * a.rescale * a.L
    y, xT = run_mimo(log, hold(a.L, log)[:, None] * a.B, a.C, first(a.u), a.x0)
    return second(2 * y.real + a.D * first(a.u)), xT


def s5_bidirectional(a):
    log = a.dt * a.L
    B, u = hold(a.L, log)[:, None] * a.B, first(a.u)
    f, fT = run_mimo(log, B, a.C1, u, a.f0)
    g, gT = run_mimo(log, B, a.C2, u[::-1], a.g0)
    return second(2 * f.real + 2 * g.real[::-1] + a.D * u), fT, gT


def lru(a):
    log = -np.exp(a.nu) + 1j * np.exp(a.theta)
    y, hT = run_mimo(log, np.exp(a.gamma)[:, None] * a.B, a.C, first(a.u), a.h0)
    return second(y.real + a.D * first(a.u)), hT


def damped_average(alpha, delta, beta, gamma, scale, x, h0):
    p = sigmoid(alpha)
    return run_kernel(np.log(1 - p * sigmoid(delta)), p * beta, gamma * scale, x, h0)


def mega(a):
    y, hT = damped_average(a.alpha, a.delta, a.beta, a.gamma, a.scale, first(a.x), a.h0)
    return silu(second(y) + a.omega * a.x), hT


def mega_bidirectional(shift):
    def oracle(a):
        x = first(a.x)
        f, fT = damped_average(a.alpha1, a.delta1, a.beta1, a.gamma1, a.scale, x, a.f0)
        back = [a.alpha2, a.delta2, a.beta2, a.gamma2, a.scale]
        g, gT = damped_average(*back, x[::-1], a.g0)
        if not shift:  # k2[j - i - 1]: what it said one step later
            begin = (a.gamma2 * a.scale * a.g0).sum(axis=-1)
            g = np.concatenate([begin[None], g])[:len(g)]
        return silu(second(f + g[::-1]) + a.omega * a.x), fT, gT
    return oracle


def h3(a):
    """Two convolutions and two products."""
    T, M = a.k.shape[1], a.w0.shape[-1]
    past = np.concatenate([a.w0[..., ::-1].transpose(3, 0, 1, 2), first(a.k)])
    taps = np.zeros((len(past), 1) + a.Cs.shape[:2])
    taps[:min(M, len(past))] = np.moveaxis(a.Cs, -1, 0)[:len(past), None]
    k1 = convolve(taps, past)[M:] + a.Dk * first(a.k)
    kv = k1[..., :, None] * first(a.v)[..., None, :]
    wide = lambda v: v[:, None]  # [h, j, ...] over i
    y, ST = run_kernel(np.log(wide(a.lam)), wide(a.B), wide(a.C), kv, a.S0)
    y = np.einsum("tbhi,tbhij->tbhj", first(a.q), y + wide(a.D) * kv)
    return second(y), past[T:T + M][::-1].transpose(1, 2, 3, 0), ST


def set_legs(arrays):
    """HiPPO-LegS' own matrices."""
    i = np.arange(len(arrays["B"]))
    r = np.sqrt(2 * i + 1)
    arrays["A"][...] = -np.tril(np.outer(r, r), -1) - np.diag(i + 1)
    arrays["B"][...] = r


def set_length(arrays):
    """DSS is normalised for the length of its input, at least 1."""
    arrays["length"] = np.asarray(max(arrays["u"].shape[1], 1), arrays["length"].dtype)


DSSM = "D:d x0:bdn y0:btd:zeros"
EMA = " ".join(f"{name}{{0}}:dn" for name in ["alpha", "delta", "beta", "gamma"])
TWICE = f"x:btd {EMA.format(1)} {EMA.format(2)} omega:d scale::0.5 f0:bdn g0:bdn yb0:btd:zeros y0:btd:zeros"
MODELS = {
    "s4_dense": Model(s4_dense, "u:btd A:dmn:contraction B:dm C:dm D:d x0:bdm y0:btd:zeros", dict(m=3, n=3)),
    "s4_dplr": Model(s4_dplr, f"u:btd dt:d:positive L:dn:negative P:dn:small B:dn C:dn {DSSM}"),
    "hippo_legs": Model(hippo_legs, "f:bt A:ij B:i c0:bi y0:bti:zeros", dict(i=4, j=4), adjust=set_legs),
    "dss": Model(dss, "u:btd L:dn:negative C:dn dt:d:positive D:d length: x0:bdn y0:btd:zeros", adjust=set_length),
    "s4d": Model(s4d, f"u:btd logdt:d:logstep a:dn w:dn B:dn C:dn {DSSM}"),
    "gss": Model(gss, f"u:btd a:dn w:dn C:dn {DSSM}"),
    "bigs": Model(bigs, "u:btd v:btd Lre:n Lim:n B:n C:n step::0.2 D: x0:bdn y0:btd:zeros"),
    "bigs_bidirectional": Model(
        bigs_bidirectional,
        "uf:btd ub:btd v:btd Lre:n Lim:n B:n C:n step::0.2 D: f0:bdn g0:bdn yf0:btd:zeros y0:btd:zeros"),
    "s5": Model(s5, "u:bth L:p:negative logdt:p:logstep rescale::1.5 B:ph C:hp D:h x0:bp y0:bth:zeros"),
    "s5_bidirectional": Model(
        s5_bidirectional,
        "u:bth L:p:negative dt:p:positive B:ph C1:hp C2:hp D:h f0:bp g0:bp yf0:bth:zeros y0:bth:zeros"),
    "lru": Model(lru, "u:btj nu:p theta:p gamma:p B:pj C:jp D:j h0:bp y0:btj:zeros"),
    "mega": Model(mega, f"x:btd {EMA.format('')} omega:d scale::0.5 h0:bdn y0:btd:zeros"),
    "mega_bidirectional": Model(mega_bidirectional(shift=True), TWICE),
    "mega_bidirectional_noshift": Model(mega_bidirectional(shift=False), TWICE),
    "h3": Model(h3, "q:bthi k:bthi v:bthj Cs:him Dk:hi lam:hjn:positive B:hjn C:hjn D:hj w0:bhim S0:bhijn "
                    "y0:bthj:zeros"),
}
