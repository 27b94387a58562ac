"""The function that is called: it takes plain arrays and numbers, and hands them over as the one under check has them.

So it is of no consequence that this one is ``static``, or in a namespace, or a template, or takes structures: an array or
number in a structure is a parameter of its own here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from .source import Definition, Parameter, Source, parameter

NAME: Final = "backproof_entry"
STRUCTURE: Final = re.compile(r"\b(?:typedef\s+)?struct\s*(\w*)\s*\{([^{}]*)\}\s*(\w*)\s*;")
SPACE: Final = re.compile(r"\bnamespace\s+(\w+)\s*\{")
ITSELF: Final = ("data", "val", "value", "values", "ptr", "w", "x", "v")
GRADIENT: Final = ("grad", "diff", "d", "g", "delta", "dx", "gradient")


@dataclass(frozen=True)
class Plain:
    """A parameter of the entry. ``of``: the parameter in which it is a field; ``field``: its name there."""

    parameter: Parameter
    of: Parameter
    field: str = ""


def structures(source: Source) -> dict[str, str]:
    """The fields of each structure, by its name."""
    found: dict[str, str] = {}
    for tag, fields, name in STRUCTURE.findall(source.plain):
        found |= {one: fields for one in (tag, name) if one}
    return found


def plain(source: Source, f: Definition) -> list[Plain]:
    """The parameters of the entry, in order."""
    known, body = structures(source), source.needed(f)
    found: list[Plain] = []
    for own in f.parameters:
        if own.kind in known:
            fields = [e for e in _fields(known[own.kind], source) if _used(e.name, body)]
            found += [Plain(e, own, e.name) for e in fields]
        else:
            found.append(Plain(own, own))
    names = [e.parameter.name for e in found]
    return [e if not e.field else _named(e, alone=names.count(e.field) == 1) for e in found]


def _named(e: Plain, *, alone: bool) -> Plain:
    """With a name that says what it is: ``x`` for ``x->data``, ``dx`` for ``x->grad``."""
    own = e.of.name
    several = e.field if alone else f"{own}_{e.field}"
    name = own if e.field in ITSELF and not alone else f"d{own}" if e.field in GRADIENT and not alone else several
    return replace(e, parameter=replace(e.parameter, name=name))


def _used(name: str, body: str) -> bool:
    return re.search(rf"(?:->|\.)\s*{name}\b", body) is not None


def _fields(text: str, source: Source) -> list[Parameter]:
    """Those that are arrays and numbers: several may be declared at once."""
    found: list[Parameter] = []
    for declared in text.split(";"):
        first, *others = declared.split(",")
        if not re.search(r"\w+\W+\w+", first):
            continue
        kind = re.sub(r"[\s*]*\w+\s*$", "", first)
        texts = [first, *(f"{kind} {other}" for other in others)]
        found += [parameter(one, source.types) for one in texts if "[" not in one and "(" not in one]
    return found


def text(source: Source, f: Definition) -> str:
    """The entry in C++, to stand behind the file."""
    own = plain(source, f)
    declared = ", ".join(_declared(e.parameter, place) for place, e in enumerate(own))
    spaces = "".join(f"using namespace {name}; " for name in dict.fromkeys(SPACE.findall(source.plain)))
    made, given = list[str](), list[str]()
    for one in f.parameters:
        inner = [(place, e) for place, e in enumerate(own) if e.of is one]
        if inner and not inner[0][1].field:
            given.append(f"a{inner[0][0]}")
            continue
        made.append(f"static {one.kind} s_{one.name}; memset((void*)&s_{one.name}, 0, sizeof s_{one.name});")
        made += [f"s_{one.name}.{e.field} = a{place};" for place, e in inner]
        given.append(f"{'&' if one.pointer else ''}s_{one.name}")
    call = f"{f.name}({', '.join(given)});"
    return f'{spaces}\nextern "C" void {NAME}({declared}) {{ {" ".join(made)} {call} }}'


def _declared(p: Parameter, place: int) -> str:
    """A pointer, or a number."""
    kind = "float" if p.real else {1: "char", 2: "short", 4: "int", 8: "long"}[p.bytes]
    kind = (
        "unsigned " + kind if not p.real and re.search(r"\bunsigned\b|\bu?int8_t|\buint|\bsize_t\b", p.text) else kind
    )
    return f"{kind} {'*' if p.pointer else ''}a{place}"


__all__ = ["NAME", "plain", "text"]
