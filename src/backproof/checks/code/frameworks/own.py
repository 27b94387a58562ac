"""The library's own derivative of a network's forward pass: whether a gradient that no theorem gives is that one.

A backward pass that is right for its own forward pass is not accused of what the forward pass is. The other way round,
where the library makes the gradient, only the forward pass and the loss can be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from .. import losses
from ..calls import Batch, Claim, Way
from ..containers import replaced
from ..losses import Loss
from ..matching import Parameter
from . import nets
from .framework import Framework
from .table import FRAMEWORKS

TORCH, JAX = FRAMEWORKS
CLOSE: Final = 1e-8
LASTS: Final = ("identity", "softmax", "sigmoid")
Array = Any


def right_for_itself(way: Way, given: Batch, claim: Claim, loss: Loss, rates: list[Any]) -> Loss | None:
    """A loss for which the gradients of a program are the library's derivative of its own forward pass; None: none."""
    of = nets.library(way.subject.module)
    if of is None or way.forward is None or not way.layout.together:
        return None
    every = [one for name in LASTS for one in losses.candidates(name, rates)]
    for one in dict.fromkeys([loss, *every]):
        try:
            own = _gradients(way, given, one, of)
        except Exception:  # noqa: BLE001 - it is somebody's program
            return None
        if all(p in own and _close(e, own[p]) for p, e in claim.gradients.items()):
            return one
    return None


def _close(one: Array, other: Array) -> bool:
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return one.size == other.size and bool(np.allclose(one.ravel(), other.ravel(), rtol=CLOSE, atol=1e-12))


def _gradients(way: Way, given: Batch, loss: Loss, of: Framework) -> dict[Parameter, Array]:
    holder = way.holder(given, given.x, given.y)
    values = [p.leaf.value(holder) for p in way.parameters]
    inside = _inside(way.output(given), loss)

    def cost(*parts: Any) -> Any:
        own = holder
        for p, part in zip(way.parameters, parts, strict=True) if of is JAX else ():
            own = replaced(own, p.leaf.path, part)
        output = way.raw_output(own, given)
        weights = [e for p, e in zip(way.parameters, parts, strict=True) if p.family == "w"]
        penalty = sum((e**2).sum() for e in weights) * float(loss.slope(given.x.shape[1])) / 2
        return _loss(output, given, inside, loss, of) + penalty

    if of is JAX:
        import jax

        slopes = jax.grad(cost, argnums=tuple(range(len(values))))(*values)
        return {p: of.plain(g) for p, g in zip(way.parameters, slopes, strict=True)}
    import torch

    for value in values:
        value.requires_grad_()
    found = torch.autograd.grad(cost(*values), values, allow_unused=True)
    return {p: np.zeros(p.leaf.shape) if g is None else of.plain(g) for p, g in zip(way.parameters, found, strict=True)}


def _inside(output: Array | None, loss: Loss) -> str:
    """The last activation, where it is within the loss: the outputs are none of its values."""
    if output is not None and loss.cost == "log-likelihood" and not np.allclose(output.sum(0), 1):
        return "softmax"
    if output is not None and loss.cost == "cross-entropy" and not ((output > 0) & (output < 1)).all():
        return "sigmoid"
    return ""


def _loss(output: Any, given: Batch, inside: str, loss: Loss, of: Framework) -> Any:
    """Of outputs, with a row or a column for each example."""
    rows = tuple(output.shape) == given.y.T.shape
    y, axis = of.array(np.ascontiguousarray(given.y.T if rows else given.y)), 1 if rows else 0
    exp, log = _functions(of)
    a = output
    if inside == "softmax":
        e = exp(a)
        a = e / (e.sum(axis)[:, None] if rows else e.sum(axis)[None, :])
    elif inside == "sigmoid":
        a = 1 / (1 + exp(-a))
    each = {
        "quadratic": lambda: (a - y) ** 2 / 2,
        "cross-entropy": lambda: -(y * log(a) + (1 - y) * log(1 - a)),
        "log-likelihood": lambda: -y * log(a),
    }[loss.cost]()
    return each.sum() * float(loss.share(given.x.shape[1], given.y.shape[0]))


def _functions(of: Framework) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if of is JAX:
        import jax.numpy as jnp

        return jnp.exp, jnp.log
    import torch

    return torch.exp, torch.log


def accumulates(way: Way, given: Batch, claim: Claim) -> bool:
    """Whether the gradients of one step are added to those of the step before: nothing sets them to zero."""
    if nets.library(way.subject.module) is not TORCH or not claim.step or nets.clears(way.subject.module):
        return False
    try:
        return any(_doubled(one, claim) for one in _second(way, given))
    except Exception:  # noqa: BLE001 - it is somebody's program
        return False


def _second(way: Way, given: Batch) -> Iterator[Claim]:
    """The gradient that a second step has, from the same parameters."""
    holder = way.holder(given, given.x, given.y)
    way.ask(Claim(), holder, given.x, given.y)
    start = way.holder(given, given.x, given.y)
    for p in way.parameters:
        p.leaf.value(holder).data.copy_(p.leaf.value(start).data)
    second = Claim()
    way.ask(second, holder, given.x, given.y)
    yield second


def _doubled(one: Claim, claim: Claim) -> bool:
    return bool(one.gradients) and all(_close(e, 2 * claim.gradients[p]) for p, e in one.gradients.items())


__all__ = ["accumulates", "right_for_itself"]
