#!/usr/bin/env python3
"""Trains the language model of this example on licence texts, and writes its weights.

usage: train.py [--batches N] [--out DIR]

Needs JAX (pip install jax) and one core for about five minutes. The text is the
prose of /usr/share/common-licenses and of /usr/share/doc/*/copyright, which
every Debian system has; each paragraph is one line. The model reads bytes. It
is a Mamba (Gu and Dao 2023, arXiv:2312.00752, section 3.4) of four layers.

Writes model.safetensors (bf16), and logits.npy: what this program's model says
after each byte of REFERENCE with those weights, for the tests.
"""

import argparse
import json
import math
import pathlib
import re
import time

import jax
import jax.numpy as jnp
import numpy as np

LAYERS, WIDTH, INNER, STATES, RANK, TAPS, BYTES = 4, 128, 256, 8, 8, 4, 256
STREAMS, LENGTH = 8, 256  # a batch: so many streams of so many bytes
REFERENCE = b"\nYou may copy and distribute the Program's source code as you receive it.\n"


def read_corpus():
    """Paragraphs of prose, each once, in an order that does not depend on the files."""
    licences = [p for p in sorted(pathlib.Path("/usr/share/common-licenses").iterdir()) if not p.is_symlink()]
    copyrights = sorted(pathlib.Path("/usr/share/doc").glob("*/copyright"))
    seen = {}
    for path in licences + copyrights:
        for paragraph in re.split(r"\n[ \t.#*]*\n", path.read_bytes().decode("ascii", "ignore")):
            paragraph = " ".join(paragraph.split())
            letters = re.sub(r"[^a-z]", "", paragraph.lower())
            if len(paragraph) < 20 or letters in seen:
                continue
            if path.name == "copyright":  # lists of names and files are not prose
                prose = sum(c.isalpha() or c == " " for c in paragraph) >= 0.93 * len(paragraph)
                if len(paragraph) < 200 or not prose or paragraph.count("Copyright") > 1 or paragraph.count(":") > 2:
                    continue
            seen[letters] = paragraph
    paragraphs = [seen[key] for key in sorted(seen)]
    np.random.default_rng(0).shuffle(paragraphs)
    held_out = len(paragraphs) // 50
    join = lambda lines: np.frombuffer(("\n" + "\n".join(lines) + "\n").encode(), np.uint8)
    return join(paragraphs[held_out:]), join(paragraphs[:held_out])


# -- The model. Arrays are [stream, time, ...]; the weights of all layers are stacked.


def initial_weights(rng):
    normal = lambda *shape, scale: scale * rng.standard_normal(shape)
    step = np.exp(rng.uniform(math.log(0.001), math.log(0.1), (LAYERS, INNER)))
    weights = dict(
        embedding=normal(BYTES, WIDTH, scale=WIDTH**-0.5),
        norm=np.ones((LAYERS, WIDTH)),
        in_proj=normal(LAYERS, WIDTH, 2 * INNER, scale=WIDTH**-0.5),
        taps=normal(LAYERS, TAPS, INNER, scale=TAPS**-0.5),  # lag 0 first
        conv_bias=np.zeros((LAYERS, INNER)),
        x_proj=normal(LAYERS, INNER, RANK + 2 * STATES, scale=INNER**-0.5),
        dt_proj=normal(LAYERS, RANK, INNER, scale=RANK**-0.5),
        dt_bias=step + np.log(-np.expm1(-step)),  # softplus(dt_bias) = step
        log_rates=np.log(np.tile(np.arange(1.0, STATES + 1)[:, None], (LAYERS, 1, INNER))),
        skip=np.ones((LAYERS, INNER)),
        out_proj=normal(LAYERS, INNER, WIDTH, scale=(2 * LAYERS * INNER) ** -0.5),
        last_norm=np.ones(WIDTH),
    )
    return {name: jnp.asarray(value, jnp.float32) for name, value in weights.items()}


def zero_states(streams):
    return (jnp.zeros((LAYERS, streams, TAPS - 1, INNER)), jnp.zeros((LAYERS, streams, STATES, INNER)))


