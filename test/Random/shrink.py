"""Makes a failing program smaller while it fails in the same way.

Candidates need not be valid: one that the compiler rejects fails in another
way, and is dropped.
"""

import itertools
import re
import time

from program import Op, is_complex, is_float, is_integer

def constant(result, type, number=0.5):
    if is_complex(type):
        part = type[8:-1]
        return Op(result, "complex.constant", [], type, f"[{number} : {part}, {number} : {part}]")
    text = "true" if type == "i1" else "1" if is_integer(type) else str(number)
    return Op(result, "arith.constant", [], type, text)


def used_names(r):
    names = set(r.yield_outs + r.yield_states)
    for op in r.body:
        names.update(op.operands)
    return names


def clean(p):
    """Drops what nobody uses, and repairs bounds of packed sequences."""
    for r in p.recurrences:
        while True:
            used = used_names(r)
            kept = [op for op in r.body if op.result in used]
            if len(kept) == len(r.body):
                break
            r.body = kept
        if r.packed:
            fix_bounds(p, r)
    used = {b.buffer for r in p.recurrences for b in r.ins + r.states + r.outs}
    used |= {r.packed[1] for r in p.recurrences if r.packed}
    p.buffers = [b for b in p.buffers if b.name in used]
    return p


def fix_bounds(p, r):
    segment, bounds = r.packed[0], p.buffer(r.packed[1])
    steps, count = p.extents[r.time], p.extents[segment]
    inner = [min(b, steps) for b in bounds.data[1:-1]][:max(count - 1, 0)]
    bounds.data = ([0] + inner + [steps]) if count else [0]
    p.extents[segment] = len(bounds.data) - 1
    p.extents[segment + "+1"] = len(bounds.data)


def replace(r, name, by):
    r.yield_outs = [by if v == name else v for v in r.yield_outs]
    r.yield_states = [by if v == name else v for v in r.yield_states]
    for op in r.body:
        if name in op.operands:
            op.operands = [by if v == name else v for v in op.operands]
            op.text = re.sub(rf"%{name}\b", f"%{by}", op.text)


# -- Candidates: each yields changed copies -------------------------------------


def without_recurrence(p):
    for i in reversed(range(len(p.recurrences))):
        if len(p.recurrences) == 1:
            return
        q = p.copy()
        results = [b for b in q.buffers if b.kind == "result" and b.source[0] == i]
        for b in results:  # an argument in place of each result
            given = q.result_buffer(b.source)
            b.kind, b.source, b.static, b.slices = "arg", None, list(given.static), None
        del q.recurrences[i]
        for b in q.buffers:
            if b.kind == "result" and b.source[0] > i:
                b.source = (b.source[0] - 1, b.source[1])
        q.returned = [(n - (n > i), k) for n, k in q.returned if n != i] or [(0, 0)]
        yield q


def drop_result(q, n, i):
    """After result i of recurrence n is gone."""
    q.returned = [(m, k - (m == n and k > i)) for m, k in q.returned if (m, k) != (n, i)] or [(n, 0)]
    for b in q.buffers:
        if b.kind != "result" or b.source[0] != n:
            continue
        if b.source[1] == i:
            b.kind, b.source, b.init = "arg", None, "uniform(-1,1)"
        elif b.source[1] > i:
            b.source = (n, b.source[1] - 1)


def without_result(p):
    for n, r in enumerate(p.recurrences):
        for i in reversed(range(len(r.outs))):
            q = p.copy()
            for b in q.buffers:
                if b.kind == "result" and b.source == (n, i):
                    b.static = list(q.result_buffer(b.source).static)
            del q.recurrences[n].outs[i], q.recurrences[n].yield_outs[i]
            drop_result(q, n, i)
            yield q
        for i in reversed(range(len(r.states))):
            for as_input in (False, True):
                q = p.copy()
                for b in q.buffers:
                    if b.kind == "result" and b.source == (n, len(r.outs) + i):
                        b.static = list(q.result_buffer(b.source).static)
                s = q.recurrences[n]
                state = s.states.pop(i)
                del s.yield_states[i]
                drop_result(q, n, len(r.outs) + i)
                if as_input:
                    s.ins.append(state)
                else:
                    type = state.widened or q.buffer(state.buffer).element
                    s.body.insert(0, constant("c_" + state.name, type))
                    replace(s, state.name, "c_" + state.name)
                yield q


