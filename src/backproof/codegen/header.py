"""What the header of an exported file says, and the docstrings of its functions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from importlib import metadata

from .infix import equation
from .program import Program, Spec

WIDTH = 110


def header(program: Program, verified: Iterable[str]) -> str:
    """The network, its equations, and what was verified before the file was written."""
    spec = program.spec
    shown = [line for line in program.assignments if line.label != "input"]
    return "\n".join([
        f"A {spec.title} network and the gradient of its cost, written by backproof {metadata.version('backproof')}.",
        "",
        *textwrap.wrap(about(spec), WIDTH),
        "",
        "The equations, each derived from the chain rule by machine-checked steps:",
        "",
        *(f"    {line.label:<8}{equation(line, spec.layout)}" for line in shown),
        "",
        *_verification(verified),
    ])  # fmt: skip


def about(spec: Spec) -> str:
    """The network in words."""
    functions = [f"{f.name} = {f.text}" if f.own else f.name for f in spec.activations]
    used = functions[0] if len(set(functions)) == 1 else ", ".join(functions) + " (layer by layer)"
    kinked = any(f.kinks for f in spec.activations)
    kinks = " Where an activation has a kink, the slope is that of the side below it." if kinked else ""
    examples = "the columns" if spec.layout == "columns" else "the rows"
    return (
        f"Activation: {used}. Cost: {spec.cost}, the {spec.reduction} over the examples, which are {examples} of x and "
        "y. Layers are numbered from 1, the input; w^l leads from layer l-1 into layer l; δ^l is the derivative of the "
        f"cost by z^l, and ⊙ the product entry by entry. Numbers are {spec.dtype}.{kinks}"
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
        "cost": f"The {spec.reduction} over the examples of the {spec.cost} cost, {data}.",
        "gradient": f"The partial derivatives of the cost, shaped like the parameters, {data}.",
        "step": "One step of gradient descent with learning rate eta: changes the parameters in place.",
    }
