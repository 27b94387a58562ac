"""What has to hold before a program is written: the theorems, the program at its real size, the text in its target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import CannotRun
from ..oracle.scale import program as exact
from ..surface.proofs import replay, steps
from ..surface.terms import Refused
from ..surface.theorem import Theorem
from .backend import Backend, Failed
from .comparison import RELATIVE, TOLERANCE, agreement, by_complex_step
from .equations import slope_for_judge
from .expected import SATURATED, Expected, as_far_out, expected
from .expected_cost import NoValue
from .program import Program, Spec
from .sample import Result, Sample, draw

EXAMPLES = (1, 3)  # in the batches that a text is tried on
MORE_EXAMPLES, MANY = (8, 17), 100_000  # with up to so many parameters; 8 is a block of the C program, 17 are three
BRANCHING, ALONE = 2_000, 10  # up to so many parameters a net may be written out; so many examples by themselves
PLAIN = (
    "; the slopes of one's own formulas were in a form without joined exponentials, which the kernel has proved equal"
)
AT_EXTREMES = 1e-6  # the error there: zeros have to be right, digits may cancel in a formula of one's own


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
    usual, extreme = samples_for(spec), saturated(spec)
    with np.errstate(all="ignore"):
        wanted, at_extremes = [expected(spec, sample) for sample in usual], expected(spec, extreme)
        if not all(known.fits(spec.dtype) for known in wanted):
            raise NoValue(f"with these activations the derivatives are too large for {spec.dtype}")
        samples = [*usual, extreme] if at_extremes.fits(spec.dtype) else usual
        worst, tolerance = 0.0, TOLERANCE[spec.dtype]
        first = usual[: len(EXAMPLES)]  # these come first: they find out what would end this process
        own = [] if backend.checks is None else _tried(backend.checks, program, text, first)
        found = _tried(backend.run, program, text, samples)
    for sample, known, result in zip(usual, wanted, found, strict=False):
        worst = max(worst, _error(spec, sample, known, result, tolerance))
    if len(samples) > len(usual):
        _error(spec, extreme, as_far_out(at_extremes), found[-1], max(AT_EXTREMES, 10 * tolerance))
    tried, stepped = by_complex_step(spec, samples[0], wanted[0])
    extremes = (
        ", and with units at z = ±800," if len(samples) > len(usual) else " (at z = ±800 this activation overflows)"
    )
    numeric = Check(
        "numeric",
        f"run as written on batches of {_listed(spec)}{extremes} it agrees with a plain per-example "
        f"reference: largest error of a partial derivative {worst:.0e}, {RELATIVE}; "
        f"{tried} derivatives of the reference agree with the complex step to {stepped:.0e}",
        {"max_relative_error": worst, "complex_steps": tried},
    )
    return [numeric, *(Check(backend.name, line, {}) for line in own)]


def _listed(spec: Spec) -> str:
    *others, last = map(str, (*EXAMPLES, *(MORE_EXAMPLES if spec.parameters <= MANY else ())))
    return f"{', '.join(others)} and {last}"


def _tried(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function makes of a text; that it does not run is a failure like others."""
    try:
        return function(*arguments)
    except (Failed, CannotRun):
        raise
    except Exception as error:
        raise Failed(f"it does not run: {type(error).__name__}: {error}") from error


def _error(spec: Spec, sample: Sample, known: Expected, found: Result, tolerance: float) -> float:
    try:
        return agreement(spec, sample, known, found, tolerance)
    except Failed as error:
        lost = "is nan" in str(error) and any(f.own for f in spec.activations)
        hint = ". Where a formula takes exp of large numbers, write exp(min(z, 0)), sigmoid, tanh or softplus" * lost
        raise Failed(f"{error} ({_described(sample)}){hint}") from None


def samples_for(spec: Spec) -> list[Sample]:
    """Batches of ``EXAMPLES``; for a small net, whose code may branch for each unit, more examples by themselves."""
    alone = [draw(spec, 1, seed) for seed in range(1, ALONE)] if spec.parameters <= BRANCHING else []
    more = MORE_EXAMPLES if spec.parameters <= MANY else ()
    return [*(draw(spec, examples) for examples in (*EXAMPLES, *more)), *alone, *at_kinks(spec)]


def at_kinks(spec: Spec) -> list[Sample]:
    """For each layer whose activation has kinks, its units at z = 0, where the usual ones have theirs.

    All other parameters are positive, so that the errors that come down from above do not vanish.
    """
    return [_at_zero(draw(spec, 2), place) for place, f in enumerate(spec.activations) if f.kinks]


def _at_zero(usual: Sample, place: int) -> Sample:
    parameters = tuple(
        (w * 0, b * 0) if here == place else (np.abs(w), np.abs(b)) for here, (w, b) in enumerate(usual.parameters)
    )
    return Sample(parameters, usual.x, usual.y)


def saturated(spec: Spec) -> Sample:
    """Every unit at z = 800 or -800, by turns."""
    usual = draw(spec, 2)
    signs = [np.where(np.arange(b.shape[0])[:, None] % 2, SATURATED, -SATURATED) for _, b in usual.parameters]
    parameters = tuple((w * 0, sign) for (w, _), sign in zip(usual.parameters, signs, strict=True))
    return Sample(parameters, usual.x, usual.y)


def _described(sample: Sample) -> str:
    return f"a batch of {sample.x.shape[1]}" + (", units at z = ±800" if not sample.parameters[0][0].any() else "")


def verify(program: Program, backend: Backend, text: str, progress: Progress) -> Iterable[Check]:
    """All of it, one after the other; ``Failed`` at the first that does not hold."""
    progress("replay the theorems")
    yield kernel(program)
    progress("run it modulo a prime")
    yield at_real_size(program)
    progress(f"run it with {backend.name}")
    yield from in_target(program, backend, text)


__all__ = ["Check", "Failed", "Progress", "verify"]
