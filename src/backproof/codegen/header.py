"""What the header of an exported file says, and the docstrings of its functions."""

from __future__ import annotations

import platform
import shlex
import textwrap
from collections.abc import Iterable, Iterator
from importlib import metadata

from .infix import equation
from .program import Program, Spec

WIDTH = 96
PACKAGES = {"numpy": ("NumPy", "numpy"), "jax": ("JAX", "jax"), "torch": ("PyTorch", "torch")}
DEFAULTS = {"reduction": "mean", "layout": "columns", "dtype": "float64"}


def header(program: Program, verified: Iterable[str], to: str, *, unrolled: bool = False) -> str:
    """The network, its equations, how the file was made, and what was verified before it was written."""
    spec = program.spec
    shown = [line for line in program.assignments if line.label != "input"]
    equations = [part for line in shown for part in _indented(line.label, equation(line, spec.layout))]
    return "\n".join([
        f"A {spec.title} network and the gradient of its cost.",
        "",
        *textwrap.wrap(about(spec), WIDTH),
        "",
        "The equations, each derived from the chain rule by machine-checked steps:",
        "",
        *equations,
        "",
        *textwrap.wrap(
            f"Written by backproof {metadata.version('backproof')}, for {versions(to, unrolled=unrolled)}. The file "
            "is yours, to license as you like. This makes it again:", WIDTH
        ),
        "",
        *(f"    {line}" for line in command(spec, to, unrolled=unrolled)),
        "",
        *_verification(verified),
    ]).rstrip()  # fmt: skip


def _indented(label: str, text: str) -> list[str]:
    """An equation, in as many lines as it takes."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=f"    {label:<8}", subsequent_indent=" " * 14, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def versions(to: str, *, unrolled: bool = False) -> str:
    """What the file was tried with."""
    if to in ("c", "latex"):
        return {"c": "C99", "latex": "LaTeX"}[to]
    name, package = PACKAGES[to]
    python = f"Python {platform.python_version()}"
    return python if unrolled else f"{python} and {name} {metadata.version(package)}"


def command(spec: Spec, to: str, *, unrolled: bool = False) -> list[str]:
    """The lines of what makes the file again, to be read by a shell."""
    line, lines = "backproof export", []
    for part in _options(spec, to, unrolled=unrolled):
        if len(line) + len(part) + 3 > WIDTH - 4:
            lines.append(f"{line} \\")
            line = "   "
        line += f" {part}"
    return [part for whole in [*lines, line] for part in _broken(whole)]


def _options(spec: Spec, to: str, *, unrolled: bool) -> Iterator[str]:
    yield f"--sizes {','.join(map(str, spec.sizes))}"
    texts = [f.text for f in spec.activations]
    yield f"--activation={shlex.quote(texts[0] if len(set(texts)) == 1 else ','.join(texts))}"
    yield f"--cost {spec.cost} --to {to}"
    for name, default in DEFAULTS.items():
        if getattr(spec, name) != default:
            yield f"--{name} {getattr(spec, name)}"
    if unrolled:
        yield "--unroll"


def _broken(line: str) -> list[str]:
    """A formula may be broken at its spaces, between quotes."""
    return textwrap.wrap(line, WIDTH - 4, break_long_words=False, break_on_hyphens=False, drop_whitespace=False)


def about(spec: Spec) -> str:
    """The network in words."""
    functions = [f"{f.name} = {f.text}" if f.own else f.name for f in spec.activations]
    used = functions[0] if len(set(functions)) == 1 else ", ".join(functions) + " (layer by layer)"
    kinked = any(f.kinks for f in spec.activations)
    kinks = " Where an activation has a kink, the slope is that of the side below it." if kinked else ""
    examples = "the columns" if spec.layout == "columns" else "the rows"
    return (
        f"Activation: {used}. Cost: {spec.cost}, the {spec.reduction} over the examples, which are {examples} of x and "
        "y. Layers are numbered from 1, the input: the superscripts of w, b, z, a and δ are layers, and not powers; w² "
        "leads from layer 1 into layer 2; δ is the derivative of the cost by z, and ⊙ the product entry by entry. "
        f"Numbers are {spec.dtype}.{kinks}"
    )


def _verification(verified: Iterable[str]) -> list[str]:
    lines = [part for line in verified for part in textwrap.wrap(f"- {line}", WIDTH, subsequent_indent="  ")]
    return ["Verified before this file was written:", *lines] if lines else []


def words(spec: Spec) -> dict[str, str]:
    """The docstrings."""
    first, last, rows = spec.sizes[0], spec.sizes[-1], spec.layout == "rows"
    x, y = (f"(m, {size})" if rows else f"({size}, m)" for size in (first, last))
    weights = "(n[l-1], n[l])" if rows else "(n[l], n[l-1])"
    biases, data = "(n[l],)" if rows else "(n[l], 1)", f"for x of shape {x} and y of shape {y}"
    return {
        "init": f"Parameters to start from: for each layer but the first a pair (w, b), shaped {weights} and {biases}.",
        "spread": "The standard deviation of the weights is ``spread``, by default 1/sqrt(n[l-1]); of biases it is 1.",
        "forward": f"The outputs for x of shape {x}, of shape {y}; m is the number of examples.",
        "cost": f"The {spec.reduction} over the m examples of the {spec.cost} cost, {data}.",
        "gradient": f"The partial derivatives of the cost, shaped like the parameters, {data}.",
        "step": "One step of gradient descent with learning rate eta: changes the parameters in place.",
        "errors": "ValueError, with what is expected, where a shape or the dtype of the parameters is another.",
    }


def docstring(*paragraphs: str, indent: int = 4) -> str:
    """A docstring of lines that are short enough."""
    first, *rest = paragraphs
    wrapped = [textwrap.wrap(f'"""{first}', WIDTH - indent), *(textwrap.wrap(text, WIDTH - indent) for text in rest)]
    lines = [line for part in wrapped for line in (*part, "")][:-1]
    if rest or len(lines) > 1:
        lines.append('"""')
    elif len(lines[0]) + 3 <= WIDTH - indent:
        lines[0] += '"""'
    else:
        lines.append('"""')
    return ("\n" + " " * indent).join(lines).replace("\n" + " " * indent + "\n", "\n\n")


def safe(text: str) -> str:
    """For a docstring: nothing that ends it, and no character that has no look."""
    text = "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
    return text.replace("\\", "\\\\").replace('"', '\\"')
