"""Oracles of the blocks of examples/blocks: their models' oracles, with what is around them by NumPy.

Arguments as in models/__init__.py; a capital letter is an extent that is made of
others, by `Block.derive`.
"""

import dataclasses
import types
import typing

import numpy as np
import scipy.special
from scipy.signal import lfilter

from models import attention, delta, lti, mamba
from models.forms import first, last, second, sigmoid, silu, softplus


@dataclasses.dataclass
class Block:
    oracle: typing.Callable
    arguments: str
    derive: typing.Callable  # the extents of capital letters, from the others

    def words(self):
        return [(word.split(":") + [""])[:3] for word in self.arguments.split()]


def short_conv(x, taps, bias, w0):
    """silu of a causal filter per channel by SciPy, and the inputs that are kept: the last ones of all."""
    line = np.concatenate([w0.swapaxes(1, 2), x], axis=1)  # the oldest of w0 is out of reach
    y = np.stack([lfilter(taps[e, 0, ::-1], 1, line[..., e], axis=1) for e in range(x.shape[-1])], axis=-1)
    kept = w0.shape[-1]
    return silu(y[:, kept:] + bias), line[:, len(line[0]) - kept:].swapaxes(1, 2)


def mamba_block(a):
    x, z = np.split(a.i @ a.in_proj.T, 2, axis=-1)
    u, wT = short_conv(x, a.conv, a.conv_bias, a.w0)
    r = a.dt_proj.shape[1]
    low, B, C = np.split(u @ a.x_proj.T, [r, r + 16], axis=-1)
    scan = types.SimpleNamespace(u=u, delta=low @ a.dt_proj.T, bias=a.dt_bias, A=-np.exp(a.A_log), B=B, C=C, D=a.D, z=z,
                                 h0=a.h0)
    y, hT = mamba.mamba1(scan)
    return y @ a.out_proj.T, wT, hT


def mamba2_block(a):
    b, t, _ = a.i.shape
    _, g, r, p, n = a.S0.shape
    e = g * r * p
    z, c, d = np.split(a.i @ a.in_proj.T, [e, 2 * e + 2 * g * n], axis=-1)
    xbc, wT = short_conv(c, a.conv, a.conv_bias, a.w0)
    x, B, C = np.split(xbc, [e, e + g * n], axis=-1)
    heads = lambda v: v.reshape(g, r)
    scan = types.SimpleNamespace(x=x.reshape(b, t, g, r, p), delta=d.reshape(b, t, g, r), bias=heads(a.dt_bias),
                                 A=-np.exp(heads(a.A_log)), B=B.reshape(b, t, g, n), C=C.reshape(b, t, g, n),
                                 D=heads(a.D), lo=0.0, hi=np.inf, S0=a.S0)
    y, ST = attention.mamba2(scan)
    v = (y.reshape(b, t, e) * silu(z)).reshape(b, t, g, r * p)
    v = v / np.sqrt((v**2).mean(axis=-1, keepdims=True) + 1e-5)
    return (a.norm * v.reshape(b, t, e)) @ a.out_proj.T, wT, ST


def layer_norm(x, scale, bias, epsilon):
    x = x - x.mean(axis=-1, keepdims=True)
    return scale * x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + epsilon) + bias


def shift(x, x0):
    """The one before each, and the last of all."""
    line = np.concatenate([x0[:, None], x], axis=1)
    return line[:, :-1], line[:, -1]


def rwkv7_block(a):
    h, n = a.r_k.shape
    heads = lambda x: x.reshape(x.shape[:-1] + (h, n))
    normed = layer_norm(a.x, a.ln1, a.ln1_bias, 1e-5)
    before, nT = shift(normed, a.n0)
    z = {q: normed + (before - normed) * getattr(a, f"x_{q}") for q in "rwkvag"}
    v = z["v"] @ a.W_v.T
    v = v + (a.v_first - v) * sigmoid(a.v0 + z["v"] @ a.v1 @ a.v2)
    gate = sigmoid(z["g"] @ a.g1) @ a.g2
    k, r, araw = z["k"] @ a.W_k.T, z["r"] @ a.W_r.T, a.a0 + z["a"] @ a.a1 @ a.a2
    mix = types.SimpleNamespace(r=heads(r), raw=heads(a.w0 + np.tanh(z["w"] @ a.w1) @ a.w2), k=heads(k), v=heads(v),
                                araw=heads(araw), k_k=heads(a.k_k[0, 0]), k_a=heads(a.k_a[0, 0]), S0=a.S0)
    y, ST = delta.rwkv7(mix)
    y = layer_norm(y, heads(a.ln_x), heads(a.ln_x_bias), 64e-5)
    keys = mix.k * (1 + (sigmoid(mix.araw) - 1) * mix.k_a)
    y = y + (mix.r * keys * a.r_k).sum(axis=-1, keepdims=True) * mix.v
    p = a.x + (y.reshape(a.x.shape) * gate) @ a.W_o.T
    m = layer_norm(p, a.ln2, a.ln2_bias, 1e-5)
    before, mT = shift(m, a.m0)
    hidden = np.maximum((m + (before - m) * a.x_fk) @ a.W_fk.T, 0)**2
    return p + hidden @ a.W_fv.T, nT, ST, mT