def rms_norm(x, gain):
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-5) * gain


@jax.custom_vjp
def scan(dt, du, b, c, rates, h0):
    """y_t = C_t h_t of h_t = exp(dt_t A) h_{t-1} + (dt_t u_t) B_t, and the last h; time is the first dimension."""
    y, _, last = scan_all(dt, du, b, c, rates, h0)
    return y, last


def scan_all(dt, du, b, c, rates, h0):
    def step(h, x):
        dt_t, du_t, b_t, c_t = x
        after = jnp.exp(dt_t[:, None, :] * rates) * h + du_t[:, None, :] * b_t[:, :, None]
        return after, ((after * c_t[:, :, None]).sum(1), h)

    last, (y, before) = jax.lax.scan(step, h0, (dt, du, b, c))
    return y, before, last


def scan_forward(*arguments):
    y, before, last = scan_all(*arguments)
    return (y, last), arguments[:5] + (before,)


def scan_backward(saved, grads):
    """The adjoint recurrence, from the last step to the first. Only the states were kept for it."""
    dt, du, b, c, rates, before = saved

    def step(carry, x):
        later, rates_grad = carry
        dt_t, du_t, b_t, c_t, h, y_grad = x
        decay = jnp.exp(dt_t[:, None, :] * rates)
        grad = y_grad[:, None, :] * c_t[:, :, None] + later
        through = grad * decay
        exponent = through * h
        after = decay * h + du_t[:, None, :] * b_t[:, :, None]
        out = ((exponent * rates).sum(1), (grad * b_t[:, :, None]).sum(1), (grad * du_t[:, None, :]).sum(2),
               (after * y_grad[:, None, :]).sum(2))
        return (through, rates_grad + (exponent * dt_t[:, None, :]).sum(0)), out

    start = (grads[1], jnp.zeros_like(rates))
    inputs = (dt, du, b, c, before, grads[0])
    (h0_grad, rates_grad), (dt_grad, du_grad, b_grad, c_grad) = jax.lax.scan(step, start, inputs, reverse=True)
    return dt_grad, du_grad, b_grad, c_grad, rates_grad, h0_grad


scan.defvjp(scan_forward, scan_backward)


def block(x, w, line, h0):
    """One layer; `line` is the last inputs of the convolution, the newest first."""
    u, gate = jnp.split(rms_norm(x, w["norm"]) @ w["in_proj"], 2, -1)
    padded = jnp.concatenate([line[:, ::-1], u], 1)
    steps = u.shape[1]
    conv = sum(w["taps"][j] * padded[:, TAPS - 1 - j:TAPS - 1 - j + steps] for j in range(TAPS))
    line = padded[:, :steps - 1:-1][:, :TAPS - 1]
    u = jax.nn.silu(conv + w["conv_bias"])
    low, b, c = jnp.split(u @ w["x_proj"], [RANK, RANK + STATES], -1)
    dt = jax.nn.softplus(low @ w["dt_proj"] + w["dt_bias"])
    first = lambda a: jnp.swapaxes(a, 0, 1)
    y, h = scan(first(dt), first(dt * u), first(b), first(c), -jnp.exp(w["log_rates"]), h0)
    y = first(y) + w["skip"] * u
    return x + (y * jax.nn.silu(gate)) @ w["out_proj"], line, h


def model(weights, text, states):
    """Logits of the byte that follows each, and the states after the last."""
    x = jax.nn.one_hot(text, BYTES) @ weights["embedding"]  # its gradient is a product, too
    lines, hs = [], []
    for i in range(LAYERS):
        layer = {name: value[i] for name, value in weights.items() if name not in ("embedding", "last_norm")}
        x, line, h = block(x, layer, states[0][i], states[1][i])
        lines.append(line)
        hs.append(h)
    return rms_norm(x, weights["last_norm"]) @ weights["embedding"].T, (jnp.stack(lines), jnp.stack(hs))


# -- Training: Adam with decoupled weight decay; states go from batch to batch.


