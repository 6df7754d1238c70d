"""The models of examples/models as JAX programs: lax.scan over one step, as its paper writes it.

A function takes the arguments of the .mlir file by name and gives its results in order. What does not change with time
is computed once, and products of the inputs alone (B u) are one matrix product before the scan, as the models' own code
does. time_models.py checks each against the oracle of test/oracle before it is timed.
"""

import jax
import jax.numpy as jnp
from jax.nn import sigmoid, silu, softplus
from jax.numpy import cos, exp, maximum, minimum, sin, sqrt, tanh


def scan(step, states, *inputs, reverse=False):
    """step(states, one step of each input) gives (states, out); time is the second axis outside."""
    in_time = tuple(jnp.moveaxis(x, 1, 0) for x in inputs)
    states, outs = jax.lax.scan(lambda s, at: step(s, *at), states, in_time, reverse=reverse)
    return jnp.moveaxis(outs, 0, 1), states


def outer(x, y):
    return x[..., :, None] * y[..., None, :]


def read(q, S):
    """S^T q. As a matrix product: XLA does that ten to fifty times as fast as a product and a sum."""
    return (q[..., None, :] @ S)[..., 0, :]


def apply(S, q):
    """S q."""
    return (S @ q[..., None])[..., 0]


# Filters.


def ema(a):
    def step(h, x):
        h = a.a * h + (1 - a.a) * x
        return h, h
    return scan(step, a.h0, a.x)


def ema_bf16(a):
    def step(h, x):
        h = a.a * h + (1 - a.a) * x
        return h, h
    y, h = scan(step, a.h0, a.x.astype(jnp.float32))  # inside of the steps XLA converts slowly
    return y.astype(jnp.bfloat16), h


def iir(a):
    def step(z, x):
        y = a.b0 * x + z[:, 0]
        z = jnp.pad(z[:, 1:], ((0, 0), (0, 1))) + x[:, None] * a.b1 - y[:, None] * a.a1
        return z, y
    return scan(step, a.zi, a.x)


def biquads(a):
    def section(c, x, z):
        y = c[0] * x + z[0]
        return y, (z[1] + c[1] * x - c[4] * y, c[2] * x - c[5] * y)

    def step(z, x):
        u, p = section(a.sos[0], x, z[:2])
        y, q = section(a.sos[1], u, z[2:])
        return p + q, y
    y, z = scan(step, (a.p0, a.pp0, a.q0, a.qq0), a.x)
    return y, *z


def allpole(a):
    def step(w, x, A):
        y = x - (A * w).sum(axis=-1)
        return jnp.concatenate([y[:, None], w[:, :-1]], axis=1), y
    return scan(step, a.w0, a.x, a.A)


def rotation(a):
    r = exp(-a.damp)
    c, s = r * cos(a.w), r * sin(a.w)

    def step(z, x):
        re, im = z
        re, im = c * re - s * im + x[:, None], s * re + c * im
        return (re, im), re
    y, z = scan(step, (a.re0, a.im0), a.x)
    return y, *z


def short_conv(a):
    def step(w, x):
        w = jnp.concatenate([x[..., None], w[..., :-1]], axis=-1)
        return w, silu(jnp.einsum("dj,bdj->bd", a.k, w) + a.bias)
    return scan(step, a.w0, a.x)


def rocket(a):
    def step(state, c):
        top, count = state
        y = c + a.bias
        return (maximum(top, y), count + (y > 0)), None
    state, _ = jax.lax.scan(step, (a.max0, a.count0), jnp.moveaxis(a.c, 1, 0))
    return state


# State space models that do not change with time.


def hold(L, log):
    return (exp(log) - 1) / L


def diagonal(log, B, C, factor, u, x0, reverse=False):
    """factor Re sum_n C x of x = exp(log) x + B u, per channel."""
    abar = exp(log)

    def step(x, u):
        x = abar * x + B * u[..., None]
        return x, factor * (C * x).sum(axis=-1).real
    return scan(step, x0, u, reverse=reverse)


def s4_dense(a):
    def step(x, u):
        x = jnp.einsum("dmn,bdn->bdm", a.A, x) + a.B * u[..., None]
        return x, (a.C * x).sum(axis=-1) + a.D * u
    return scan(step, a.x0, a.u)


