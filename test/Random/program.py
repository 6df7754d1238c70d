"""A function with recurrences as data, its text, and its arguments.

Nothing here is random: generate.py draws programs, shrink.py makes them
smaller, and both leave it to the compiler to say what is valid.
"""

import copy
from dataclasses import dataclass, field


@dataclass
class Buffer:
    """An array that operands are bound to.

    kind: "arg", "scalar" (an argument), "constant" (a dense tensor), "empty",
    "fill" and "splat" (made in the function), or "result" (of an earlier
    recurrence: `source` is its number and the number of its result).
    """
    name: str
    element: str
    dims: list = field(default_factory=list)
    static: list = field(default_factory=list)  # by dim
    kind: str = "arg"
    init: str = "uniform(-1,1)"  # a generator, or the word of a scalar
    data: list = None            # integers that no generator gives
    pokes: dict = None           # flat index -> "nan", "inf" or "-inf"
    slices: list = None          # by dim: (offset, stride) into a larger array
    source: tuple = None


@dataclass
class Binding:
    buffer: str
    dims: list
    name: str = ""     # of the block argument; outs have none
    widened: str = ""  # `as`


@dataclass
class Op:
    result: str
    kind: str
    operands: list
    type: str
    text: str = ""  # what else the kind needs: "over(n)", "[i = j]", "0.5"


@dataclass
class Recurrence:
    dims: list
    time: str = "t"
    reverse: bool = False
    packed: tuple = None  # (dim, buffer of the bounds)
    ins: list = field(default_factory=list)
    states: list = field(default_factory=list)
    outs: list = field(default_factory=list)
    body: list = field(default_factory=list)
    yield_outs: list = field(default_factory=list)
    yield_states: list = field(default_factory=list)
    exact: bool = False
    schedule: dict = None  # the parameters of #linrec.cpu


@dataclass
class Program:
    seed: int
    extents: dict
    memref: bool = False
    buffers: list = field(default_factory=list)
    recurrences: list = field(default_factory=list)
    returned: list = field(default_factory=list)  # (recurrence, result)
    # Schedules are chosen for these extents and pinned.
    hints: dict = None
    # What was pinned: by recurrence, the attributes as text.
    pinned: list = None

    def buffer(self, name):
        return next(b for b in self.buffers if b.name == name)

    def copy(self):
        return copy.deepcopy(self)

    def shape(self, buffer):
        return [self.extents[d] for d in buffer.dims]

    def whole_shape(self, buffer):
        """The shape of the argument: larger than what a slice takes of it."""
        shape = self.shape(buffer)
        if not buffer.slices:
            return shape
        return [offset + max(n - 1, 0) * stride + 1
                for n, (offset, stride) in zip(shape, buffer.slices)]

    def result_buffer(self, source):
        """The destination of a result, which gives its type."""
        recurrence = self.recurrences[source[0]]
        return self.buffer((recurrence.outs + recurrence.states)[source[1]].buffer)


def is_float(type):
    return type in ("f16", "bf16", "f32", "f64")


def is_complex(type):
    return type.startswith("complex")


def is_integer(type):
    return type in ("i1", "i8", "i16", "i32", "i64", "index")


# Text of the ops that are not "KIND operands : TYPE".
_FORMS = {
    "arith.constant": "{kind} {text}",
    "complex.constant": "{kind} {text} : {type}",
    "arith.cmpf": "{kind} {text}, {0}, {1} : {type0}",
    "arith.cmpi": "{kind} {text}, {0}, {1} : {type0}",
    "complex.eq": "{kind} {0}, {1} : {type0}",
    "complex.re": "{kind} {0} : {type0}",
    "complex.im": "{kind} {0} : {type0}",
    "complex.abs": "{kind} {0} : {type0}",
    "linrec.reduce": "{kind} {text} : {type}",
    "linrec.at": "{kind} {text} : {type}",
    "linrec.index": "{kind}({text}) : {type}",
}
_CASTS = {"arith.extf", "arith.truncf", "arith.sitofp", "arith.uitofp", "arith.extsi", "arith.extui",
          "arith.trunci", "arith.index_cast", "arith.index_castui", "arith.bitcast"}


