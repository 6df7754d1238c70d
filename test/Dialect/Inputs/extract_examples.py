"""Prints the ```mlir blocks of the files named, as one file for linrec-opt.

A block that is not a function is wrapped in one. Values that it uses and does
not define become arguments, of the type after `%value[...] :` or of the type at
the end of the line; ops of a body are put in the body of a recurrence.
"""

import re
import sys
import textwrap

BODY_OPS = ("linrec.reduce", "linrec.at", "linrec.index")


def wrap_body(block):
    kind = re.search(r":\s*(\S+)\s*$", block).group(1)
    result = re.match(r"%(\w+)", block).group(1)
    used = [v for v in re.findall(r"%(\w+)", block) if v != result]
    dims = set(re.findall(r"over\((\w+)\)|\[(\w+) =|index\((\w+)\)", block)[0]) - {""}
    dim = dims.pop()
    ins = ", ".join(f"%{v} = %{v}[t, {dim}] : tensor<?x?x{kind}>" for v in ["unused"] + used)
    args = ", ".join(f"%{v}: tensor<?x?x{kind}>" for v in ["unused"] + used + ["out"])
    return f"""func.func @example({args}) {{
  %r = linrec.recurrence dims(t, {dim}) time(t)
      ins({ins}) outs(%out[t, {dim}] : tensor<?x?x{kind}>) {{
    {block}
    linrec.yield outs(%{result} : {kind})
  }}
  return
}}"""


def wrap(block):
    defined = set(re.findall(r"%(\w+) = %", block))
    for line in block.split("\n"):
        if re.search(r"= (linrec|arith|math)\.", line):
            defined |= set(re.findall(r"%(\w+)", line.split("=")[0]))
    types = dict(re.findall(r"%(\w+)(?:\[[^\]]*\])? : ([^,)\s]+)", block))
    last = re.search(r":\s*(\S+)\s*$", block)
    used = dict.fromkeys(v for v in re.findall(r"%(\w+)", block) if v not in defined)
    args = ", ".join(f"%{v}: {types.get(v) or last.group(1)}" for v in used)
    return f"func.func @example({args}) {{\n{textwrap.indent(block, '  ')}\n  return\n}}"


def main():
    examples = []
    for path in sys.argv[1:]:
        for block in re.findall(r"```mlir\n(.*?)```", open(path).read(), re.S):
            block = textwrap.dedent(block).strip()
            if "func.func" in block:
                examples.append(block)
            elif any(op in block.split("{")[0] for op in BODY_OPS):
                examples.append(wrap_body(block))
            else:
                examples.append(wrap(block))
    print("\n\n// -----\n\n".join(examples))


main()
