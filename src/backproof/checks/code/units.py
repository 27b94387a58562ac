"""Layers, activations and losses that stand by themselves, each held against what it is.

What a layer is, its outputs say; what a loss is, its value says. What has no theorem is not recognised, and that is
said.
"""

from __future__ import annotations

import copy
import inspect
import typing
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import product
from types import ModuleType
from typing import Any, Final, NamedTuple

import numpy as np

from . import roles
from .answer import Answer, Finding, Judged
from .layers import costs
from .layers.check import Check
from .layers.layer import constant
from .layers.objects import FORWARDS, Loss, Object, backward, method
from .layers.recognised import recognised
from .load import callables

VALUES: Final = ("__call__", "value", "loss", "forward", "fn", "cost")
GRADIENTS: Final = ("gradient", "grad", "derivative", "prime", "backward", "delta")
OF_FUNCTIONS: Final = ("{}_gradient", "{}_grad", "{}_prime", "{}_derivative", "d_{}", "grad_{}", "{}_backward")
SIZES: Final = (5, 4, 3)  # for parameters of constructors that are whole numbers
NUMBER: Final = 0.25  # for those that are not
SECONDS: Final = 60.0
DENOMINATOR: Final = 1000
ONE_HOT: Final = "right if targets are one-hot; of others it is not the gradient"


class Unit(NamedTuple):
    """Something that can be checked by itself, and its name."""

    name: str
    target: Any


# What there is.


def units(module: ModuleType, entry: str) -> list[Unit]:
    """The layers and losses of a module, or the one that is asked for."""
    first, _, _ = entry.partition(".")
    listed: dict[str, Any] = {first: vars(module).get(first)} if first else {**callables(module), **_objects(module)}
    found = list[Unit]()
    for name, e in listed.items():
        found += _units(name, e, module, asked=bool(first))
    return found


def _objects(module: ModuleType) -> dict[str, Any]:
    other = (inspect.isclass, inspect.isroutine, inspect.ismodule)
    return {
        name: e
        for name, e in vars(module).items()
        if hasattr(e, "__dict__") and not any(is_(e) for is_ in other) and not name.startswith("__")
    }


def _units(name: str, e: Any, module: ModuleType, *, asked: bool) -> Iterator[Unit]:
    if inspect.isclass(e):
        if is_unit(e):
            yield from (Unit(name + said, made) for said, made in _instances(e) if not _abstract(made))
    elif inspect.isfunction(e):
        gradient = next((g for form in OF_FUNCTIONS if (g := vars(module).get(form.format(name))) is not None), None)
        if asked and gradient is not None:
            yield Unit(name, (e, gradient))
    elif inner := [one for one in getattr(e, "layers", None) or () if is_unit(one)]:
        yield from (Unit(f"{name}.layers[{place}]", one) for place, one in enumerate(inner))
    elif e is not None and is_unit(e):
        yield Unit(name, e)


def is_unit(e: Any) -> bool:
    """Whether a class or an object has a forward and a backward pass, or a value and a gradient."""
    layer = method(e, FORWARDS, 1) is not None and backward(e) is not None
    return layer or (method(e, VALUES, 2) is not None and method(e, GRADIENTS, 2) is not None)


def _abstract(e: Any) -> bool:
    """Whether it is there for others to be made from."""
    forward, x = method(e, FORWARDS, 1), np.zeros((SIZES[-1], SIZES[0]))
    try:
        with np.errstate(all="ignore"):
            _pair(e)[0](x, x) if _is_loss(e) else getattr(copy.deepcopy(e), forward or "")(x)
    except NotImplementedError:
        return True
    except Exception:  # noqa: BLE001 - it is somebody's program
        return False
    return False


def stand_alone(module: ModuleType) -> bool:
    """Whether a module has nothing but units that may compute a gradient, or make a step."""
    for name, e in callables(module).items():
        if inspect.isclass(e):
            own = [n for n, m in vars(e).items() if inspect.isfunction(m)]
            if not is_unit(e) and any(roles.kind(n) in ("gradient", "step") for n in own):
                return False
        elif roles.kind(name) in ("gradient", "step") and not any(form.format("") in name for form in OF_FUNCTIONS):
            return False
    return True


def _instances(cls: Any) -> Iterator[tuple[str, Any]]:
    """Objects of a class, with what is said of how they were made: one for each object that it may be given."""
    hints = dict[str, Any]()
    with suppress(Exception):  # it is somebody's program
        hints = typing.get_type_hints(cls.__init__)
    try:
        needed = [p for p in inspect.signature(cls).parameters.values() if p.default is p.empty]
    except (TypeError, ValueError):
        return
    sizes, options = iter(SIZES), dict[str, list[tuple[str, Any]]]()
    for p in needed:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            continue
        hint = hints.get(p.name)
        inner = (
            [(said, made) for own in _below(hint) for said, made in _instances(own)] if inspect.isclass(hint) else []
        )
        if inner:
            options[p.name] = inner
        elif hint is int or (hint is None and len(needed) > 1):
            options[p.name] = [("", next(sizes, SIZES[-1]))]
        else:
            options[p.name] = [("", NUMBER)]
    for chosen in product(*options.values()):
        with suppress(Exception):  # it is somebody's program
            said = ", ".join(type(value).__name__ for (_, value) in chosen if hasattr(value, "__dict__"))
            given = {name: value for name, (_, value) in zip(options, chosen, strict=True)}
            yield (f"({said})" if said else ""), cls(**given)


