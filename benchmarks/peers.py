"""The peers of the benchmark: prints "ready: NAME", then seconds, one run for each line of its input.

usage: peers.py jax-mamba1 | jax-mamba-block | scipy-lfilter

benchmarks/run starts it pinned to the cores that it may use, and runs it in turn with LinRec.
"""

import sys
import time


def jax_mamba1():
    """Case 6: the whole selective scan, fused, as lax.scan under jit."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    length, channels, states = 2048, 1536, 16
    rng = np.random.default_rng(0)
    draw = lambda low, high, *shape: jnp.asarray(rng.uniform(low, high, shape), jnp.float32)
    u, delta, z = draw(-1, 1, length, channels), draw(-4, 1, length, channels), draw(-1, 1, length, channels)
    A, D = draw(-8, -0.5, channels, states), draw(-1, 1, channels)
    B, C = draw(-1, 1, length, states), draw(-1, 1, length, states)

    @jax.jit
    def mamba1(u, delta, z, A, B, C, D):
        def step(h, at):
            u_t, delta_t, z_t, b_t, c_t = at
            dt = jax.nn.softplus(delta_t)
            h = jnp.exp(dt[:, None] * A) * h + (dt * u_t)[:, None] * b_t
            return h, (h @ c_t + D * u_t) * jax.nn.silu(z_t)
        return jax.lax.scan(step, jnp.zeros((channels, states), jnp.float32), (u, delta, z, B, C))

    return f"JAX {jax.__version__}, jitted lax.scan", lambda: jax.block_until_ready(mamba1(u, delta, z, A, B, C, D))


def jax_mamba_block(length=1024, model=768, inner=1536, rank=48, states=16):
    """examples/blocks/mamba.mlir, whole and fused, as one jitted function."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    rng = np.random.default_rng(0)
    draw = lambda low, high, *shape: jnp.asarray(rng.uniform(low, high, shape), jnp.float32)
    weights = dict(in_proj=draw(-0.04, 0.04, 2 * inner, model), conv=draw(-0.5, 0.5, inner, 1, 4),
                   conv_bias=draw(-0.5, 0.5, inner), x_proj=draw(-0.02, 0.02, rank + 2 * states, inner),
                   dt_proj=draw(-0.1, 0.1, inner, rank), dt_bias=draw(-5, -2, inner), A_log=draw(0, 2.7, inner, states),
                   D=draw(1, 1, inner), out_proj=draw(-0.02, 0.02, model, inner))

    @jax.jit
    def block(x, w, w0, h0):
        xz = x @ w["in_proj"].T
        line = jnp.concatenate([w0.T, xz[:, :inner]])
        conv = sum(w["conv"][:, 0, j] * line[j + 1:j + 1 + length] for j in range(4))
        u = jax.nn.silu(conv + w["conv_bias"])
        low, B, C = jnp.split(u @ w["x_proj"].T, [rank, rank + states], axis=-1)
        dt = jax.nn.softplus(low @ w["dt_proj"].T + w["dt_bias"])
        A = -jnp.exp(w["A_log"])

        def step(h, at):
            dt_t, u_t, b_t, c_t = at
            h = jnp.exp(dt_t[:, None] * A) * h + (dt_t * u_t)[:, None] * b_t
            return h, h @ c_t

        hT, y = jax.lax.scan(step, h0, (dt, u, B, C))
        return ((y + w["D"] * u) * jax.nn.silu(xz[:, inner:])) @ w["out_proj"].T, line[-4:].T, hT

    x, w0, h0 = draw(-1, 1, length, model), jnp.zeros((inner, 4)), jnp.zeros((inner, states))
    return f"JAX {jax.__version__}, jitted block", lambda: jax.block_until_ready(block(x, weights, w0, h0))


def scipy_lfilter():
    """y = 0.9 y + x on rows of 1024, SciPy's better layout, in float32."""
    import numpy as np
    import scipy
    import scipy.signal
    x = np.random.default_rng(0).uniform(-1, 1, (64, 1024)).astype("f4")
    b, a = np.array([1], "f4"), np.array([1, -0.9], "f4")
    return f"SciPy {scipy.__version__}, lfilter", lambda: scipy.signal.lfilter(b, a, x)


def main(which):
    name, run = {"jax-mamba1": jax_mamba1, "jax-mamba-block": jax_mamba_block, "scipy-lfilter": scipy_lfilter}[which]()
    run()  # compiles
    print(f"ready: {name}", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
