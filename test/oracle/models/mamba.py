"""Mamba-1 and Mamba-3: states as weighted sums over the past, per pair (d, n)."""

import numpy as np

from models import Model
from models.forms import delay, first, gated_sum, last, second, sigmoid, silu, softplus


def scan(dt, u, A, B, C, h0):
    """sum_n C h of h = exp(dt A) h + dt B u; dt, u are [t, ..., d], B and C broadcast to [t, ..., d, n]."""
    h = gated_sum(dt[..., None] * A, (dt * u)[..., None] * B, h0)
    return (C * h).sum(axis=-1), last(h, h0)


def mamba1(a, factor=1):
    dt = softplus(a.delta + a.bias)
    B, C = first(a.B)[..., None, :], first(a.C)[..., None, :]
    y, hT = scan(first(dt), first(a.u), a.A, B, C, a.h0)
    return (factor * second(y).real + a.D * a.u) * silu(a.z), hT


def mamba1_complex(a):
    return mamba1(a, factor=2)


def mamba1_constant(a):
    y, hT = scan(first(a.dt), first(a.u), a.A, a.B, a.C, a.h0)
    return second(y) + a.D * a.u, hT


def mamba1_packed(a):
    """Each sequence alone."""
    y, hT = a.y0.copy(), a.h0.copy()
    for s, (begin, end) in enumerate(zip(a.cu[:-1], a.cu[1:])):
        part = slice(begin, end)
        y[part], hT[s] = scan(a.dt[part], a.u[part], a.A, a.B[part, None], a.C[part, None], a.h0[s])
    return y, hT


def trapezoid(a, turns, k, v, k0, v0, S0):
    """States of Mamba-3 in pairs as complex numbers: [t, b, v, n]; k may be rotated already."""
    dt, lam = first(a.dt)[..., None, None], sigmoid(first(a.trap))[..., None, None]
    log = first(a.A)[..., None, None] * dt + turns
    outer = lambda v, k: v[..., :, None] * k[..., None, :]
    inputs = (1 - lam) * dt * np.exp(log) * outer(delay(v, v0), delay(k, k0)) + lam * dt * outer(v, k)
    return gated_sum(log, inputs, S0)


def mamba3(a):
    """Rotations as complex factors, angles as one running sum, wrapped only where they are a result."""
    pairs = lambda x: x[..., 0] + 1j * x[..., 1]
    turns, angle = np.pi * first(np.tanh(a.angle)) * first(a.dt)[..., None], a.theta0
    for turn in turns:
        angle = np.fmod(angle + turn, 2 * np.pi)
    theta = a.theta0 + np.cumsum(turns, axis=0)
    q, k, v = pairs(first(a.q + a.qbias)), pairs(first(a.k + a.kbias)), first(a.v)
    q, k = q * np.exp(1j * theta), k * np.exp(1j * theta)
    S = trapezoid(a, 0, k, v, pairs(a.k0), a.v0, pairs(a.S0))
    y = np.einsum("tbvn,tbn->tbv", S, q.conj()).real + a.D * v
    split = lambda x: np.stack([x.real, x.imag], axis=-1)
    return (second(y) * silu(a.z), angle, split(last(k, pairs(a.k0))), last(v, a.v0), split(last(S, pairs(a.S0))))


def mamba3_complex(a):
    turns = -1j * np.pi * first(np.tanh(a.angle))[..., None, :] * first(a.dt)[..., None, None]
    k, v = first(a.k), first(a.v)
    h = trapezoid(a, turns, k, v, a.k0, a.v0, a.h0)
    y = np.einsum("tbvn,tbn->tbv", h, first(a.q).conj()).real + a.D * v
    return second(y) * silu(a.z), last(k, a.k0), last(v, a.v0), last(h, a.h0)


BTN = "B:btn C:btn"
PAIR = "v:btv z:btv angle:btn dt:bt:positive A:bt:negative trap:bt"
MODELS = {
    "mamba1": Model(mamba1, f"u:btd delta:btd bias:d A:dn:negative {BTN} D:d z:btd h0:bdn y0:btd:zeros"),
    "mamba1_complex": Model(mamba1_complex,
                            f"u:btd delta:btd bias:d A:dn:negative {BTN} D:d z:btd h0:bdn y0:btd:zeros"),
    "mamba1_groups": Model(mamba1, "u:btgd delta:btgd bias:gd A:gdn:negative B:btgn C:btgn D:gd z:btgd h0:bgdn "
                                   "y0:btgd:zeros"),
    "mamba1_constant": Model(mamba1_constant,
                             "u:btd dt:btd:positive A:dn:negative B:dn C:dn D:d h0:bdn y0:btd:zeros"),
    "mamba1_packed": Model(mamba1_packed,
                           "u:td dt:td:positive A:dn:negative B:tn C:tn cu:q:bounds h0:sdn y0:td:zeros"),
    "mamba3": Model(mamba3, f"q:btnc k:btnc {PAIR} qbias:nc kbias:nc D: theta0:bn k0:bnc v0:bv S0:bvnc y0:btv:zeros"),
    "mamba3_complex": Model(mamba3_complex, f"q:btn k:btn {PAIR} D: k0:bn v0:bv h0:bvn y0:btv:zeros"),
}
