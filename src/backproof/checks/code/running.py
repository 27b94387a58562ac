"""A program's gradients beside the proved ones, on the same numbers: exact ones where the program allows it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np

from ...codegen.program import Program, Spec, compile_program
from ...networks import ACTIVATIONS, COSTS, SOFTMAX
from . import words
from .activations import row
from .asking import one_hot
from .calls import Batch, Claim, Way
from .losses import Loss
from .matching import Parameter, constants
from .model import Model, agreeing, model
from .probe import batch
from .residue import Field, InexactError
from .truth import Truth

Array = Any
DEEP: Final = 9  # layers of networks that are proved before they are asked for
SEEDS: Final = 20  # exact runs that are tried where one needs a root that is not there


Kind = tuple[tuple[int, ...], str, str, str]  # sizes, hidden and last activation, cost
PROVED: Final[dict[Kind, Program]] = {}
ROWS: Final = {**ACTIVATIONS, "softmax": SOFTMAX}


def program(sizes: tuple[int, ...], hidden: str, last: str, cost: str) -> Program:
    """The proved program, for the sum of the costs."""
    kind = (sizes, hidden, last, cost)
    if kind not in PROVED:
        chosen = tuple(row(hidden) for _ in sizes[2:])
        PROVED[kind] = compile_program(Spec(sizes, (*chosen, row(last)), cost, "sum"))
    return PROVED[kind]


def is_kind(kind: Any) -> bool:
    """Whether there may be such a program, of a few layers."""
    sizes, *names = kind
    numbers = all(type(size) is int and size > 0 for size in sizes)
    return bool(numbers and 1 < len(sizes) < DEEP and len(names) == 3 and {*names[:2]} <= {*ROWS} and names[2] in COSTS)


@dataclass(frozen=True)
class Run:
    """A program's gradients beside the proved ones."""

    way: Way
    claim: Claim
    truth: Truth
    model: Model
    grade: str
    bound: int | None
    reason: str = ""
    seed: int = 0

    def right(self, p: Parameter) -> Array:
        """The proved gradient of a parameter, in the program's shape of weights, or along one axis."""
        bias, data = (
            e if self.model.share == 1 else e * self.model.share
            for e in (self.truth.grad_b[p.layer], self.truth.grad_w[p.layer])
        )
        if p.family == "b":
            return np.array([bias.sum()], dtype=bias.dtype) if p.shared else bias
        if self.model.decay:
            data = data + self.model.weight_term(p.layer)
        return self.way.made.layers.raw(p.layer, data, bias)

    def claimed(self, p: Parameter) -> Array:
        return self.claim.gradients.get(p)

    @cached_property
    def verdicts(self) -> dict[Parameter, str]:
        """Of all parameters, in the program's order."""
        return {p: self.verdict(p) for p in self.way.parameters}

    def verdict(self, p: Parameter) -> str:
        """ok, wrong, scale, shape or missing."""
        claimed = self.claimed(p)
        if claimed is None:
            return "missing"
        right = self.right(p)
        if p.family == "b":
            if claimed.size != right.size or (claimed.ndim == 2 and 1 not in claimed.shape):
                return "shape"
            claimed = claimed.reshape(-1)
        if claimed.shape != right.shape:
            return "shape"
        if bool(np.all(agreeing(claimed, right, self.terms(p)))):
            return "ok"
        return "scale" if self.factor(p) is not None else "wrong"

    def terms(self, p: Parameter) -> Array | None:
        """The sum of the absolute values of the terms, which rounding is measured by."""
        if self.grade == "exact":
            return None
        delta = abs(self.truth.delta[p.layer] * float(self.model.share))
        if p.family == "b":
            return delta.sum().reshape(1) if p.shared else delta.sum(axis=1)
        data = delta @ abs(self.truth.a[p.layer - 1]).T + abs(self.model.weight_term(p.layer))
        return self.way.made.layers.raw(p.layer, data, delta.sum(axis=1))

    def wrong_entries(self, p: Parameter) -> tuple[int, float]:
        """How many are wrong, and the largest relative difference."""
        claimed, right = self.claimed(p), self.right(p)
        if claimed is None or claimed.size != right.size:
            return int(right.size), float("inf")
        one, other = claimed.reshape(right.shape), right
        wrong = ~np.array(agreeing(one, other, self.terms(p)), dtype=bool)
        gap = [abs(_float(a) - _float(b)) / max(abs(_float(b)), 1e-300)
               for a, b, w in zip(one.flat, other.flat, wrong.flat, strict=True) if w]  # fmt: skip
        return int(wrong.sum()), max(gap, default=0.0)

    def error(self, p: Parameter) -> float | None:
        """The largest relative difference of an entry, in floating point."""
        if self.grade == "exact":
            return None
        right, claimed = (
            np.asarray(self.right(p), dtype=float).ravel(),
            np.asarray(self.claimed(p), dtype=float).ravel(),
        )
        return float(max((abs(a - b) / abs(b) for a, b in zip(claimed, right, strict=True) if b), default=0.0))

    def factor(self, p: Parameter) -> Fraction | None:
        """Claimed over true, where that is one number that is not 1."""
        claimed, right = self.claimed(p), self.right(p)
        if claimed is None or claimed.size != right.size:
            return None
        pairs = list(zip(claimed.flat, right.flat, strict=True))
        return _ratio(pairs, exact=self.grade == "exact")


