"""The models of examples/models whose states are matrices, and Mamba, as JAX programs; see jax_models.py."""

import jax
import jax.numpy as jnp
from jax.nn import sigmoid, silu, softplus
from jax.numpy import exp, maximum

from jax_models import apply, outer, read, scan


# Linear attention.


def gla(a):
    def step(S, q, k, v, g):
        decay = exp(g if g.ndim == k.ndim else g[..., None])
        S = decay[..., None] * S + outer(k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.g)


simple_gla = gla


def retnet(a):
    gamma = (1 - 2.0 ** (-5 - jnp.arange(a.k.shape[2]))).astype(a.k.dtype)[:, None, None]

    def step(S, q, k, v):
        S = gamma * S + outer(k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v)


def rwkv5(a):
    w = exp(-exp(a.raw))[..., None]

    def step(S, r, k, v):
        kv = outer(k, v)
        return w * S + kv, read(r, S + a.u[..., None] * kv)
    return scan(step, a.S0, a.r, a.k, a.v)


def rwkv6(a):
    def step(S, r, k, v, raw):
        kv = outer(k, v)
        return exp(-exp(raw))[..., None] * S + kv, read(r, S + a.u[..., None] * kv)
    return scan(step, a.S0, a.r, a.k, a.v, a.raw)


def rwkv4(a):
    decay = exp(-exp(a.decay))

    def step(state, k, v):
        num, den = state
        bonus, weight = exp(a.u + k), exp(k)
        y = (num + bonus * v) / (den + bonus)
        return (decay * num + weight * v, decay * den + weight), y
    y, state = scan(step, (a.num0, a.den0), a.k, a.v)
    return y, *state


def rwkv4_stable(a):
    def step(state, k, v):
        p, q, m = state
        top = maximum(m, a.u + k)
        old, new = exp(m - top), exp(a.u + k - top)
        y = (old * p + new * v) / (old * q + new)
        top = maximum(a.w + m, k)
        old, new = exp(a.w + m - top), exp(k - top)
        return (old * p + new * v, old * q + new, top), y
    y, state = scan(step, (a.p0, a.q0, a.m0), a.k, a.v)
    return y, *state


def attention(a):
    def step(state, k, v):
        mx, total, acc = state
        s = a.scale * (a.q * k).sum(axis=-1)
        top = maximum(mx, s)
        fade, w = exp(mx - top), exp(s - top)
        total, acc = total * fade + w, acc * fade[:, None] + w[:, None] * v
        return (top, total, acc), acc / total[:, None]
    o, state = scan(step, (a.mx0, a.sum0, a.a0), a.k, a.v)
    return o, *state


def gsa(a):
    def step(state, q, k, v, g):
        K, V = state
        decay = exp(g)
        K = decay[..., None] * K + outer(1 - decay, k)
        V = decay[..., None] * V + outer(1 - decay, v)
        return (K, V), read(jax.nn.softmax(a.scale * apply(K, q)), V)
    o, state = scan(step, (a.K0, a.V0), a.q, a.k, a.v, a.g)
    return o, *state


def mesa(a):
    def step(state, k, v, g, beta):
        H, G = state
        decay, bk = exp(g)[..., None, None], beta[..., None] * k
        H, G = decay * H + outer(bk, k), decay * G + outer(bk, v)
        return (H, G), (H, G)
    in_time = tuple(jnp.moveaxis(x, 1, 0) for x in (a.k, a.v, a.g, a.beta))
    state, outs = jax.lax.scan(lambda s, at: step(s, *at), (a.H0, a.G0), in_time)
    return *(jnp.moveaxis(x, 0, 1) for x in outs), *state


def loglinear(a):
    levels = jnp.arange(a.S0.shape[2], dtype=jnp.int32)

    def step(state, q, k, v, weight):
        S, t = state
        lowest = jax.lax.population_count(~t & (t - 1))  # trailing zeros
        wide = lambda mask: mask[:, None, None]
        merged = jnp.where(wide(levels <= lowest), S, 0).sum(axis=2, keepdims=True)
        S = jnp.where(wide(levels > lowest + 1), S, 0) + jnp.where(wide(levels == lowest + 1), merged, 0)
        S = S + jnp.where(wide(levels == 0), outer(k, v)[:, :, None], 0)
        return (S, t + 1), read(q, (weight[..., None, None] * S).sum(axis=2))
    o, (S, _) = scan(step, (a.S0, jnp.int32(0)), a.q, a.k, a.v, getattr(a, "lambda"))
    return o, S


# Delta rules.


def correct(S, beta, k, erase, v):
    """S + beta k (v - S^T erase)^T."""
    return S + outer(k, beta[..., None] * (v - read(erase, S)))


def deltanet(a):
    def step(S, q, k, v, beta):
        S = correct(S, beta, k, k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.beta)


def gated_deltanet(a):
    def step(S, q, k, v, beta, g):
        S = correct(exp(g)[..., None, None] * S, beta, k, k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.beta, a.g)


def kda(a):
    def step(S, q, k, v, beta, g):
        S = correct(exp(g)[..., None] * S, beta, k, k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.beta, a.g)


def comba(a):
    def step(S, q, k, p, v, beta, g):
        S = correct(exp(g)[..., None, None] * S, beta, k, p, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.p, a.v, a.beta, a.g)


def gdn2(a):
    def step(S, q, k, v, g, e, w):
        S = exp(g)[..., None] * S
        S = S + outer(k, w * v - read(e * k, S))
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.g, a.e, a.w)


def deltaproduct(a):
    def step(S, q, k, v, beta, g):
        S = exp(g)[..., None, None] * S
        for r in range(2):
            S = correct(S, beta[:, r], k[:, r], k[:, r], v[:, r])
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.beta, a.g)