def without_op(p):
    for n, r in enumerate(p.recurrences):
        types = {b.name: b.widened or p.buffer(b.buffer).element for b in r.ins + r.states}
        types.update({op.result: op.type for op in r.body})
        for i in reversed(range(len(r.body))):
            op = r.body[i]
            for v in op.operands:
                if types[v] == op.type:
                    q = p.copy()
                    del q.recurrences[n].body[i]
                    replace(q.recurrences[n], op.result, v)
                    yield q
            if not op.kind.endswith(".constant"):
                q = p.copy()
                q.recurrences[n].body[i] = constant(op.result, op.type)
                yield q


def without_ops(p):
    """Constants in place of many ops at once."""
    for n, r in enumerate(p.recurrences):
        size = len(r.body) // 2
        while size > 1:
            for start in reversed(range(0, len(r.body), size)):
                chunk = [op for op in r.body[start:start + size] if not op.kind.endswith(".constant")]
                if len(chunk) > 1:
                    q = p.copy()
                    body = q.recurrences[n].body
                    for op in chunk:
                        body[r.body.index(op)] = constant(op.result, op.type)
                    yield q
            size //= 2


def without_in(p):
    for n, r in enumerate(p.recurrences):
        used = used_names(r)
        for i in reversed(range(len(r.ins))):
            q = p.copy()
            s = q.recurrences[n]
            b = s.ins.pop(i)
            if b.name in used:
                s.body.insert(0, constant("c_" + b.name, b.widened or q.buffer(b.buffer).element))
                replace(s, b.name, "c_" + b.name)
            yield q


def forget_dim(q, dim):
    for b in q.buffers:
        keep = [i for i, d in enumerate(b.dims) if d != dim]
        for key in ("dims", "static", "slices"):
            if getattr(b, key):
                setattr(b, key, [getattr(b, key)[i] for i in keep])
    for r in q.recurrences:
        r.dims = [d for d in r.dims if d != dim]
        for b in r.ins + r.states + r.outs:
            b.dims = [d for d in b.dims if d != dim]
        for op in list(r.body):
            forget_in_op(r, op, dim)


def forget_in_op(r, op, dim):
    if op.kind == "linrec.reduce":
        head, over = op.text[:-1].split(" over(")
        over = [d for d in over.split(", ") if d != dim]
        op.text = f"{head} over({', '.join(over)})"
        if not over:
            r.body.remove(op)
            replace(r, op.result, op.operands[0])
    elif op.kind == "linrec.at":
        head, rest = op.text.split("[", 1)
        pairs, tail = rest.split("]", 1)
        pairs = [pair for pair in pairs.split(", ") if not re.search(rf"\b{dim}\b", pair)]
        op.text = f"{head}[{', '.join(pairs)}]{tail}"
        if not pairs:
            r.body.remove(op)
            replace(r, op.result, op.operands[0])
    elif op.kind == "linrec.index" and op.text == dim:
        r.body[r.body.index(op)] = constant(op.result, op.type)


def without_dim(p):
    for dim in p.extents:
        if any(dim == r.time or (r.packed and dim == r.packed[0]) for r in p.recurrences) or "+" in dim:
            continue
        q = p.copy()
        forget_dim(q, dim)
        del q.extents[dim]
        yield q


def without_dim_of_operand(p):
    for b in p.buffers:
        for i in range(len(b.dims)):
            q = p.copy()
            c = q.buffer(b.name)
            for key in ("dims", "static", "slices"):
                if getattr(c, key):
                    del getattr(c, key)[i]
            for r in q.recurrences:
                for binding in r.ins + r.states + r.outs:
                    if binding.buffer == b.name and len(binding.dims) > i:
                        del binding.dims[i]
            yield q


