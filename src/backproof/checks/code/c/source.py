"""The text of a C file: its functions, what they take, and where they write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRING: Final = re.compile(r'"(?:\\.|[^"\\\n])*"')
FUNCTION: Final = re.compile(
    r"(?:^|(?<=[;}\n]))[ \t]*((?:[A-Za-z_][\w]*[\s*]+)+)([A-Za-z_]\w*)\s*\(([^;{}()]*(?:\([^()]*\)[^;{}()]*)*)\)\s*\{",
    re.MULTILINE,
)
MACRO: Final = re.compile(r"^[ \t]*#[ \t]*define\b(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
NAMED: Final = re.compile(r"^[ \t]*(?:typedef\s+[\w\s*]+|(?:static\s+)?const\s+\w+\s+\w+\s*=[^;{}]*);", re.MULTILINE)
EXTERN: Final = re.compile(r'\bextern\s+"[^"]*"|\btemplate\s*<[^<>]*>')
OTHER_NAME: Final = re.compile(
    r"\btypedef\s+((?:\w+\s+)+)(\w+)\s*;|\busing\s+(\w+)\s*=\s*([\w:\s]+);|^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(\w+)[ \t]*$",
    re.MULTILINE,
)
BACKWARD: Final = re.compile(r"back|bwd|grad|bprop|_b$", re.IGNORECASE)
NOT_FUNCTIONS: Final = {"if", "for", "while", "switch", "return", "else", "sizeof"}
WHOLE: Final = {
    "int": 4, "unsigned": 4, "int32_t": 4, "uint32_t": 4, "long": 8, "size_t": 8, "int64_t": 8, "uint64_t": 8,
    "ssize_t": 8, "ptrdiff_t": 8, "short": 2, "int16_t": 2, "uint16_t": 2, "char": 1, "int8_t": 1, "uint8_t": 1,
    "bool": 1, "_Bool": 1,
}  # fmt: skip


QUALIFIERS: Final = {
    "const", "restrict", "__restrict__", "__restrict", "register", "static", "volatile", "struct", "std",
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """``real``: it is a number, or an array of them, with a fraction; ``bytes``: of a whole one, else 0."""

    name: str
    pointer: bool
    real: bool
    bytes: int
    constant: bool
    text: str
    kind: str = ""  # the name of its type


@dataclass(frozen=True)
class Definition:
    """A function with its body."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    body: str
    line: int  # of the first line of the body

    def where(self, name: str) -> int | None:
        """The line at which something is last written into an array, or where a pointer into it points."""
        names = {name}
        for match in re.finditer(
            r"\*\s*(?:const\s+)?(?:restrict\s+|__restrict__\s+)?(\w+)\s*=\s*&?\s*\(?(\w+)", self.body
        ):
            if match[2] in names:
                names.add(match[1])
        own = "|".join(map(re.escape, names))
        writes = re.compile(rf"(?:\b(?:{own})\s*\[[^;=]*\]|\*\s*\(?\s*(?:{own})\b[^;=]*)\s*[-+*/]?=(?!=)")
        lines = [
            self.line + number for number, text in enumerate(self.body.split("\n")) if writes.search(text)
        ]  # fmt: skip
        return lines[-1] if lines else None