def iplr(a):
    def step(S, q, k, v, low, by):
        S = S + outer(by, read(low, S)) + outer(k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.a, a.b)


def dplr(a):
    def step(S, q, k, v, low, by, g):
        S = exp(g)[..., None] * S + outer(by, read(low, S)) + outer(k, v)
        return S, a.scale * read(q, S)
    return scan(step, a.S0, a.q, a.k, a.v, a.a, a.b, a.g)


def rwkv7(a):
    def step(S, r, raw, k, v, araw):
        w, rate = exp(-0.606531 * sigmoid(raw)), sigmoid(araw)
        kk = k * a.k_k
        kappa = kk / maximum(jnp.linalg.norm(kk, axis=-1, keepdims=True), 1e-12)
        key = k * (1 + (rate - 1) * a.k_a)
        seen = apply(S, kappa)
        S = S * w[..., None, :] - outer(seen, kappa * rate) + outer(v, key)
        return S, apply(S, r)
    return scan(step, a.S0, a.r, a.raw, a.k, a.v, a.araw)


def titans(a):
    wide = lambda x: x[:, None, None]

    def step(state, q, k, v, alpha, eta, theta):
        M, P = state
        error = apply(M, k) - v
        P = wide(eta) * P - outer(theta[:, None] * error, k)
        M = wide(1 - alpha) * M + P
        return (M, P), apply(M, q)
    o, state = scan(step, (a.M0, a.P0), a.q, a.k, a.v, a.alpha, a.eta, a.theta)
    return o, *state


# Mamba.


def mamba1(a, factor=1):
    def step(h, u, delta, B, C, z):
        dt = softplus(delta + a.bias)
        h = exp(dt[..., None] * a.A) * h + (dt * u)[..., None] * B[..., None, :]
        y = factor * apply(h, C).real
        return h, (y + a.D * u) * silu(z)
    return scan(step, a.h0, a.u, a.delta, a.B, a.C, a.z)


mamba1_groups = mamba1


def mamba1_complex(a):
    return mamba1(a, factor=2)


def mamba1_constant(a):
    def step(h, u, dt):
        h = exp(dt[..., None] * a.A) * h + (dt * u)[..., None] * a.B
        return h, jnp.einsum("dn,bdn->bd", a.C, h) + a.D * u
    return scan(step, a.h0, a.u, a.dt)


def mamba1_packed(a):
    """The state of a sequence is fetched at its first step and put back at its last."""
    def step(state, inputs):
        (h, last, t), (u, dt, B, C) = state, inputs
        s = jnp.searchsorted(a.cu, t, side="right") - 1
        h = jnp.where(t == a.cu[s], a.h0[s], h)
        h = exp(dt[:, None] * a.A) * h + (dt * u)[:, None] * B
        last = jax.lax.cond(t == a.cu[s + 1] - 1, lambda x: x.at[s].set(h), lambda x: x, last)
        return (h, last, t + 1), h @ C
    state = (jnp.zeros_like(a.h0[0]), a.h0, jnp.zeros((), a.cu.dtype))
    (_, last, _), y = jax.lax.scan(step, state, (a.u, a.dt, a.B, a.C))
    return y, last


def mamba2(a):
    def step(S, x, delta, B, C):
        dt = jnp.clip(softplus(delta + a.bias), a.lo, a.hi)
        per_head = lambda v: v[:, :, None, None, :]
        S = exp(a.A * dt)[..., None, None] * S + (dt[..., None] * x)[..., None] * per_head(B)
        return S, apply(S, C[:, :, None].repeat(S.shape[2], axis=2)) + a.D[..., None] * x
    return scan(step, a.S0, a.x, a.delta, a.B, a.C)


def mamba3(a):
    wide = lambda x: x[:, None, None, None]

    def turn(x, theta):
        c, s = jnp.cos(theta), jnp.sin(theta)
        return jnp.stack([c * x[..., 0] - s * x[..., 1], s * x[..., 0] + c * x[..., 1]], axis=-1)

    def step(state, q, k, v, z, angle, dt, A, trap):
        theta, k_before, v_before, S = state
        theta = jnp.fmod(theta + jnp.pi * jnp.tanh(angle) * dt[:, None], 2 * jnp.pi)
        q, k = turn(q + a.qbias, theta), turn(k + a.kbias, theta)
        alpha, lam = exp(A * dt), sigmoid(trap)
        pair = lambda v, k: v[:, :, None, None] * k[:, None]
        S = wide(alpha) * S + wide((1 - lam) * dt * alpha) * pair(v_before, k_before) + wide(lam * dt) * pair(v, k)
        y = (apply(S.reshape(S.shape[:2] + (-1,)), q.reshape(len(q), -1)) + a.D * v) * silu(z)
        return (theta, k, v, S), y
    y, state = scan(step, (a.theta0, a.k0, a.v0, a.S0), a.q, a.k, a.v, a.z, a.angle, a.dt, a.A, a.trap)
    return y, *state


def mamba3_complex(a):
    def step(state, q, k, v, z, angle, dt, A, trap):
        k_before, v_before, h = state
        factor = exp((A * dt)[:, None] - 1j * jnp.pi * jnp.tanh(angle) * dt[:, None])
        lam = sigmoid(trap)
        h = factor[:, None] * h + outer(((1 - lam) * dt)[:, None] * v_before, factor * k_before)
        h = h + outer((lam * dt)[:, None] * v, k)
        y = (apply(h, q.conj()).real + a.D * v) * silu(z)
        return (k, v, h), y
    y, state = scan(step, (a.k0, a.v0, a.h0), a.q, a.k, a.v, a.z, a.angle, a.dt, a.A, a.trap)
    return y, *state
