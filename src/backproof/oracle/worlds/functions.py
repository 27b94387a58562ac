"""The functions of the exact judge: elementary ones by the laws that they have, all others by chance."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from . import lanes
from .lanes import Atoms, Numbers


def derivative(atoms: Atoms, name: str, times: int, u: Numbers) -> Numbers:
    """A derivative of the function ``name``, at each number."""
    if name in LAWS and (times or name == "exp"):
        return LAWS[name](atoms, times, u)
    return atoms.value(name, times, np.broadcast_to(u, (*u.shape[:-1], lanes.LANES)))


def _exponential(atoms: Atoms, _: int, u: Numbers) -> Numbers:
    """exp(-u) = 1/exp(u), and exp(0) = 1: the value of one of u and -u is drawn."""
    u = np.broadcast_to(u, (*u.shape[:-1], lanes.LANES))
    first = np.take_along_axis(u, (u != 0).argmax(axis=-1)[..., None], axis=-1)
    upper = first > lanes.P // 2
    value = atoms.value("exp", 0, np.where(upper, lanes.negative(u), u))
    if upper.any():
        value = np.where(upper, lanes.inverse(value), value)
    return np.where(lanes.is_zero(u)[..., None], np.uint64(1), value)


def _log(_: Atoms, times: int, u: Numbers) -> Numbers:
    factor = lanes.integers([(-1) ** (times - 1) * prod(range(1, times))])
    return lanes.multiply(factor, lanes.power(lanes.inverse(u), times))


def _root(atoms: Atoms, times: int, u: Numbers) -> Numbers:
    """By r' = 1/(2 r): the derivatives are 1/2 (1/2 - 1) ... r^(1 - 2 times). That r r = u is not known here."""
    root = derivative(atoms, "sqrt", 0, u)
    factor = lanes.multiply(
        lanes.rational(1, 2**times), lanes.integers([prod(1 - 2 * order for order in range(times))])
    )
    return lanes.multiply(factor, lanes.power(lanes.inverse(root), 2 * times - 1))


def _density(atoms: Atoms, times: int, u: Numbers) -> Numbers:
    """By phi' = -u phi: the derivatives are -u phi^(d) - d phi^(d-1)."""
    before, now = np.zeros_like(u), np.ones_like(u)
    for order in range(times):
        moved = lanes.add(lanes.multiply(u, now), lanes.multiply(lanes.integers([order]), before))
        before, now = now, lanes.negative(moved)
    return lanes.multiply(now, derivative(atoms, "phi", 0, u))


#: What is known of the derivatives (of exp: of every one).
LAWS: dict[str, Any] = {
    "exp": _exponential,
    "log": _log,
    "sqrt": _root,
    "step": lambda _, __, u: np.zeros_like(u),
    "Phi": lambda atoms, times, u: derivative(atoms, "phi", times - 1, u),
    "phi": _density,
}
