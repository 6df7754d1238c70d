"""Linear attention and its kin: each output as a weighted sum over the past."""

import numpy as np
import scipy.special

from models import Model
from models.forms import first, gated_sum, last, second, softplus


def attend(log, q, k, v, S0):
    """o_t = q_t^T S_t of S_t = diag(exp log_t) S_{t-1} + k_t v_t^T, by weights (the dual form).

    log, q, k are [t, b, h, k] (log of extent 1 where constant), v is [t, b, h, v].
    """
    total = np.cumsum(np.broadcast_to(log, k.shape), axis=0)
    o = np.zeros(v.shape, np.result_type(q, S0))
    for t in range(len(k)):
        weights = np.einsum("bhk,sbhk->sbh", q[t], np.exp(total[t] - total[:t + 1]) * k[:t + 1])
        o[t] = np.einsum("sbh,sbhv->bhv", weights, v[:t + 1])
        o[t] += np.einsum("bhk,bhkv->bhv", q[t] * np.exp(total[t]), S0)
    decay = total[-1] - total if len(k) else total
    ST = np.einsum("sbhk,sbhv->bhkv", np.exp(decay) * k, v)
    return o, ST + (np.exp(total[-1])[..., None] if len(k) else 1) * S0


def rwkv(a):
    """Versions 5 and 6: read one step late, and the bonus."""
    q, k, v = first(a.r), first(a.k), first(a.v)
    log = np.broadcast_to(-np.exp(first(a.raw) if a.raw.ndim == 4 else a.raw[None, None]), k.shape)
    _, ST = attend(log, q, k, v, a.S0)
    before = np.cumsum(log, axis=0) - log  # what S0 has decayed by when it is read
    o = np.zeros(v.shape)
    for t in range(len(k)):
        weights = np.einsum("bhk,sbhk->sbh", q[t], np.exp(before[t] - before[:t] - log[:t]) * k[:t])
        o[t] = np.einsum("sbh,sbhv->bhv", weights, v[:t])
        o[t] += np.einsum("bhk,bhkv->bhv", q[t] * np.exp(before[t]), a.S0)
        o[t] += (a.u * q[t] * k[t]).sum(axis=-1)[..., None] * v[t]
    return second(o), ST


def gla(a):
    g = first(a.g)
    o, ST = attend(g if g.ndim == 4 else g[..., None], first(a.q), first(a.k), first(a.v), a.S0)
    return a.scale * second(o), ST


def retnet(a):
    gamma = 1 - 2.0**(-5 - np.arange(a.k.shape[2]))
    o, ST = attend(np.log(gamma)[None, None, :, None], first(a.q), first(a.k), first(a.v), a.S0)
    return a.scale * second(o), ST


def mamba2(a):
    """Attention with queries C, keys B, values dt x; a head per (g, r)."""
    dt = np.clip(softplus(a.delta + a.bias), a.lo, a.hi)
    b, T, g, r, p = a.x.shape
    heads = lambda v: v.reshape((b, T, g * r) + v.shape[4:])
    share = lambda v: heads(np.repeat(v[:, :, :, None], r, axis=3))
    S0 = a.S0.reshape(b, g * r, p, -1).swapaxes(-1, -2)
    o, ST = attend(first(heads(dt * a.A))[..., None], first(share(a.C)), first(share(a.B)),
                   first(heads(dt[..., None] * a.x)), S0)
    return second(o).reshape(a.x.shape) + a.D[..., None] * a.x, ST.swapaxes(-1, -2).reshape(a.S0.shape)


def wkv(a, w, num0, den0):
    """RWKV-4: means of the past values, weighted by exp(k + age w); the last sums."""
    k, v = first(a.k), first(a.v)
    y, num, den = np.zeros(k.shape), num0, den0
    for t in range(len(k)):
        age = np.arange(t, 0, -1).reshape(-1, 1, 1) - 1
        past = np.exp(age * w + k[:t])
        bonus = np.exp(a.u + k[t])
        top = (past * v[:t]).sum(axis=0) + np.exp(t * w) * num0
        bottom = past.sum(axis=0) + np.exp(t * w) * den0
        y[t] = (top + bonus * v[t]) / (bottom + bonus)
        num, den = np.exp(w) * top + np.exp(k[t]) * v[t], np.exp(w) * bottom + np.exp(k[t])
    return second(y), num, den


def rwkv4(a):
    return wkv(a, -np.exp(a.decay), a.num0, a.den0)


def rwkv4_stable(a):
    """The same sums; m is the largest log weight of the past."""
    y, num, den = wkv(a, a.w, a.p0 * np.exp(a.m0), a.q0 * np.exp(a.m0))
    T = a.k.shape[1]
    ages = np.arange(T - 1, -1, -1).reshape(-1, 1)
    m = np.maximum((ages * a.w + a.k).max(axis=1, initial=-np.inf), T * a.w + a.m0)
    return y, num * np.exp(-m), den * np.exp(-m), m