@dataclass(frozen=True)
class Source:
    """A C file."""

    text: str

    @cached_property
    def plain(self) -> str:
        """Without comments and strings, each line at its place."""
        text = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), self.text)
        text = EXTERN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
        text = STRING.sub(lambda m: '"' + " " * (len(m[0]) - 2) + '"', text)
        return re.sub(r"(?m)^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m[0]), text)

    @cached_property
    def functions(self) -> dict[str, Definition]:
        """Those that are defined, by name."""
        found: dict[str, Definition] = {}
        for match in FUNCTION.finditer(self.plain):
            kind, name, inside = match[1], match[2], match[3]
            if name in NOT_FUNCTIONS or set(kind.split()) & NOT_FUNCTIONS:
                continue
            end = _closed(self.plain, match.end() - 1)
            body = self.plain[match.end() : end]
            line = self.plain.count("\n", 0, match.end()) + 1
            found[name] = Definition(name, tuple(_parameters(inside, self.types)), kind.strip(), body, line)
        return found

    @cached_property
    def types(self) -> dict[str, str]:
        """Other names of types, each with what it stands for."""
        found: dict[str, str] = {}
        for old, new, also, of, macro, value in OTHER_NAME.findall(COMMENT.sub(" ", self.text)):
            name, meant = (new, old) if new else (also, of) if also else (macro, value)
            found[name] = " ".join(found.get(word, word) for word in re.findall(r"\w+", meant))
        return found

    def needed(self, f: Definition) -> str:
        """The text of the function, and of those that it calls."""
        return "\n".join(self.functions[name].body for name in _called(f, self.functions))

    def alone(self, f: Definition) -> str:
        """The file without the functions that ``f`` does not need, and without headers of its own that are not there.

        Each line stays at its place.
        """
        text, plain = list(self.text), self.plain
        needed = _called(f, self.functions)
        for match in FUNCTION.finditer(plain):
            if match[2] in self.functions and match[2] not in needed:
                end = _closed(plain, match.end() - 1)
                text[match.start() : end + 1] = [c if c == "\n" else " " for c in text[match.start() : end + 1]]
        return re.sub(r"(?m)^[ \t]*#[ \t]*include[^\n]*", "", "".join(text))

    def bare(self, f: Definition) -> str:
        """The function alone with those that it needs, macros, and types that are other names."""
        plain, needed = self.plain, _called(f, self.functions)
        kept = [(match.start(), match[0]) for match in MACRO.finditer(self.text)]
        kept += [(match.start(), match[0]) for match in NAMED.finditer(plain)]
        functions = [match for match in FUNCTION.finditer(plain) if match[2] in needed]
        kept += [(match.start(), plain[match.start() : _closed(plain, match.end() - 1) + 1]) for match in functions]
        return "\n".join(f"#line {self.text.count(chr(10), 0, start) + 1}\n{text}" for start, text in sorted(kept))

    def chosen(self, name: str | None) -> Definition:
        """The function of this name, or the only one that is a backward pass. LookupError where there is none."""
        known = self.functions
        if name is not None:
            if name not in known:
                raise LookupError(f"there is no function {name}: there are {', '.join(known) or 'none'}")
            return known[name]
        own = [f for f in known.values() if BACKWARD.search(f.name)] or list(known.values())
        if len(own) != 1:
            raise LookupError(f"name the function that is meant, one of {', '.join(known) or 'none'}")
        return own[0]


def _called(f: Definition, known: dict[str, Definition]) -> list[str]:
    """The functions that it needs, itself among them."""
    found, waiting = list[str](), [f.name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += [e for e in re.findall(r"\b([A-Za-z_]\w*)\s*\(", known[name].body) if e in known]
    return found


def _closed(text: str, at: int) -> int:
    """Where the bracket at this place is closed."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    return len(text)


def _parameters(inside: str, types: Mapping[str, str]) -> list[Parameter]:
    texts = [part.partition("=")[0].strip() for part in _split(inside)]
    return [parameter(text, types) for text in texts if text and text != "void"]


def _split(inside: str) -> list[str]:
    parts, depth = [""], 0
    for letter in inside:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def parameter(text: str, types: Mapping[str, str]) -> Parameter:
    """As it is declared; ``types``: other names of types."""
    brackets = re.findall(r"\[[^\]]*\]", text)
    bare = re.sub(r"\[[^\]]*\]", "", text)
    *before, name = re.findall(r"\w+", bare)
    own = [w for w in before if w not in QUALIFIERS]
    kinds = [word for w in own for word in types.get(w, w).split()]
    bytes_ = next((WHOLE[w] for w in reversed(kinds) if w in WHOLE), 0)
    if "long" in kinds or "short" in kinds:
        bytes_ = 8 if "long" in kinds else 2
    real = bool({"float", "double"} & set(kinds)) or not bytes_
    pointer = "*" in bare or bool(brackets)
    return Parameter(name, pointer, real, 0 if real else bytes_, "const" in before, text, own[-1] if own else "")


__all__ = ["Definition", "Parameter", "Source", "parameter"]