class _Writer:
    """The text of one program."""

    def __init__(self, program):
        self.p = program
        self.lines = []
        self.arguments = []  # ("name: type attrs", word or Buffer)
        self.sizes = {}

    def shaped(self, element, extents, static, layout=""):
        kind = "memref" if self.p.memref else "tensor"
        shape = "".join(f"{n if s else '?'}x" for n, s in zip(extents, static))
        return f"{kind}<{shape}{element}{layout}>"

    def type(self, buffer):
        if buffer.kind == "scalar":
            return buffer.element
        if buffer.kind == "result":
            return self.type(self.p.result_buffer(buffer.source))
        layout = ""
        if buffer.slices and self.p.memref:
            layout = ", " + self.strided(buffer)
        return self.shaped(buffer.element, self.p.shape(buffer), buffer.static, layout)

    def strided(self, buffer):
        """The layout of a memref.subview of a row-major array."""
        def times(a, b):
            return 0 if 0 in (a, b) else "?" if "?" in (a, b) else a * b

        offset, strides, step = 0, [], 1
        whole = self.p.whole_shape(buffer)
        for n, is_static, (start, stride) in reversed(list(zip(whole, buffer.static, buffer.slices))):
            moved = times(start, step)
            offset = "?" if "?" in (offset, moved) else offset + moved
            strides.insert(0, times(stride, step))
            step = times(step, n if is_static else "?")
        strides = ", ".join(map(str, strides))
        return f"strided<[{strides}]" + (f", offset: {offset}>" if offset else ">")

    def size(self, dim):
        """A value of type index: from an argument that has the dim."""
        if dim in self.sizes:
            return self.sizes[dim]
        name = f"%size_{dim}"
        self.sizes[dim] = name
        for b in self.p.buffers:
            if b.kind == "arg" and not b.slices and dim in b.dims and not self.is_bounds(b):
                kind = "memref" if self.p.memref else "tensor"
                self.lines.append(f"  %at_{dim} = arith.constant {b.dims.index(dim)} : index")
                self.lines.append(f"  {name} = {kind}.dim %{b.name}, %at_{dim} : {self.type(b)}")
                return name
        self.arguments.append((f"{name}: index", str(self.p.extents[dim])))
        return name

    def is_bounds(self, buffer):
        return any(r.packed and r.packed[1] == buffer.name for r in self.p.recurrences)

    def hint(self, buffer, shape):
        if not self.p.hints or self.p.pinned:
            return ""
        hinted = ", ".join(str(self.p.hints.get(d, n)) for d, n in zip(buffer.dims, shape))
        return " {linrec.extents = array<i64: " + hinted + ">}" if hinted else ""

    def declare(self, b):
        """The argument that a buffer is, or is cut from."""
        if b.kind == "scalar":
            self.arguments.append((f"%{b.name}: {b.element}", b.init))
        elif b.kind == "arg":
            shape = self.p.whole_shape(b)
            name = f"%{b.name}_whole" if b.slices else f"%{b.name}"
            type = self.shaped(b.element, shape, b.static)
            self.arguments.append((f"{name}: {type}{self.hint(b, shape)}", b))

    def define(self, b):
        """The op that makes a buffer inside the function."""
        dynamic = [d for d, s in zip(b.dims, b.static) if not s]
        if b.kind == "arg" and b.slices:
            whole = self.shaped(b.element, self.p.whole_shape(b), b.static)
            offsets = ", ".join(str(o) for o, _ in b.slices)
            strides = ", ".join(str(s) for _, s in b.slices)
            sizes = ", ".join(str(self.p.extents[d]) if s else self.size(d) for d, s in zip(b.dims, b.static))
            op = "memref.subview" if self.p.memref else "tensor.extract_slice"
            self.lines.append(f"  %{b.name} = {op} %{b.name}_whole[{offsets}] [{sizes}] [{strides}]"
                              f" : {whole} to {self.type(b)}")
        elif b.kind == "constant":
            values = ", ".join(map(str, b.data))
            self.lines.append(f"  %{b.name} = arith.constant dense<[{values}]> : {self.type(b)}")
        elif b.kind in ("empty", "fill"):
            name = f"%{b.name}" + ("_empty" if b.kind == "fill" else "")
            sizes = ", ".join(self.size(d) for d in dynamic)
            self.lines.append(f"  {name} = tensor.empty({sizes}) : {self.type(b)}")
        if b.kind in ("fill", "splat"):
            self.lines.append(f"  %{b.name}_value = {constant_text(b.element, b.init)}")
        if b.kind == "fill":
            self.lines.append(f"  %{b.name} = linalg.fill ins(%{b.name}_value : {b.element})"
                              f" outs(%{b.name}_empty : {self.type(b)}) -> {self.type(b)}")
        if b.kind == "splat":
            sizes = ", ".join(self.size(d) for d in dynamic)
            sizes = f"[{sizes}]" if dynamic else ""
            self.lines.append(f"  %{b.name} = tensor.splat %{b.name}_value{sizes} : {self.type(b)}")

    def value(self, buffer):
        """The SSA name; results of memrefs are their destinations."""
        if buffer.kind != "result":
            return f"%{buffer.name}"
        if self.p.memref:
            return self.value(self.p.result_buffer(buffer.source))
        return f"%r{buffer.source[0]}_{buffer.source[1]}"

    def binding(self, b, names):
        buffer = self.p.buffer(b.buffer)
        index = f"[{', '.join(b.dims)}]" if buffer.kind != "scalar" else ""
        widened = f" as {b.widened}" if b.widened else ""
        named = f"%{b.name} = " if b.name else ""
        if b.name:
            names[b.name] = b.widened or buffer.element
        return f"{named}{self.value(buffer)}{index} : {self.type(buffer)}{widened}"

    def recurrence(self, number, r):
        names = {}
        results = [f"%r{number}_{i}" for i in range(len(r.outs) + len(r.states))]
        head = f"{', '.join(results)} = " if not self.p.memref else ""
        time = f"time({'reverse ' if r.reverse else ''}{r.time})"
        text = f"  {head}linrec.recurrence dims({', '.join(r.dims)}) {time}"
        if r.packed:
            bounds = self.p.buffer(r.packed[1])
            text += f" packed({r.packed[0]} by {self.value(bounds)} : {self.type(bounds)})"
        for clause, list in (("ins", r.ins), ("states", r.states), ("outs", r.outs)):
            if list:
                text += f"\n      {clause}(" + ",\n          ".join(self.binding(b, names) for b in list) + ")"
        attributes = (["linrec.exact"] if r.exact else []) + \
            ([f"linrec.schedule = {schedule_text(r.schedule)}"] if r.schedule else []) + \
            (self.p.pinned[number] if self.p.pinned else [])
        if attributes:
            text += f"\n      attributes {{{', '.join(attributes)}}}"
        self.lines.append(text + " {")
        for op in r.body:
            names[op.result] = op.type
            self.lines.append("    " + op_text(op, names))
        clauses = [f"{clause}({', '.join('%' + v for v in values)} : {', '.join(names[v] for v in values)})"
                   for clause, values in (("outs", r.yield_outs), ("states", r.yield_states)) if values]
        self.lines.append(f"    linrec.yield {' '.join(clauses)}")
        self.lines.append("  }")

    def write(self):
        for b in self.p.buffers:
            self.declare(b)
        for b in self.p.buffers:
            self.define(b)
        for number, r in enumerate(self.p.recurrences):
            self.recurrence(number, r)
        types = [self.type(self.p.result_buffer(s)) for s in self.p.returned]
        arguments = ",\n    ".join(text for text, _ in self.arguments)
        if self.p.memref:
            head, end = f"func.func @f({arguments})", "  return"
        else:
            values = ", ".join(f"%r{r}_{i}" for r, i in self.p.returned)
            head = f"func.func @f({arguments}) -> ({', '.join(types)})"
            end = f"  return {values} : {', '.join(types)}"
        return "\n".join([head + " {"] + self.lines + [end, "}", ""])