def plainer(p):
    """Flags, one by one."""
    for n, r in enumerate(p.recurrences):
        for key, value in (("packed", None), ("schedule", None), ("exact", False), ("reverse", False)):
            if getattr(r, key) != value:
                q = p.copy()
                setattr(q.recurrences[n], key, value)
                yield q
    if p.hints:
        q = p.copy()
        q.hints = q.pinned = None
        yield q
    if p.memref:
        q = p.copy()
        q.memref = False
        q.returned = [(n, i) for n, r in enumerate(q.recurrences) for i in range(len(r.outs + r.states))]
        yield q
    for i in range(len(p.returned)):
        if len(p.returned) > 1 and not p.memref:
            q = p.copy()
            del q.returned[i]
            yield q
    for static in (False, True):
        q = p.copy()
        for b in q.buffers:
            b.static = [static] * len(b.static)
        yield q


def plainer_buffers(p):
    for i, b in enumerate(p.buffers):
        changes = [{"slices": None}] if b.slices else []
        changes += [{"pokes": None}] if b.pokes else []
        changes += [{"kind": "arg", "init": "uniform(-1,1)"}] if b.kind in ("fill", "splat", "empty") else []
        if b.kind == "arg" and b.init not in ("uniform(-1,1)", "ones") and is_float(b.element):
            changes.append({"init": "uniform(-1,1)"})
        for change in changes:
            q = p.copy()
            for key, value in change.items():
                setattr(q.buffers[i], key, value)
            yield q


def smaller_extents(p):
    for dim, n in p.extents.items():
        for smaller in sorted({1, 2, 3, 8, n // 2, n - 1}):
            if 0 < smaller < n and "+" not in dim:
                q = p.copy()
                q.extents[dim] = smaller
                yield q


def plainer_types(p):
    """All values of one type, and without `as`, as f32."""
    types = {b.element for b in p.buffers} | {op.type for r in p.recurrences for op in r.body}
    for type in sorted(types):
        if not is_float(type) or type == "f32":
            continue
        q = p.copy()
        for b in q.buffers:
            b.element = "f32" if b.element == type else b.element
        for r in q.recurrences:
            for b in r.ins + r.states:
                b.widened = "f32" if b.widened == type else b.widened
                if b.widened == q.buffer(b.buffer).element or not is_float(q.buffer(b.buffer).element):
                    b.widened = ""
            for op in r.body:
                op.type = "f32" if op.type == type else op.type
            for op in [op for op in r.body if op.kind in ("arith.extf", "arith.truncf")]:
                r.body.remove(op)
                replace(r, op.result, op.operands[0])
        yield q


STEPS = [without_recurrence, without_ops, without_in, without_result, without_dim, plainer, without_op,
         smaller_extents, without_dim_of_operand, plainer_buffers, plainer_types]


def used_dims(q):
    """Only dims that index an operand may be named (C4)."""
    for r in q.recurrences:
        used = {d for b in r.ins + r.states + r.outs for d in b.dims}
        used |= {r.packed[0]} if r.packed else set()
        r.dims = [d for d in r.dims if d in used]
    return q


def shrink(program, outcome, runner, seconds=90):
    end = time.time() + seconds
    check = runner.compiles if outcome.commands[-1].startswith("linrec-opt") else runner.check
    changed = True
    while changed and time.time() < end:
        changed = False
        for step in STEPS:
            position = 0  # what failed before a change is not tried again after it
            while time.time() < end:
                candidate = next(itertools.islice(step(program), position, None), None)
                if candidate is None:
                    break
                try:
                    tried = check(used_dims(clean(candidate)))
                except (StopIteration, IndexError, KeyError, ValueError):
                    tried = None  # the change made no program at all
                if tried and tried.failed and tried.signature == outcome.signature:
                    program, outcome, changed = candidate, tried, True
                else:
                    position += 1
    return program, outcome
