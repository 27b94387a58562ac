"""The words that a name is made of, and which of them say what it is."""

from __future__ import annotations

import re
from typing import Final

#: Words that say that an array is a gradient.
MARKS: Final = frozenset(
    [
        "grad",
        "grads",
        "gradient",
        "gradients",
        "diff",
        "diffs",
        "delta",
        "deltas",
        "update",
        "updates",
        "err",
        "error",
        "errors",
        "bar",
        "adj",
        "adjoint",
        "d",
        "dl",
        "deriv",
        "derivative",
        "sens",
    ]
)
#: Words for what a layer takes, and for what it gives.
BELOW: Final = frozenset(["in", "inp", "input", "bottom", "prev", "previous", "below", "lower", "src", "x", "net"])
ABOVE: Final = frozenset(
    ["out", "output", "top", "next", "above", "upper", "upstream", "dst", "loss", "act", "activation"]
)
#: Words of an array that say nothing of what it is.
ARRAYS: Final = frozenset(
    [
        "ptr",
        "p",
        "cache",
        "cached",
        "saved",
        "save",
        "data",
        "buf",
        "buffer",
        "table",
        "tab",
        "val",
        "vals",
        "vec",
        "vector",
        "mat",
        "matrix",
        "arr",
        "array",
        "host",
        "dev",
        "tensor",
        "f32",
        "fp32",
        "ref",
        "layer",
        "cur",
        "current",
        "local",
        "flat",
        "sample",
        "batch",
        "minibatch",
        "curr",
        "the",
        "my",
        "running",
        "all",
    ]
)
#: Words of a number that say that it counts.
COUNTS: Final = frozenset(
    ["n", "num", "number", "no", "nb", "of", "size", "dim", "dims", "len", "length", "count", "cnt", "total", "i"]
)
SHORTEST: Final = 3  # letters by which a longer word is known


def words(name: str) -> list[str]:
    """In small letters."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return [word for word in apart.lower().split("_") if word]


def single(word: str) -> str:
    """One of several."""
    return word.removesuffix("s") if len(word) > SHORTEST and not word.endswith(("ss", "us", "is")) else word


def core(name: str, without: frozenset[str] = frozenset()) -> str:
    """What a name of an array says, in one word."""
    own = [word for word in words(name) if word not in without]
    kept = [word for word in own if word not in ARRAYS] or own
    return "".join(map(single, kept))


def counted(name: str) -> str:
    """What a number counts."""
    own = words(name)
    return "".join(map(single, [word for word in own if word not in COUNTS] or own))


def alike(one: str, other: str) -> bool:
    """Whether one is the beginning of the other."""
    short, long = sorted((one, other), key=len)
    return len(short) > SHORTEST and long.startswith(short)


__all__ = ["ABOVE", "BELOW", "MARKS", "alike", "core", "counted", "single", "words"]