def _float(e: Any) -> float:
    return float(e.shadow) if hasattr(e, "shadow") else float(e)


def _ratio(pairs: list[tuple[Any, Any]], *, exact: bool) -> Fraction | None:
    first = next(((a, b) for a, b in pairs if b != 0 and a != 0), None)
    if first is None:
        return None
    ratio = Fraction(_float(first[0]) / _float(first[1])).limit_denominator(2000)
    if ratio in (0, 1) or abs(float(ratio) - _float(first[0]) / _float(first[1])) > 1e-9 * abs(float(ratio)):
        return None
    number = ratio if exact else float(ratio)
    if exact:
        holds = all(a == b * number for a, b in pairs)
    else:
        holds = all(abs(a - b * number) <= 1e-9 * abs(b * number) for a, b in pairs)
    return ratio if holds else None


def run(way: Way, pair: tuple[str, str], loss: Loss, talk: words.Said, seed: int = 0) -> Run:
    """Exactly, where the program allows it, else in floating point."""
    labels = one_hot(way, talk) or loss.cost != "quadratic"
    found, why = _exactly(way, pair, loss, labels, seed)
    if found is None and way.made.is_object and not getattr(way, "buffers", True):
        found, _ = _exactly(replace(way, buffers=True), pair, loss, labels, seed)
    if found is not None:
        return found
    plain = _run(way, pair, loss, batch(way.made, seed, float, labels=labels), None, why)
    return replace(plain, seed=seed)


def _exactly(way: Way, pair: tuple[str, str], loss: Loss, labels: Any, seed: int) -> tuple[Run | None, str]:
    """In exact numbers; or why not."""
    why = ""
    for at in range(seed, seed + SEEDS):
        field_ = Field(at, neglects=True)
        try:
            found = _run(way, pair, loss, batch(way.made, at, field_.variable, labels=labels), field_)
            return replace(found, seed=at), ""
        except InexactError as error:
            why = str(error)
            if "root" not in why:
                break
        except (TypeError, ValueError, AttributeError, ZeroDivisionError, IndexError, OverflowError) as error:
            why = " ".join(str(error).split())[:200]
            break
    return None, why


def _run(way: Way, pair: tuple[str, str], loss: Loss, given: Batch, field_: Field | None, why: str = "") -> Run:
    made = program(way.made.layers.sizes, *pair, loss.cost)
    zero = 0 * given.x[0, 0]
    biases = {n: given.biases.get(n, np.full(w.shape[0], zero)) for n, w in given.weights.items()}
    y = given.y if field_ is None else _objects(given.y, field_)
    with np.errstate(all="ignore"):
        truth = Truth(made, given.weights, biases, given.x, y).run()
        claim = way.gradient(given)
    if fixed := constants(claim.gradients, way.parameters):
        way = replace(way, fixed=True)
        claim.gradients = {p: e for p, e in claim.gradients.items() if p not in fixed}
    single = not way.layout.together and not way.paired
    count = 1 if single else truth.examples  # that the program sees in one call
    share = loss.share(count, y.shape[0])
    decay = loss.slope(count) * (truth.examples // count)
    numbers = (share, decay, claim.rate) if field_ is not None else (float(share), float(decay), claim.rate)
    rate = field_.number(claim.rate) if field_ is not None and claim.rate is not None else claim.rate
    found = model(truth, share=numbers[0], decay=numbers[1] or 0, rate=rate, single=single)
    found = replace(found, shared=frozenset(p.layer for p in way.parameters if p.shared))
    bound = None if field_ is None else _bound(truth, claim, field_)
    if field_ is not None and field_.neglected:
        why = f"{field_.neglected:g}, which it adds against a division by 0, is taken to be 0"
    return Run(way, claim, truth, found, "exact" if field_ is not None else "float64", bound, why)


def _objects(values: Array, field_: Field) -> Array:
    if values.dtype == object:
        return values
    return np.array([field_.number(e) for e in values.flat], dtype=object).reshape(values.shape)


def _bound(truth: Truth, claim: Claim, field_: Field) -> int:
    """The chance that a wrong entry passes, as a power of two: the degree of a difference, over the prime."""
    right = [e for table in (truth.grad_w, truth.grad_b) for array in table.values() for e in array.flat]
    claimed = [e for array in claim.gradients.values() for e in array.flat if hasattr(e, "residue")]
    degree = _highest(right) + _highest(claimed)
    return math.ceil(math.log2(field_.chance(degree)))


def _highest(entries: list[Any]) -> int:
    return max((e.top + e.bottom for e in entries), default=0)


__all__ = ["PROVED", "Kind", "Run", "is_kind", "program", "run"]
