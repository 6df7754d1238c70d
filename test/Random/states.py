"""Updates of states at random: affine in every ring, coupled, or nonlinear.

An update of a float state with |h| <= BOUND gives |next| <= BOUND: the sum of
its coefficients' sizes is at most 0.9, and what is added is at most 0.1 BOUND.
"""

from program import is_complex, is_integer

BOUND = 4.0


def bounded(body, v, limit):
    """v as a coefficient: a value of size at most `limit`."""
    if is_complex(v.type):
        return body.scaled(v, limit / 2)
    choice = body.rng.random()
    if choice < 0.35:
        return body.scaled(v, limit)
    if choice < 0.6:
        v = body.emit(body.rng.choice(["linrec.sigmoid", "math.tanh"]), [body.scaled(v, 4.0)], v.type, -1.0, 1.0)
    elif choice < 0.85:  # exp(-|v|), as decays are
        v = body.emit("math.absf", [body.scaled(v, 2.0)], v.type, 0.0, 2.0)
        v = body.emit("arith.negf", [v], v.type, -2.0, 0.0)
        v = body.emit("math.exp", [v], v.type, 0.1, 1.0)
    else:
        return body.constant(v.type, body.rng.choice([limit, -limit, limit / 2, 0.0]))
    c = body.constant(v.type, limit)
    return body.emit("arith.mulf", [v, c], v.type, -limit, limit)


def times(body, a, h):
    kind = "complex.mul" if is_complex(h.type) else "arith.mulf"
    return body.emit(kind, [a, h], h.type, -a.size * h.size, a.size * h.size)


def plus(body, a, b):
    kind = "complex.add" if is_complex(a.type) else "arith.addf"
    return body.emit(kind, [a, b], a.type, -a.size - b.size, a.size + b.size)


def input_for(body, type, dims, limit):
    """An input of the update, over the state's dims and time."""
    if body.rng.random() < 0.6:
        body_dims = set(dims)
        fitting = [v for v in body.usable if v.type == type and v.dims <= body_dims]
        if fitting:
            return body.scaled(body.rng.choice(fitting), limit)
    return body.scaled(body.pick(type, dims), limit)


def mix(body, h, target, weight):
    """A term of size weight * |h|, linear in h, over the dims `target`."""
    rng, type = body.rng, h.type
    own = [d for d in body.free if d in h.dims]
    forms = ["diagonal"] * 4 + ["shift"] * 2 + ["dense", "low rank", "permute", "pick"]
    form = rng.choice(forms) if own else "diagonal"
    dim = rng.choice(own) if own else None
    n = max(body.extents[dim], 1) if own else 1
    others = [d for d in body.free if d not in h.dims and body.extents[d] == body.extents.get(dim)]
    if form == "shift":
        h = body.at(h, {dim: (dim, rng.choice([-1, 1, -2, 3]))}, input_for(body, type, target, BOUND))
    elif form == "pick" and body.extents[dim]:
        h = body.at(h, {dim: rng.randrange(body.extents[dim])})
    elif form == "permute":
        equal = [d for d in own if body.extents[d] == body.extents[dim]]
        turned = equal[1:] + equal[:1]
        h = body.at(h, dict(zip(equal, turned)))
    elif form == "dense" and others:  # sum over j of a[.., j] h[.., j]
        j = rng.choice(others)
        a = body.scaled(body.pick(type), 1.0)
        h = times(body, body.scaled(a, 0.5 if is_complex(type) else 1.0), body.at(h, {dim: j}))
        h = body.reduce(body.scaled(h, BOUND / n), [j], "add")
    elif form == "low rank":  # k (q . h)
        q = body.scaled(body.pick(type), 0.5 if is_complex(type) else 1.0)
        h = body.reduce(body.scaled(times(body, q, h), BOUND / n), [dim], "add")
        k = body.scaled(body.pick(type, target), 0.5 if is_complex(type) else 1.0)
        h = times(body, k, h)
    h = body.fit(h, target)
    a = bounded(body, body.pick(type, target), weight)
    return times(body, a, body.scaled(h, BOUND))