def schedule_text(schedule):
    def text(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k} = {v} : i64" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(f'"{v}"' if isinstance(v, str) else str(v) for v in value) + "]"
        return f'"{value}"' if isinstance(value, str) else str(value)
    return "#linrec.cpu<" + ", ".join(f"{k} = {text(v)}" for k, v in schedule.items()) + ">"


def op_text(op, names):
    if op.kind in _CASTS:
        return f"%{op.result} = {op.kind} %{op.operands[0]} : {names[op.operands[0]]} to {op.type}"
    operands = ["%" + o for o in op.operands]
    if op.kind in ("linrec.reduce", "linrec.at"):
        form = "{kind} " + op.text + " : {type}"
    elif op.kind == "arith.select":
        form = "{kind} {0}, {1}, {2} : {type}"
    else:
        form = _FORMS.get(op.kind, "{kind} " + ", ".join(operands) + " : {type}")
    if op.kind == "arith.constant" and op.type != "i1":
        form += " : {type}"
    type0 = names[op.operands[0]] if op.operands else ""
    return f"%{op.result} = " + form.format(*operands, kind=op.kind, text=op.text, type=op.type, type0=type0)


def constant_text(type, value):
    """An op that makes a scalar."""
    if is_complex(type):
        part = type[8:-1]
        return f"complex.constant [{float(value)} : {part}, 0.0 : {part}] : {type}"
    if type == "i1":
        return "arith.constant " + str(float(value) != 0).lower()
    return f"arith.constant {float(value) if is_float(type) else int(float(value))} : {type}"


@dataclass
class FileWord:
    """An argument that must be a file: integers, or draws with some replaced."""
    element: str
    shape: list
    data: list = None
    pokes: dict = None


def write(program):
    """The text of a program, and the words of its arguments."""
    writer = _Writer(program)
    text = writer.write()
    words = []
    for _, argument in writer.arguments:
        if isinstance(argument, str):
            words.append(argument)
            continue
        shape = program.whole_shape(argument)
        if argument.data is not None or argument.pokes:
            words.append(FileWord(argument.element, shape, argument.data, argument.pokes))
        else:
            words.append(f"{argument.init}:{'x'.join(map(str, shape))}")
    return text, words
