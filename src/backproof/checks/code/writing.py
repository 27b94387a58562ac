"""A case as the answer that is printed: a verdict for each array of parameters, and each thing that is wrong once."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from . import words
from .answer import Answer, Finding, Judged
from .cases import Case
from .diagnose import Defect
from .fitting import Asked, fitting_of
from .load import readable
from .losses import Loss
from .matching import Parameter
from .model import floating
from .running import Run, run
from .slips import SCALES
from .watching import Seen, first

OF_OUT: Final = ("missing-term", "missing-sigma-prime", "operand", None)
OUT: Final = "the third argument is where the result is written, and no factor"
BINARY: Final = ("multiply", "dot", "matmul", "add", "subtract", "divide")
TWO: Final = 2
OTHER: Final = "other"  # than the slips that are known
OTHER_COSTS: Final = {"sigmoid": ("cross-entropy", "quadratic"), "softmax": ("log-likelihood", "quadratic")}


def written(case: Case, talk: words.Said, file: str) -> Answer:
    found, way = case.found, case.found.way
    assumed = {
        "made by": way.made.words, "function": way.callee.name, "sizes": list(way.made.layers.sizes),
        "hidden": case.activations.hidden, "output": case.activations.last,
        "cost": case.loss.words, "cost from": case.source,
        "activations from": case.activations.source,
        "weights": way.made.layers.orientation, "examples": way.layout.words, "targets": way.targets.words,
    }  # fmt: skip
    if found.claim.step:
        assumed["gradient"] = f"(before - after)/{found.claim.rate}: {found.claim.rate_words}"
    elif found.claim.negative:
        assumed["gradient"] = "minus what it computes"
    verdicts = found.verdicts
    placed = [_placed(d, case, file) for d in _one_array(case)]
    placed += [_missing(p) for p, verdict in verdicts.items() if verdict == "missing"]
    findings = [_judged(found, p, verdicts[p], placed) for p in way.parameters]
    defects = _merged([finding for _, finding in placed])
    overall = _overall(verdicts, defects)
    right_if = _right_if(case, talk) if overall in ("wrong", "scale") else ()
    return Answer(overall, assumed, found.grade, found.bound, findings, defects, found.reason, right_if)


def _overall(verdicts: Mapping[Parameter, str], defects: list[Finding]) -> str:
    kinds, mistakes = set(verdicts.values()), {d.mistake for d in defects}
    if kinds == {"ok"} and not defects:
        return "ok"
    if mistakes == {"update-order"}:
        return "order"
    return "scale" if kinds <= {"ok", "scale"} and mistakes <= {"scale", "batch-constant", "sign"} else "wrong"


def _missing(p: Parameter) -> tuple[Defect, Finding]:
    """A parameter of which there is no gradient."""
    equation, text = "BP4" if p.family == "w" else "BP3", "its gradient is not among what the program gives"
    defect = Defect(equation, (p.layer - 1,), "missing-term", text, (p.family,))
    return defect, Finding(equation, defect.layers, defect.mistake, text)


def _one_array(case: Case) -> Iterator[Defect]:
    """The defects, with what no slip explains named where several gradients are the same array."""
    shared = [{(p.layer - 1, p.family) for p in group} for group in case.found.claim.shared]
    for d in case.explained.defects:
        own = {(layer, family) for layer in d.layers for family in d.families}
        same = next((group for group in shared if own <= group), None)
        if d.mistake in OF_OUT and _line_writes(d, case):
            yield replace(d, mistake="out-argument", words=f"{d.words}: {OUT}")
        elif d.mistake is None and same:
            layers = ", ".join(str(layer) for layer, _ in sorted(same))
            words_ = f"the gradients of layers {layers} are one array: what is added to one is added to all"
            yield replace(d, mistake="aliasing", words=words_)
        else:
            yield d


def _line_writes(d: Defect, case: Case) -> bool:
    """Whether the line of the wrong numbers calls a function of NumPy with a third argument: what is written to."""
    place = None if d.value is None else first(list(case.seen), floating(d.value))
    place = place or _of_gradient(d, case, list(case.seen))
    file = str(case.found.way.subject.module.__file__)
    return place is not None and place.line in _third_arguments(file)


@cache
def _third_arguments(file: str) -> frozenset[int]:
    tree = ast.parse(readable(Path(file).read_text(encoding="utf-8"), file))
    calls = [e for e in ast.walk(tree) if isinstance(e, ast.Call) and isinstance(e.func, ast.Attribute)]
    found = [e for e in calls if e.func.attr in BINARY and len(e.args) > TWO]  # type: ignore[attr-defined]
    return frozenset(line for e in found for line in range(e.lineno, (e.end_lineno or e.lineno) + 1))


def _placed(d: Defect, case: Case, file: str) -> tuple[Defect, Finding]:
    """A defect with the line of the program whose array has the wrong numbers first."""
    gradient = len(d.families) == 1
    seen = [one for one in case.seen if "[" in one.name or d.left_in is None]
    place = None if d.value is None else first(seen, floating(d.value), whole=gradient)
    place = place or _of_gradient(d, case, seen)
    where = f"{Path(file).name}:{place.line}" if place else None
    return d, Finding(_equation(d, case), d.layers, d.mistake or OTHER, d.words, where)


def _equation(d: Defect, case: Case) -> str:
    """A constant is one of the error of a layer if the program has that error with it, and else of the gradients.

    Of a hidden layer the error has to be among what is seen, with another constant.
    """
    if d.equation not in ("BP1", "BP2") or d.mistake not in SCALES or not case.seen or d.value is None:
        return d.equation
    seen, error = list(case.seen), floating(d.value)
    parts = (1, case.found.truth.examples)  # many divide by the number of examples last
    there = any(first(seen, error * part, exactly=True) for part in parts)
    return d.equation if there or (d.equation == "BP2" and first(seen, error) is None) else "BP4"


def _of_gradient(d: Defect, case: Case, seen: list[Seen]) -> Seen | None:
    """Where the gradient itself is, with what a penalty adds; of the first example, where there is a call for each."""
    layers = d.layers if d.left_in is None else (d.left_in - 1,)
    for p, e in (case.alone or case.found.claim).gradients.items():
        if p.family in d.families and p.layer - 1 in layers:
            return first(seen, floating(e), whole=True)
    return None


def _judged(found: Run, p: Parameter, verdict: str, placed: list[tuple[Defect, Finding]]) -> Judged:
    layer = p.layer - 1
    if verdict == "ok":
        return Judged(p.name, layer, None, verdict, max_relative_error=found.error(p))
    own = [f for d, f in placed if layer in d.layers and _concerns(d, p, found)]
    entries, gap = found.wrong_entries(p) if verdict != "missing" else (found.right(p).size, float("inf"))
    factor = found.factor(p) if verdict == "scale" else None
    first_ = own[0] if own else None
    return Judged(
        p.name, layer, first_.equation if first_ else None, verdict, first_.mistake if first_ else None,
        "; ".join(dict.fromkeys(f.reason for f in own)) or "it follows from what is wrong above", entries,
        gap if gap < float("inf") else None, float(factor) if factor is not None else None,
        first_.where if first_ else None,
    )  # fmt: skip


def _concerns(d: Defect, p: Parameter, found: Run) -> bool:
    return p.family in d.families or found.way.made.layers.layers[p.layer - 2].extra is not None


def _merged(findings: list[Finding]) -> list[Finding]:
    """The same slip in several layers, or with the same words, is one."""
    merged: dict[tuple[Any, ...], Finding] = {}
    for f in findings:
        key = (f.equation, f.mistake, f.reason)
        before = merged.get(key)
        layers = tuple(sorted({*f.layers, *(before.layers if before else ())}))
        merged[key] = f._replace(layers=layers, where=(before and before.where) or f.where)
    return list(merged.values())


def _right_if(case: Case, talk: words.Said) -> tuple[str, ...]:
    """The other costs under which all is right."""
    result, asked = [], Asked(case.found.way, {})
    for cost in OTHER_COSTS.get(case.activations.last, ()):
        other = replace(case.loss, cost=cost, factor=1)
        if cost != case.loss.cost and _is_right(case, asked, other, talk):
            result.append(f"the cost is {cost}")
    halved = replace(case.loss, factor=3 - case.loss.factor)
    if case.loss.cost == "quadratic" and _is_right(case, asked, halved, talk):
        result.append(f"the cost is {halved.words}")
    return tuple(result)


def _is_right(case: Case, asked: Asked, loss: Loss, talk: words.Said) -> bool:
    """Whether all is right with another loss; what is not even nearly so needs no proof."""
    way, pair = case.found.way, case.activations[:2]
    if fitting_of(asked, pair, loss) < len(way.parameters):
        return False
    found = run(way, pair, loss, talk)
    return all(verdict == "ok" for verdict in found.verdicts.values())


__all__ = ["written"]