def _below(cls: Any) -> list[Any]:
    """A class of a program, and those that are made from it."""
    if cls in (int, float, str, bool, list, tuple, dict) or not hasattr(cls, "__subclasses__"):
        return []
    return [cls, *(own for one in cls.__subclasses__() for own in _below(one))]


# What is said of it.


def check(found: list[Unit]) -> Answer:
    """All of them; those that are not recognised are named."""
    answers, unknown = list[tuple[str, Answer]](), list[str]()
    for unit in found:
        answer = _loss(unit) if _is_loss(unit.target) else _layer(unit)
        if answer is None:
            unknown.append(unit.name)
        else:
            answers.append((unit.name, answer))
    rest = f"not recognised: {', '.join(dict.fromkeys(unknown))}" if unknown else ""
    if not answers:
        return Answer("unknown", reason=f"{rest}: what it computes is none of the layers and losses that have theorems")
    if len(answers) == 1:
        [(_, answer)] = answers
        return replace(answer, reason="; ".join(filter(None, (answer.reason, rest))))
    return _together(answers, rest)


def _together(answers: list[tuple[str, Answer]], rest: str) -> Answer:
    order = ("ok", "unknown", "scale", "wrong", "raises")
    overall = max((a.overall for _, a in answers), key=order.index)
    findings = [row._replace(parameter=f"{name}.{row.parameter}") for name, a in answers for row in a.findings]
    defects = [d._replace(reason=f"{name}: {d.reason}") for name, a in answers for d in a.defects]
    bounds = [a.bound for _, a in answers if a.bound is not None]
    exact = len(bounds) == len(answers)
    assumed = {name: a.assumed["is"] for name, a in answers if "is" in a.assumed}
    told = [f"{name}: {a.reason}" for name, a in answers if a.reason]
    return Answer(
        overall, assumed, "exact" if exact else "float64", max(bounds) if exact else None, findings, defects,
        "; ".join(filter(None, (*told, rest))),
    )  # fmt: skip


def _layer(unit: Unit) -> Answer | None:
    found = recognised(unit.target)
    if found is None:
        return None
    code: Any = found.code
    return _answer(Check(found.layer, code, None, SECONDS).report(), found.code)


def _is_loss(target: Any) -> bool:
    return isinstance(target, tuple) or method(target, VALUES, 2) is not None


def _loss(unit: Unit) -> Answer | None:
    value, gradient = _pair(unit.target)
    with suppress(Exception), np.errstate(all="ignore"):  # it is somebody's program
        for cost, ratio in costs.alike(value):
            share = Fraction(ratio).limit_denominator(DENOMINATOR)
            layer = replace(cost.layer, draws={**cost.layer.draws, "alpha": constant(share)})
            code: Any = Loss(gradient)
            report = Check(layer, code, None, SECONDS).report()
            report["assumed"]["is"] = f"{share} times {cost.layer.words}" if share != 1 else cost.layer.words
            answer = _answer(report, None)
            one_hot = answer.overall == "ok" and "reading" in answer.assumed
            return replace(answer, reason=ONE_HOT) if one_hot else answer
    return None


def _pair(target: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    if isinstance(target, tuple):
        return target
    return getattr(target, method(target, VALUES, 2) or ""), getattr(target, method(target, GRADIENTS, 2) or "")


def _answer(report: dict[str, Any], code: Object | None) -> Answer:
    """With the names that the program has."""
    names = {} if code is None else {f"d{slot}": f"d{name}" for slot, name in code.names.items()}
    rows = []
    for row in report["findings"]:
        own, _, part = row["parameter"].partition(" ")
        factor = None if row["factor"] is None else float(Fraction(row["factor"]))
        rows.append(Judged(**{**row, "parameter": " ".join(filter(None, (names.get(own, own), part))),
                              "reason": row["reason"] or "", "factor": factor}))  # fmt: skip
    defects = [Finding(r.equation or "forward", (), r.mistake, r.reason, r.where) for r in rows if r.verdict != "ok"]
    assumed = {key: e for key, e in report["assumed"].items() if key not in ("arguments", "layouts")}
    return Answer(
        report["overall"], assumed, report["grade"], report["error_bound_log2"], rows, defects, report["reason"] or ""
    )


__all__ = ["Unit", "check", "is_unit", "stand_alone", "units"]
