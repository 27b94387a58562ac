"""Single edits of the text of an exported NumPy module, made by a program."""

from __future__ import annotations

import re
from collections.abc import Iterator

PARTS = (("def _forward(", "class Workspace"), ("def gradient(", "def _check("))  # what is edited between
LAYERED = re.compile(r"\b(own_w|own_b|wb|nabla_w|nabla_b|nabla|delta|slope|w|b|a|z)(\d)(?=\b|_1\b)")
SWAPS = {"subtract(": "add(", "add(": "subtract(", "multiply(": "divide(", "divide(": "multiply("}
STEPS = {"-=": "+="}
PAIR = re.compile(r"\b(subtract|dot|product|outer|divide)\((\w+(?:\.T)?), (\w+(?:\.T)?), (\w+)\)")
LEFT = ("raise", '"""', "nabla_w2, nabla_b2 =", " = work.", "parameters: ", "x: ", "-> ")  # what is tried elsewhere


def mutants(text: str, depth: int) -> Iterator[tuple[str, str, str]]:
    """(what kind of edit, the line as it was and is, the text)."""
    for begin, end in PARTS:
        start, stop = text.index(begin), text.index(end)
        lines = text[start:stop].splitlines(keepends=True)
        for place, line in enumerate(lines):
            code = line.partition("  # ")[0].rstrip("\n")
            if not code.startswith("    ") or any(word in code for word in LEFT) or code.strip()[:1] in ("", "#"):
                continue
            for kind, edited in edits(code, depth):
                rest = [*lines[:place], edited.rstrip("\n") + "\n", *lines[place + 1 :]]
                said = f"{code.strip()} -> {edited.strip() or '(nothing)'}"
                yield kind, said, text[:start] + "".join(rest) + text[stop:]


def edits(code: str, depth: int) -> Iterator[tuple[str, str]]:
    """The edits of one line."""
    indent = code[: len(code) - len(code.lstrip())]
    if re.match(r"\s+(\w+\([^\n]*\)$|own_|\w+ [-*]= |z\d = |a\d = )", code):
        yield "line dropped", f"{indent}pass"
    for found in re.finditer(r"\.T\b", code):
        yield "transpose dropped", code[: found.start()] + code[found.end() :]
    if re.match(r"\s+(product|outer|dot)\(", code):
        for found in re.finditer(r"(?<=[(, ])(w\d|x|a\d|delta\d)(?=[,)])", code):
            yield "transpose added", code[: found.end()] + ".T" + code[found.end() :]
    for found in LAYERED.finditer(code):
        for layer in {int(found[2]) - 1, int(found[2]) + 1} & set(range(2, depth + 1)):
            yield "layer shifted", code[: found.start(2)] + str(layer) + code[found.end(2) :]
    for name, other in SWAPS.items():
        if re.match(rf"\s+{re.escape(name)}", code):
            yield "sign or factor", code.replace(name, other, 1)
    for found in PAIR.finditer(code):
        yield (
            "operands swapped",
            code[: found.start()] + f"{found[1]}({found[3]}, {found[2]}, {found[4]})" + code[found.end() :],
        )
    if "share" in code and "=" not in code:
        yield "batch factor twice", code + "\n" + code
        yield "batch factor", code.replace("share", "np.array(1, DTYPE)")
    if "/ m" in code:
        yield "batch factor", code.replace(" / m", "")
    yield from (("sign or factor", code.replace(sign, other)) for sign, other in STEPS.items() if sign in code)
