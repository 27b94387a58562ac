"""``check_layer``: run a layer's backward pass on numbers chosen for the purpose, and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, Final

from . import process
from .attempt import Code, Names, names
from .layer import Layer, Reading, constant
from .outcome import Outcome
from .pair import Pair
from .python import Python, meaning
from .saying import Said
from .trying import Tries

SCHEMA: Final = "backproof.check-code/1"


def check_layer(
    target: Any,
    *,
    network: str,
    forward: Any = None,
    arguments: Mapping[str, str] | None = None,
    numbers: Mapping[str, Any] | None = None,
    sizes: Mapping[str, int] | None = None,
    accumulates: bool | None = None,
    seconds: float = process.SECONDS,
    label: str | None = None,
) -> dict[str, Any]:
    """Check a function that computes the gradients of one layer, in the schema ``backproof.check-code/1``.

    ``target``: a function, a class with a method ``backward``, or code in C, ``CFunction(path, name)``. ``network``:
    the layer, by its name in ``LAYERS``. ``forward``: a function that runs first and makes the ``cache`` that the other
    one takes. ``arguments`` declares what parameters are whose names do not say so: ``{"a": "x", "da": "dx"}``;
    ``numbers`` gives numbers of the layer, such as ``{"eps": 1e-6}``; ``sizes`` other sizes by letter. ``accumulates``:
    that arrays which are filled are added to, so that overwriting is wrong. ValueError where there is no such layer.
    """
    from .table import layers_named

    every = _codes(target, forward, arguments or {}, network)
    name = label or getattr(target, "label", None) or getattr(target, "__qualname__", repr(target))
    forms = [_declared(e, numbers or {}, sizes or {}) if numbers or sizes else e for e in layers_named(network)]
    reports = list[dict[str, Any]]()
    for code in every:
        reports.append(_of_forms(code, forms, accumulates=accumulates, seconds=seconds))
        if reports[-1]["overall"] == "ok":
            break
    best = min(reports, key=_rank)
    if best["overall"] == "wrong":
        best["reason"] = _right_for(network, every, accumulates=accumulates, seconds=seconds) or best["reason"]
    return {"schema": SCHEMA, "target": name, **best}


def _of_forms(code: Code, forms: list[Layer], *, accumulates: bool | None, seconds: float) -> dict[str, Any]:
    """What is said of the form of the layer that fits best."""
    tried: list[Check] = []
    for form in _closest(code, forms):
        tried.append(Check(form, code, accumulates, seconds))
        if tried[-1].is_right:
            break
    return min(tried, key=lambda check: check.score).report()


def _rank(report: Mapping[str, Any]) -> tuple[int, bool, int]:
    """The smaller, the more is said for what was assumed."""
    order = ("ok", "scale", "wrong", "raises", "unknown")
    wrong = [f["equation"] for f in report["findings"] if f["verdict"] != "ok"]
    return order.index(report["overall"]), "forward" in wrong, len(wrong)


def _closest(code: Code, forms: list[Layer]) -> list[Layer]:
    """The forms of a layer of which most names are known."""
    unknown = [len(names(code, form).guessed) if len(forms) > 1 else 0 for form in forms]
    return [form for form, count in zip(forms, unknown, strict=True) if count == min(unknown)]


def _codes(target: Any, forward: Any, declared: Mapping[str, str], network: str) -> list[Any]:
    """How a target may be seen as code."""
    from ..frameworks import handed, layers
    from .table import layers_named

    if forward is None and (found := layers.codes(target, declared, layers_named(network)[0])):
        return list(found)
    code, library = _code(target, forward, declared, network), layers.library(target)
    return [code if library is None else handed.Handed(code, library)]


def _code(target: Any, forward: Any, declared: Mapping[str, str], network: str) -> Any:
    """The function, with the forward pass before it where it needs that."""
    from .table import layers_named

    if hasattr(target, "asked"):
        return replace(target, declared={**target.declared, **declared})
    if forward is not None:
        return Pair(target, declared, forward=forward)
    code, layer = Python(target, declared), layers_named(network)[0]
    unclear = [a for a in code.asked(layer) if a.needed and not meaning(a.name, layer, declared)]
    own = getattr(target, "forward", None) if isinstance(target, type) else None
    return Pair(target, declared, forward=own) if unclear and own is not None else code


def _right_for(network: str, every: list[Any], *, accumulates: bool | None, seconds: float) -> str | None:
    """What else the function is right for, which was not asked."""
    from .table import neighbours

    for layer, code in product(neighbours(network), every):
        if Check(layer, code, accumulates, seconds).report()["overall"] == "ok":
            return f"it is right for another layer: {layer.words}"
    return None


def _declared(layer: Layer, numbers: Mapping[str, Any], sizes: Mapping[str, int]) -> Layer:
    draws = {name: constant(value) for name, value in numbers.items()}
    words = ", ".join(f"{name} = {value:g}" for name, value in numbers.items())
    readings = (Reading(words, draws),) if numbers else layer.readings
    choices = tuple({**choice, **sizes} for choice in (layer.letters[:1] if sizes else layer.letters))
    return replace(layer, readings=readings, letters=choices)


@dataclass
class Check:
    """One function under check, as one layer."""

    layer: Layer
    code: Code
    accumulates: bool | None
    seconds: float

    @cached_property
    def _names(self) -> Names:
        return names(self.code, self.layer)

    @cached_property
    def _objection(self) -> str | None:
        """Why it cannot run on exact numbers, with ~ in front where it can on others."""
        return self.code.exact()

    @cached_property
    def _best(self) -> tuple[Outcome | None, bool, str | None]:
        """The attempt that fits best, whether its numbers are exact, and why not."""
        tries, why = Tries(self.layer, self.code, self.seconds), self._objection
        if (why is not None and not why.startswith("~")) or not self._names.arrays:
            return None, False, why
        if why is None and not self.layer.exact:
            why = "~the layer has constants that are no fractions"
        best = tries.best(self._names, exactly=True) if why is None else None
        inexact = why.lstrip("~") if why is not None else best.failed if best is not None else None
        if inexact is not None and (best is None or best.inexact):
            floating = tries.best(self._names, exactly=False)
            if floating is not None and floating.failed is None:
                return floating, False, inexact
            best = best or floating
        return best, True, None

    @property
    def is_right(self) -> bool:
        """Whether there is no other form to try."""
        best, exact, _ = self._best
        return best is not None and (best.right or (not exact and not best.far))

    @property
    def score(self) -> tuple[Any, ...]:
        """The smaller, the better it fits."""
        best = self._best[0]
        return (1,) if best is None or best.failed is not None else (0, not self.is_right, *best.score)

    def report(self) -> dict[str, Any]:
        """All but the name."""
        why, known = self._objection, self._names
        if why is not None and not why.startswith("~"):
            return self._nothing("raises", why)
        if not known.arrays:
            return self._nothing("unknown", "no parameter is known to be an array of this layer: declare what they are")
        best, exact, why = self._best
        if best is None:
            return self._nothing("unknown", f"the function is not one of {self.layer.words}, by what it takes")
        if best.failed is None:
            found = Said(self.layer, self.code, best, self.accumulates).report(exact=exact, why=why)
            found = self._further(found, best)
            if not known.guessed or found["overall"] == "ok" or best.seen or _explained(found):
                return found
        if known.guessed:
            return self._nothing("unknown", self._unclear(known.guessed))
        return self._nothing("raises", best.failed or "")

    def _further(self, report: dict[str, Any], best: Outcome) -> dict[str, Any]:
        """With what a library's own derivative of the forward pass shows, where one differentiates it."""
        from ..frameworks.differentiable import Differentiable
        from ..frameworks.judging import Judged

        if not isinstance(self.code, Differentiable):
            return report
        return Judged(self.layer, self.code, self.seconds, best).further(report)

    def _unclear(self, unknown: Any) -> str:
        known = ", ".join([slot.name for slot in self.layer.slots] + [n.names.split()[0] for n in self.layer.numbers])
        return (
            f"it is not clear what {', '.join(unknown)} {'is' if len(unknown) == 1 else 'are'}: declare it, "
            f"arguments={{{unknown[0]!r}: ...}}, one of {known}, or one of these with d before it for a gradient"
        )

    def _nothing(self, overall: str, reason: str) -> dict[str, Any]:
        return {
            "assumed": {"network": self.layer.name},
            "overall": overall,
            "grade": None,
            "error_bound_log2": None,
            "reason": reason,
            "findings": [],
        }


def _explained(report: Mapping[str, Any]) -> bool:
    """Whether a slip explains what is wrong."""
    return any(f["mistake"] not in (None, "other") for f in report["findings"])


__all__ = ["Check", "check_layer"]
