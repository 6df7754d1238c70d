"""The same model in other element types, by text."""

import re

from arguments import read_signature


def expand_aliases(text):
    """Types in place of their names."""
    aliases = dict(re.findall(r"^!(\w+) = (.*)$", text, re.M))
    text = re.sub(r"^!\w+ = .*\n", "", text, flags=re.M)
    return re.sub(r"!(\w+)", lambda m: aliases[m[1]], text)


def store_as_bf16(text, name, dims):
    """Streams of f32 (arguments with time) become bf16; states, weights and arithmetic stay f32.

    `dims` has the dims of each argument; the function is one recurrence that returns its outs first.
    """
    text = expand_aliases(text)
    streams = [argument for argument, (_, kind) in read_signature(text, name)[0].items()
               if "t" in dims[argument] and kind == "f4"]
    outs = 0
    for stream in streams:
        text = re.sub(rf"(%{stream}: tensor<[^>]*)f32>", r"\1bf16>", text, count=1)
        text = re.sub(rf"(= %{stream}\[[^]]*\] : tensor<[^>]*)f32>", r"\1bf16> as f32", text)
        text, count = re.subn(rf"(outs\(%{stream}\[[^]]*\] : tensor<[^>]*)f32>", r"\1bf16>", text)
        outs += count
    if outs != 1:
        raise ValueError(f"{name} has {outs} outs of f32 with time, not one")
    head, body = text.split(" {\n", 1)
    front, results = head.rsplit("->", 1)
    body = re.sub(r"(\n  return .* : tensor<[^>]*)f32>", r"\1bf16>", body, count=1)
    return f"{front}->{results.replace('f32>', 'bf16>', 1)} {{\n{body}"


def write_variant(text, name, type_, dims):
    """The text of a model (of f32, or f64 where it is written so) with numbers of `type_`."""
    if type_ == "bf16":
        return store_as_bf16(text, name, dims)
    return text.replace("f64" if type_ == "f32" else "f32", type_)