def attention(a):
    """softmax(q k^T) v over each prefix; the initial state is one more, weighted token."""
    scores = a.scale * np.einsum("bk,btk->tb", a.q, a.k)
    v, o = first(a.v), np.zeros(first(a.v).shape)
    mx, total, acc = a.mx0, a.sum0, a.a0
    for t in range(len(v)):
        mx = np.maximum(scores[:t + 1].max(axis=0), a.mx0)
        weights, before = np.exp(scores[:t + 1] - mx), np.exp(a.mx0 - mx)
        total = weights.sum(axis=0) + before * a.sum0
        acc = np.einsum("sb,sbv->bv", weights, v[:t + 1]) + before[:, None] * a.a0
        o[t] = acc / total[:, None]
    return second(o), mx, total, acc


def gsa(a):
    """Each slot a gated mean of keys and of values, then a softmax over slots."""
    g, share = first(a.g)[..., None], 1 - np.exp(first(a.g)[..., None])
    K = gated_sum(g, share * first(a.k)[..., None, :], a.K0)
    V = gated_sum(g, share * first(a.v)[..., None, :], a.V0)
    p = scipy.special.softmax(a.scale * np.einsum("tbhmk,tbhk->tbhm", K, first(a.q)), axis=-1)
    return second(np.einsum("tbhm,tbhmv->tbhv", p, V)), last(K, a.K0), last(V, a.V0)


def mesa(a):
    g, k, v = first(a.g)[..., None, None], first(a.k), first(a.v)
    keys = first(a.beta)[..., None] * k
    H = gated_sum(g, keys[..., :, None] * k[..., None, :], a.H0)
    G = gated_sum(g, keys[..., :, None] * v[..., None, :], a.G0)
    return second(H), second(G), last(H, a.H0), last(G, a.G0)


def loglinear(a):
    """Attention with a mask: token s is in level bit_length(s xor t) at t, level 0 being itself."""
    T, levels = a.q.shape[1], a.S0.shape[2]
    o, ST = np.zeros(a.v.shape), a.S0.copy()
    for t in range(T):
        for s in range(t + 1):
            at = int(s ^ t).bit_length()
            if at < levels:
                weight = getattr(a, "lambda")[:, t, :, at] * (a.q[:, t] * a.k[:, s]).sum(axis=-1)
                o[:, t] += weight[..., None] * a.v[:, s]
    if T:  # what S0 held is merged past the last level at t = 0
        ST[...] = 0
    for s in range(T):
        at = int(s ^ (T - 1)).bit_length()
        if at < levels:
            ST[:, :, at] += a.k[:, s, :, :, None] * a.v[:, s, :, None, :]
    return o, ST


SEQ = "k:bthk v:bthv"
MODELS = {
    "rwkv4": Model(rwkv4, "k:btd v:btd decay:d u:d num0:bd den0:bd:positive y0:btd:zeros"),
    "rwkv4_stable": Model(rwkv4_stable, "k:btd v:btd w:d:negative u:d p0:bd q0:bd:positive m0:bd y0:btd:zeros"),
    "rwkv5": Model(rwkv, f"r:bthk {SEQ} raw:hk u:hk S0:bhkv y0:bthv:zeros"),
    "rwkv6": Model(rwkv, f"r:bthk {SEQ} raw:bthk u:hk S0:bhkv y0:bthv:zeros"),
    "retnet": Model(retnet, f"q:bthk {SEQ} scale::0.5 S0:bhkv o0:bthv:zeros"),
    "gla": Model(gla, f"q:bthk {SEQ} g:bthk:negative scale::0.5 S0:bhkv o0:bthv:zeros"),
    "simple_gla": Model(gla, f"q:bthk {SEQ} g:bth:negative scale::0.5 S0:bhkv o0:bthv:zeros"),
    "mamba2": Model(mamba2, "x:btgrp delta:btgr bias:gr A:gr:negative B:btgn C:btgn D:gr lo::0.05 hi::1.5 "
                            "S0:bgrpn y0:btgrp:zeros"),
    "attention": Model(attention, "q:bk k:btk v:btv scale::0.5 mx0:b sum0:b:positive a0:bv o0:btv:zeros"),
    "gsa": Model(gsa, f"q:bthk {SEQ} g:bthm:negative scale::0.5 K0:bhmk V0:bhmv o0:bthv:zeros"),
    "mesa": Model(mesa, f"{SEQ} g:bth:negative beta:bth:positive H0:bhkj G0:bhkv Hs0:bthkj:zeros Gs0:bthkv:zeros"),
    "loglinear": Model(loglinear, f"q:bthk {SEQ} lambda:bthl S0:bhlkv o0:bthv:zeros"),
}