def s4d_block(a):
    """B = 1; gelu(y) = y Phi(y) by the normal distribution itself."""
    L = -np.exp(a.log_A_real) + 1j * a.A_imag
    log = np.exp(a.log_dt)[:, None] * L
    y, xT = lti.run_kernel(log, lti.hold(L, log), a.C[..., 0] + 1j * a.C[..., 1], first(a.u), a.x0)
    y = second(2 * y.real) + a.D * a.u
    value, gate = np.split(y * scipy.special.ndtr(y) @ a.weight[..., 0].T + a.bias, 2, axis=-1)
    return value * sigmoid(gate), xT


def tanh_gelu(x):
    return x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2


def bigs_block(a):
    def ssm(which, u, x0):
        get = lambda name: getattr(a, f"{which}_{name}")
        L = np.minimum(get("A_re"), -1e-4) + 1j * get("A_im")
        log = np.exp(get("log_step")) * L
        C = get("C")[:, 0] + 1j * get("C")[:, 1]
        y, xT = lti.run_kernel(log, lti.hold(L, log), C, first(u), x0)
        return second(y.real) + get("D") * u, xT

    flip = lambda x: x[:, ::-1]
    n = layer_norm(a.x, a.norm_scale, a.norm_bias, 1e-12)
    v = tanh_gelu(n @ a.dv + a.dv_bias)
    f, fT = ssm("f", tanh_gelu(n @ a.du_f + a.du_f_bias), a.f0)
    g, gT = ssm("b", tanh_gelu(flip(n) @ a.du_b + a.du_b_bias), a.b0)
    both = (f @ a.duc_f + a.duc_f_bias) * flip(g @ a.duc_b + a.duc_b_bias)
    return a.x + (tanh_gelu(both @ a.dol + a.dol_bias) * v) @ a.do + a.do_bias, fT, gT


def dense(*words):
    return " ".join(f"{name}:{dims}:{'small'} {name}_bias:{dims[1]}" for name, dims in words)


def ssm_words(which):
    return f"{which}_A_re:n:negative {which}_A_im:n {which}_C:nR {which}_D:O {which}_log_step:O:logstep"


MIXES = " ".join(f"x_{q}:OOc:positive" for q in "rwkvag")
RANKS = "w0:OOc w1:cd:small w2:dc a0:OOc a1:cd:small a2:dc v0:OOc v1:cd:small v2:dc g1:cd g2:dc"
BLOCKS = {
    "mamba": Block(mamba_block, "i:btm in_proj:Em:small conv:eOJ conv_bias:e x_proj:Xe:small dt_proj:er:small dt_bias:e "
                                "A_log:en:small D:e out_proj:me:small w0:beJ h0:ben",
                   lambda s: dict(E=2 * s["e"], X=s["r"] + 32)),
    "mamba2": Block(mamba2_block, "i:btm in_proj:Zm:small conv:XOJ conv_bias:X dt_bias:H A_log:H:small D:H norm:E "
                                  "out_proj:mE:small w0:bXJ S0:bgrpn",
                    lambda s: dict(H=s["g"] * s["r"], E=s["g"] * s["r"] * s["p"],
                                   X=s["g"] * s["r"] * s["p"] + 2 * s["g"] * s["n"],
                                   Z=2 * s["g"] * s["r"] * s["p"] + 2 * s["g"] * s["n"] + s["g"] * s["r"])),
    "rwkv7": Block(rwkv7_block, f"x:btc v_first:btc ln1:c ln1_bias:c {MIXES} {RANKS} k_k:OOc k_a:OOc r_k:hn "
                                "W_r:cc:small W_k:cc:small W_v:cc:small W_o:cc:small ln_x:c ln_x_bias:c ln2:c ln2_bias:c "
                                "x_fk:OOc:positive W_fk:fc:small W_fv:cf:small n0:bc S0:bhnn m0:bc",
                   lambda s: dict(c=s["h"] * s["n"])),
    "s4d": Block(s4d_block, "u:btd log_dt:d:logstep log_A_real:dn:small A_imag:dn C:dnR D:d weight:WdO:small bias:W x0:bdn",
                 lambda s: dict(W=2 * s["d"])),
    "bigs": Block(bigs_block, "x:btd norm_scale:d norm_bias:d " +
                  dense(("dv", "de"), ("du_f", "dd"), ("du_b", "dd"), ("duc_f", "dd"), ("duc_b", "dd"), ("dol", "de"),
                        ("do", "ed")) + f" {ssm_words('f')} {ssm_words('b')} f0:bdn b0:bdn", lambda s: {}),
}