def s4_dplr(a):
    rate = (2 / a.dt)[:, None]
    E, Pc = 1 / (rate - a.L), a.P.conj()
    both = lambda x: 2 * x.real.sum(axis=-1, keepdims=True)
    EP, denominator = E * a.P, 1 + both(Pc * E * a.P)

    def step(x, u):
        rhs = (rate + a.L) * x - a.P * both(Pc * x) + 2 * a.B * u[..., None]
        x = E * rhs - EP * both(Pc * E * rhs) / denominator
        return x, both(a.C * x)[..., 0] + a.D * u
    return scan(step, a.x0, a.u)


def hippo_legs(a):
    def step(state, f):
        c, k = state
        c = c + (c @ a.A.T + f[:, None] * a.B) / k
        return (c, k + 1), c
    y, (c, _) = scan(step, (a.c0, jnp.ones((), a.c0.dtype)), a.f)
    return y, c


def dss(a):
    log = a.dt[:, None] * a.L
    z = 1 - exp(log * a.length)
    w = a.C / a.L * (1 - exp(log)) * z.conj() / ((z * z.conj()).real + 1e-7)
    y, x = diagonal(log, 1, w, 1, a.u, a.x0)
    return y + a.D * a.u, x


def s4d(a):
    L = -exp(a.a) + 1j * a.w
    log = exp(a.logdt)[:, None] * L
    y, x = diagonal(log, hold(L, log) * a.B, a.C, 2, a.u, a.x0)
    return y + a.D * a.u, x


def gss(a):
    L = -exp(a.a) + 1j * exp(a.w)
    y, x = diagonal(L, 1, a.C * hold(L, L), 1, a.u, a.x0)
    return y + a.D * a.u, x


def bigs(a):
    L = minimum(a.Lre, -1e-4) + 1j * a.Lim
    log = a.step * L
    y, x = diagonal(log, hold(L, log) * a.B, a.C, 1, a.u, a.x0)
    return (y + a.D * a.u) * a.v, x


def bigs_bidirectional(a):
    L = minimum(a.Lre, -1e-4) + 1j * a.Lim
    log = a.step * L
    f, fT = diagonal(log, hold(L, log) * a.B, a.C, 1, a.uf, a.f0)
    g, gT = diagonal(log, hold(L, log) * a.B, a.C, 1, a.ub, a.g0, reverse=True)
    return (f + a.D * a.uf) * (g + a.D * a.ub) * a.v, fT, gT


def mimo(abar, Bu, C, x0, reverse=False):
    """Re C x of x = abar x + Bu: the scan has the states alone, the rest are matrix products."""
    def step(x, bu):
        x = abar * x + bu
        return x, x
    states, x = scan(step, x0, Bu, reverse=reverse)
    return (states @ C.T).real, x


def s5(a):
    log = exp(a.logdt) * a.rescale * a.L
    y, x = mimo(exp(log), a.u @ (hold(a.L, log)[:, None] * a.B).T, a.C, a.x0)
    return 2 * y + a.D * a.u, x


def s5_bidirectional(a):
    log = a.dt * a.L
    Bu = a.u @ (hold(a.L, log)[:, None] * a.B).T
    f, fT = mimo(exp(log), Bu, a.C1, a.f0)
    g, gT = mimo(exp(log), Bu, a.C2, a.g0, reverse=True)
    return 2 * (f + g) + a.D * a.u, fT, gT


def lru(a):
    B = exp(a.gamma)[:, None] * a.B
    y, h = mimo(exp(-exp(a.nu) + 1j * exp(a.theta)), a.u @ B.T, a.C, a.h0)
    return y + a.D * a.u, h


def average(alpha, delta, beta, gamma, scale, x, h0, reverse=False, late=False):
    """MEGA's damped average; late: its value before x is heard."""
    p = sigmoid(alpha)
    q, b, c = 1 - p * sigmoid(delta), p * beta, gamma * scale

    def step(h, x):
        new = q * h + b * x[..., None]
        return new, jnp.einsum("dn,bdn->bd", c, h if late else new)
    return scan(step, h0, x, reverse=reverse)


def mega(a):
    y, h = average(a.alpha, a.delta, a.beta, a.gamma, a.scale, a.x, a.h0)
    return silu(y + a.omega * a.x), h


