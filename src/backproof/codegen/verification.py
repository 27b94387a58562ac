"""What has to hold before a program is written: the theorems, the program at its real size, the text in its target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..activations.cost import cost
from ..errors import CannotRun
from ..oracle.scale import program as exact
from ..surface.proofs import replay, steps
from ..surface.terms import Refused
from ..surface.theorem import Theorem
from .backend import Backend, Failed
from .comparison import RELATIVE, by_complex_step
from .equations import slope_for_judge
from .expected_cost import NoValue
from .program import Program, Spec
from .sample import Result
from .trials import (
    EXAMPLES,
    LARGE,
    MANY,
    MORE_EXAMPLES,
    PLACES,
    Trial,
    Trials,
    nan_comes_out,
    passes_nan,
    trials_of,
    with_nan,
)

PLAIN = (
    "; the slopes of one's own formulas were in a form without joined exponentials, which the kernel has proved equal"
)


@dataclass(frozen=True)
class Check:
    """One of the things that hold: its ``kind``, what the header says of it, and the figures for JSON."""

    kind: str
    words: str
    figures: dict[str, Any]


Progress = Callable[[str], None]


def kernel(program: Program) -> Check:
    """Every theorem is made again from nothing."""
    try:
        count = _replayed(tuple(line.theorem for line in program.assignments))
    except Refused as error:
        raise Failed(str(error)) from None
    return Check("kernel", f"the equations are theorems: {count} steps replayed by the kernel", {"rules": count})


@lru_cache(maxsize=64)
def _replayed(theorems: tuple[Theorem, ...]) -> int:
    """How many steps the theorems take together. They cannot change: once for each program is enough."""
    return len(steps(*replay(*theorems)))


def at_real_size(program: Program) -> Check:
    """The program, run modulo a prime: all partial derivatives at once against a forward pass of dual numbers."""
    found = exact.check(program.net, program.spec.sizes, [(line.target, line.value) for line in program.assignments])
    other = "" if found.holds else PLAIN
    plain = any(line.plain is not None for line in program.assignments)
    if not found.holds and (plain or any(f.own for f in program.spec.activations)):
        found = exact.check(program.net, program.spec.sizes, list(_for_judge(program)))
    if not found.holds:
        raise Failed(f"modulo a prime, at the real size: {found.reason}")
    bound = found.error_bound_log2
    return Check(
        "exact",
        f"run modulo a prime at its real size, all {found.partials:,} partial derivatives agree with forward-mode "
        f"differentiation; a wrong one would pass with a probability below 2^{bound}{other}",
        {"partials": found.partials, "error_bound_log2": bound},
    )


def _for_judge(program: Program) -> Iterator[tuple[Any, Any]]:
    """The program as it was before exponentials were joined in slopes, and logarithms replaced in BP1."""
    for line in program.assignments:
        f = program.spec.activation(line.layer) if line.label == "slope" else None
        theorem = slope_for_judge(program.net, line.layer, f).theorem if f is not None and f.own else line.theorem
        theorem = line.plain or theorem
        yield theorem.lhs, theorem.rhs


def in_target(program: Program, backend: Backend, text: str) -> list[Check]:
    """The text, run where it is meant to run, against the reference and the complex step; its own checks."""
    if backend.run is None:
        return []
    spec = program.spec
    trials = trials_of(spec, backend.sizes) if spec.parameters <= MANY else Trials(spec, backend.sizes)
    with np.errstate(all="ignore"):
        near = [*trials.usual, *trials.in_turn]
        if not all(trial.known.fits(spec.dtype) for trial in near):
            raise NoValue(f"with these activations the derivatives are too large for {spec.dtype}")
        whole = [*near, *trials.far]
        first = [trial.sample for trial in trials.usual[: len(EXAMPLES)]]  # they find out what would end this process
        own = [] if backend.checks is None else _tried(backend.checks, program, text, first)
        found = _tried(backend.run, program, text, [*(trial.sample for trial in whole), with_nan(spec)])
    pairs = list(zip(whole, found[:-1], strict=True))
    held = [pair for pair in pairs if not _lost(*pair)]
    errors, lost = [_error(*pair) for pair in held], LOST * (len(held) < len(pairs))
    if passes_nan(spec):
        nan_comes_out(found[-1])
    worst = max(errors[: len(near)])
    tried, stepped = by_complex_step(spec, trials.usual[0].sample, trials.usual[0].known)
    numeric = Check(
        "numeric",
        f"run as written on batches of {_listed(spec, backend)} it agrees with a plain per-example reference: largest "
        f"error of a partial derivative {worst:.0e}, {RELATIVE}; {_ranges(trials)}{lost}; {tried} derivatives of the "
        f"reference agree with the complex step to {stepped:.0e}",
        {"max_relative_error": worst, "complex_steps": tried},
    )
    return [numeric, *(Check(backend.name, line, {}) for line in own)]


LOST = " (where outputs have rounded to 0 or 1, this cost of one's own or its derivatives may be NaN)"


def _lost(trial: Trial, found: Result) -> bool:
    """Whether a cost of one's own has no value far out, where its logarithms are those of 0."""
    parts = [part for pair in found.gradient for part in pair]
    return trial.far and cost(trial.spec.cost).own and not all(np.isfinite(part).all() for part in parts)


def _listed(spec: Spec, backend: Backend) -> str:
    more = MORE_EXAMPLES if spec.parameters <= MANY else ()
    *others, last = map(str, sorted({*EXAMPLES, *more, *backend.sizes}))
    return f"{', '.join(others)} and {last}"


def _ranges(trials: Trials) -> str:
    """Where it was tried."""
    inside = [z for z in PLACES if z not in trials.beyond]
    places = f"units at z = ±{', ±'.join(f'{z:g}' for z in inside)}" if inside else "no units far out"
    beyond = f" (further out, at z = ±{trials.beyond[0]:g}, this activation overflows)" if trials.beyond else ""
    nan = ", NaN in an example" if passes_nan(trials.spec) else ""
    targets = "targets within 0 and 1, at them and outside" if trials.any_target else "targets between 0 and 1"
    return f"with inputs up to {LARGE:g}, {targets}, {places}{beyond}{nan}"


def _tried(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function makes of a text; that it does not run is a failure like others."""
    try:
        return function(*arguments)
    except (Failed, CannotRun):
        raise
    except Exception as error:
        raise Failed(f"it does not run: {type(error).__name__}: {error}") from error


def _error(trial: Trial, found: Result) -> float:
    try:
        return trial.error(found)
    except Failed as error:
        lost = "is nan" in str(error) and any(f.own for f in trial.spec.activations)
        hint = ". Where a formula takes exp of large numbers, write exp(min(z, 0)), sigmoid, tanh or softplus" * lost
        raise Failed(f"{error} ({trial.what}){hint}") from None


def verify(program: Program, backend: Backend, text: str, progress: Progress) -> Iterable[Check]:
    """All of it, one after the other; ``Failed`` at the first that does not hold."""
    progress("replay the theorems")
    yield kernel(program)
    progress("run it modulo a prime")
    yield at_real_size(program)
    progress(f"run it with {backend.name}")
    yield from in_target(program, backend, text)


__all__ = ["Check", "Failed", "Progress", "verify"]