def affine(body, state, group, target):
    """The next value of a state from itself and others of its type."""
    sources = [state] if body.rng.random() < 0.9 else []
    sources += [s for s in group if s is not state and not is_integer(s.type) and body.rng.random() < 0.6]
    sources = sources or [state]
    sum = None
    for s in sources:
        term = mix(body, body.convert(s, state.type), target, 0.9 / len(sources))
        sum = term if sum is None else plus(body, sum, term)
    if body.rng.random() < 0.92:
        sum = plus(body, sum, input_for(body, state.type, target, BOUND / 10))
    return sum


def semiring(body, state, target, kind):
    """max(h - w, x), min(h + w, x) or log(exp(h - w) + exp(x))."""
    x = input_for(body, state.type, target, 1.0)
    if body.rng.random() < 0.8:
        w = body.positive(body.scaled(body.pick(state.type, target), 1.0), 0.75)
        op = "arith.addf" if kind == "arith.minimumf" else "arith.subf"
        h = body.emit(op, [state, w], state.type, -BOUND - 2, BOUND + 2)
    else:
        h = state
        kind = "arith.maximumf" if kind == "linrec.logaddexp" else kind
    return body.emit(kind, [h, x] if body.rng.random() < 0.7 else [x, h], state.type, -BOUND, BOUND)


def nonlinear(body, state, group, target):
    form = body.rng.choice(["tanh", "gate", "clamp", "relu"])
    if form == "gate":  # n + z (h - n)
        z = body.emit("linrec.sigmoid", [body.scaled(affine(body, state, group, target), 4.0)], state.type, 0.0, 1.0)
        n = input_for(body, state.type, target, 1.0)
        d = body.emit("arith.subf", [state, n], state.type, -BOUND - 1, BOUND + 1)
        return plus(body, n, times(body, z, d))
    next = affine(body, state, group, target)
    if form == "tanh":
        return body.emit("math.tanh", [next], state.type, -1.0, 1.0)
    kinds = [("arith.maximumf", 0.0)] + ([("arith.minimumf", 1.0)] if form == "clamp" else [])
    for kind, limit in kinds:
        next = body.emit(kind, [next, body.constant(state.type, limit)], state.type, -BOUND, BOUND)
    return next


def integer(body, state, target):
    kinds = ["addi", "subi", "xori", "maxsi", "minsi", "muli", "andi", "ori"]
    if state.type == "i1":
        kinds = ["xori", "ori", "andi"]
    x = body.pick(state.type, target)
    own = [d for d in body.free if d in state.dims]
    h = state
    if own and body.rng.random() < 0.3:
        dim = body.rng.choice(own)
        h = body.at(h, {dim: (dim, body.rng.choice([-1, 1]))}, x)
    return body.emit("arith." + body.rng.choice(kinds), [h, x], state.type)


def update(body, state, group, target):
    """The next value of `state`; `group` are the states of its component."""
    rng = body.rng
    body.avoid = frozenset(s.name for s in group)
    if is_integer(state.type):
        next = integer(body, state, target)
    elif is_complex(state.type):
        next = affine(body, state, group, target)
    else:
        choice = rng.random()
        if choice < 0.6:
            next = affine(body, state, group, target)
        elif choice < 0.7:
            next = input_for(body, state.type, target, BOUND)  # a delay
        elif choice < 0.85:
            next = semiring(body, state, target, rng.choice(["arith.maximumf", "arith.minimumf", "linrec.logaddexp"]))
        else:
            next = nonlinear(body, state, group, target)
    next = body.fit(next, target)
    if rng.random() < 0.1:  # a reset by an input
        flag = body.fit(body.flag(), target)
        x = input_for(body, state.type, target, 1.0)
        next = body.emit("arith.select", [flag, x, next], state.type, -BOUND, BOUND)
    body.avoid = frozenset()
    return next