def mega_bidirectional(a, late=False):
    f, fT = average(a.alpha1, a.delta1, a.beta1, a.gamma1, a.scale, a.x, a.f0)
    g, gT = average(a.alpha2, a.delta2, a.beta2, a.gamma2, a.scale, a.x, a.g0, reverse=True, late=late)
    return silu(f + g + a.omega * a.x), fT, gT


def mega_bidirectional_noshift(a):
    return mega_bidirectional(a, late=True)


def h3(a):
    def step(state, q, k, v):
        w, S = state
        w = jnp.concatenate([k[..., None], w[..., :-1]], axis=-1)
        kv = outer((a.Cs * w).sum(axis=-1) + a.Dk * k, v)
        S = a.lam[:, None] * S + a.B[:, None] * kv[..., None]
        return (w, S), read(q, (a.C[:, None] * S).sum(axis=-1) + a.D[:, None] * kv)
    y, state = scan(step, (a.w0, a.S0), a.q, a.k, a.v)
    return y, *state


# RNNs.


def linear_rnn(a):
    def step(h, bx):
        h = h @ a.A.T + bx
        return h, h
    states, h = scan(step, a.h0, a.x @ a.B.T)
    return states @ a.C.T, h


def elman(activation):
    def model(a):
        def step(h, x):
            h = activation(x + h @ a.U.T)
            return h, h
        return scan(step, a.h0, a.x)
    return model


tanh_rnn, relu_rnn = elman(tanh), elman(jax.nn.relu)


def gru(a):
    U = jnp.concatenate([a.Ur, a.Uz, a.Un]).T

    def step(h, xr, xz, xn):
        hr, hz, hn = jnp.split(h @ U, 3, axis=-1)
        z = sigmoid(xz + hz)
        n = tanh(xn + sigmoid(xr + hr) * hn)
        h = (1 - z) * n + z * h
        return h, h
    return scan(step, a.h0, a.xr, a.xz, a.xn)


def lstm(a):
    U = jnp.concatenate([a.Ui, a.Uf, a.Uz, a.Uo]).T

    def step(state, xi, xf, xz, xo):
        h, c = state
        hi, hf, hz, ho = jnp.split(h @ U, 4, axis=-1)
        c = sigmoid(xf + hf) * c + sigmoid(xi + hi) * tanh(xz + hz)
        h = sigmoid(xo + ho) * tanh(c)
        return (h, c), h
    y, state = scan(step, (a.h0, a.c0), a.xi, a.xf, a.xz, a.xo)
    return y, *state


def hgrn(a):
    def step(h, x, g):
        h = exp(g) * h + x
        return h, h
    return scan(step, a.h0, a.x, a.g)


def mingru(a):
    def step(h, x, zraw):
        z = sigmoid(zraw)
        h = (1 - z) * h + z * jnp.where(x >= 0, x + 0.5, sigmoid(x))
        return h, h
    return scan(step, a.h0, a.x, a.zraw)


def mingru_log(a):
    def step(l, x, zraw):
        log_g = jnp.where(x >= 0, jnp.log(maximum(x, 0) + 0.5), -softplus(-x))
        l = jnp.logaddexp(-softplus(zraw) + l, -softplus(-zraw) + log_g)
        return l, l
    return scan(step, a.l0, a.x, a.zraw)


def slstm(a):
    def step(state, i, f, z, o):
        m, c, n = state
        fm = -softplus(-f) + m
        m = maximum(fm, i)
        forget, write = exp(fm - m), exp(i - m)
        c, n = forget * c + write * tanh(z), forget * n + write
        return (m, c, n), sigmoid(o) * c / n
    h, state = scan(step, (a.m0, a.c0, a.n0), a.i, a.f, a.z, a.o)
    return h, *state


def griffin(forgets):
    def model(a):
        rate = -8 * softplus(a.Lambda)

        def step(h, x, agate, xgate, position):
            reset = (position == 0)[:, None]
            log = rate * sigmoid(agate)
            kept = jnp.where(reset, 0, exp(log) * h) if forgets else jnp.where(reset, 0, exp(log)) * h
            h = kept + jnp.where(reset, 1, sqrt(1 - exp(2 * log))) * sigmoid(xgate) * x
            return h, h
        return scan(step, a.h0, a.x, a.agate, a.xgate, a.segment_pos)
    return model


rglru, rglru_reset = griffin(forgets=False), griffin(forgets=True)