def loss(weights, text, states):
    logits, states = model(weights, text[:, :-1], states)
    losses = jax.nn.logsumexp(logits, -1) - jnp.take_along_axis(logits, text[:, 1:, None], -1)[..., 0]
    return losses.mean(), states


@jax.jit
def train_step(weights, moments, text, states, rate, count):
    (value, states), grads = jax.value_and_grad(loss, has_aux=True)(weights, text, states)
    norm = jnp.sqrt(sum((g * g).sum() for g in grads.values()))
    new_weights, new_moments = {}, {}
    for name, w in weights.items():
        g = grads[name] * jnp.minimum(1, 1 / norm)
        mean, square = moments[name]
        mean, square = 0.9 * mean + 0.1 * g, 0.98 * square + 0.02 * g * g
        update = mean / (1 - 0.9**count) / (jnp.sqrt(square / (1 - 0.98**count)) + 1e-8)
        decay = 0.1 if name.endswith("proj") else 0.0
        new_weights[name] = w - rate * (update + decay * w)
        new_moments[name] = (mean, square)
    return new_weights, new_moments, value, states


def batches(text, rng):
    """Endlessly: [STREAMS, LENGTH + 1] bytes that go on where the last batch ended, and who starts anew."""
    length = len(text) // STREAMS
    while True:
        rolled = np.roll(text, rng.integers(len(text)))[:length * STREAMS].reshape(STREAMS, length).astype(np.int32)
        for i in range(0, length - LENGTH, LENGTH):
            yield rolled[:, i:i + LENGTH + 1], (rng.random(STREAMS) < 0.05) | (i == 0)


def train(text, last):
    rng = np.random.default_rng(1)
    weights = initial_weights(rng)
    moments = {name: (jnp.zeros_like(w),) * 2 for name, w in weights.items()}
    states, began, mean = zero_states(STREAMS), time.process_time(), 5.0
    for count, (batch, fresh) in zip(range(1, last + 1), batches(text, rng)):
        keep = jnp.asarray(~fresh, jnp.float32)[None, :, None, None]
        states = tuple(state * keep for state in states)
        rate = 3e-3 * min(1, count / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * count / last)))
        weights, moments, value, states = train_step(weights, moments, batch, states, rate, float(count))
        mean += 0.02 * (float(value) - mean)
        if count % 50 == 0:
            seconds = time.process_time() - began
            print(f"{count} batches, {seconds:.0f} s: {mean / math.log(2):.3f} bits a byte", flush=True)
    return weights


# -- Files.


def write_safetensors(path, tensors):
    """https://github.com/huggingface/safetensors#format: length of the header, JSON header, data."""
    header, data = {}, b""
    for name, value in tensors.items():
        bytes = np.asarray(value).tobytes()
        header[name] = dict(dtype="BF16", shape=value.shape, data_offsets=[len(data), len(data) + len(bytes)])
        data += bytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 64)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=800, help="of 2048 bytes (default: 800)")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    options = parser.parse_args()
    text, held_out = read_corpus()
    print(f"{len(text)} bytes of text, {len(held_out)} held out")
    weights = train(text, options.batches)

    stored = {name: w for name, w in weights.items() if name != "log_rates"}
    stored["rates"] = -jnp.exp(weights["log_rates"])
    stored = {name: w.astype(jnp.bfloat16) for name, w in stored.items()}
    write_safetensors(options.out / "model.safetensors", stored)

    weights = {name: w.astype(jnp.float32) for name, w in stored.items() if name != "rates"}
    weights["log_rates"] = jnp.log(-stored["rates"].astype(jnp.float32))
    value, _ = jax.jit(loss)(weights, jnp.asarray(held_out[None], jnp.int32), zero_states(1))
    print(f"held out, weights in bf16: {value / math.log(2):.3f} bits a byte")
    reference = jnp.asarray(np.frombuffer(REFERENCE, np.uint8)[None], jnp.int32)
    logits, _ = jax.jit(model)(weights, reference, zero_states(1))
    np.save(options.out / "logits.npy", np.asarray(logits[0]))


if __name__ == "__main__":
    main()
