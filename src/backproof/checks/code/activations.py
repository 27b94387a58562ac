"""The activations that programs have beside those of the tables: rectifiers with another slope below 0, ELU, SiLU."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from sympy import Rational, S

from ...networks import ACTIVATIONS, SOFTMAX
from ...networks.tables import Activation, u
from ...surface.terms import exp, step
from .load import readable

Array = Any
Pair = tuple[Callable[[Array], Array], Callable[[Array], Array]]
LEAKY: Final = "leaky-relu "  # and its slope below 0
MOST: Final = 6  # numbers of a program that may be a slope


@cache
def row(name: str) -> Activation:
    """The row of the table, or one like it."""
    if name.startswith(LEAKY):
        slope = Rational(name.removeprefix(LEAKY))
        below = 1 - step(u)
        return Activation("leaky_relu", u * step(u) + slope * u * below, "leaky_relu", step(u) + slope * below)
    own = {
        "elu": (u * step(u) + (exp(u) - 1) * (1 - step(u)), step(u) + exp(u) * (1 - step(u))),
        "silu": (u / (1 + exp(-u)), 1 / (1 + exp(-u)) + u * exp(-u) / (1 + exp(-u)) ** 2),
    }
    if name in own:
        return Activation(name, own[name][0], name, own[name][1])
    return {**ACTIVATIONS, "softmax": SOFTMAX}[name]


def plain(name: str) -> str | Pair:
    """What the plain reference takes: the name of a row of its own, or a function and its slope."""
    if name.startswith(LEAKY):
        slope = float(name.removeprefix(LEAKY))
        return lambda z: np.where(z.real > 0, z, slope * z), lambda z: np.where(z.real > 0, 1.0, slope)
    if name == "elu":
        return lambda z: np.where(z.real > 0, z, np.exp(z) - 1), lambda z: np.where(z.real > 0, 1.0, np.exp(z))
    if name == "silu":
        return lambda z: z / (1 + np.exp(-z)), _silu_slope
    return name


def _silu_slope(z: Array) -> Array:
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@cache
def of_source(file: str) -> tuple[str, ...]:
    """Those that the text of a program speaks of: by name, or with a number that may be a slope."""
    text = Path(file).read_text(encoding="utf-8")
    low = text.casefold()
    found = [name for name in ("elu", "silu") if name in low.replace("relu", "") or (name == "silu" and "swish" in low)]
    try:
        tree = ast.parse(readable(text, file))
    except SyntaxError:
        return tuple(found)
    numbers = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    slopes = [n for n in dict.fromkeys(numbers) if 0 < n < 1 and n != float(S(1) / 100)]
    rectifies = "leak" in low or "relu" in low or "rectif" in low or "> 0" in low
    return (*found, *(f"{LEAKY}{n}" for n in slopes[: MOST if rectifies else 0]))


__all__ = ["of_source", "plain", "row"]
