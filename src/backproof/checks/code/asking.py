"""The ways in which a program's gradient may be asked for, and what comes of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, product
from typing import Any

import numpy as np

from . import roles, words
from .calls import Claim, Way
from .frameworks import nets
from .layouts import LAYOUTS, TARGETS, Layout, Targets
from .probe import batch
from .said import Said
from .subject import Callee, Made, Subject, named


@dataclass(frozen=True)
class Tried:
    """A way that gave a gradient, or what it raised."""

    way: Way
    claim: Claim | None
    error: BaseException | None = None


def ways(subject: Subject, said: Said, talk: words.Said) -> Iterator[Way]:
    """How a gradient may be asked for; what the program's words say comes first."""
    kept = subject.returned_by_forward()
    for _, group in groupby(subject.made, key=lambda made: id(made.maker)):
        alike = list(group)
        all_ = list(subject.callees(alike[0]))
        holders = words.returned(alike[0].maker, subject.text)
        meant = {c.name: set(c.roles(alike[0], holders, kept).values()) for c in all_}
        wanted = said.entry.split(".")[-1]
        chosen = (
            [c for c in all_ if c.name == wanted]
            or sorted((c for c in all_ if _may_give(c, meant[c.name], alike[0])), key=_preference)
            or _by_library(subject, alike[0])
        )
        for callee, made in product(chosen, alike):
            forward = next((c for c in _forwards(all_, meant, made) if c.name != callee.name), None)
            for layout, targets in product(_layouts(subject, made, talk), TARGETS.values()):
                if _targets_fit(subject, targets, layout, talk, made):
                    before = meant.get(forward.name, set()) if forward else set()
                    if _repeats(made, meant.get(callee.name, set()), before):
                        made = replace(made, repeats=True)  # noqa: PLW2901 - all its ways are so
                    penalised, added = talk.penalty is not None, _added(subject, made)
                    way = Way(subject, made, callee, layout, targets, forward, penalised, talk.negative, added)
                    if not (way.paired and layout.together):
                        yield way


def _by_library(subject: Subject, made: Made) -> list[Callee]:
    """A network without a backward pass, whose library has one."""
    return [Callee("autograd", nets.differentiated(subject.module))] if nets.is_module(made.holder) else []


def _added(subject: Subject, made: Made) -> frozenset[str]:
    """The attributes of an object that its methods add to its parameters, and never subtract."""
    if not made.is_object:
        return frozenset()
    kept = {leaf.path[0] for layer in made.layers.layers for leaf in (layer.weight, layer.bias) if leaf is not None}
    others = {name for name in named(made, made.holder) if name not in kept}
    signs = [pair for callee in subject.callees(made) if callee.method for pair in _signs(callee, kept, others)]
    return frozenset(name for name, _ in signs) - {name for name, sign in signs if sign is ast.Sub}


def _signs(callee: Callee, kept: set[Any], others: set[Any]) -> Iterator[tuple[str, type]]:
    """With which signs a method changes parameters by other attributes of its object."""
    for changed, used, sign in _changes(callee.function):
        if changed & kept and used & others and not used & kept:
            yield from ((name, sign) for name in used & others)


@lru_cache(maxsize=4096)
def _changes(function: Any) -> tuple[tuple[set[str], set[str], type], ...]:
    """What a method adds to attributes of its object, or subtracts: these, those that it takes, and the sign."""
    tree = words.tree(function)
    found = list[tuple[set[str], set[str], type]]()
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
            minus = any(isinstance(e, ast.USub) for e in ast.walk(node.value))
            sign = ast.Sub if minus else type(node.op)
            found.append((_attributes(node.target), _attributes(node.value), sign))
    return tuple(found)


def _attributes(node: ast.AST) -> set[str]:
    """The attributes of the object itself in an expression."""
    return {e.attr for e in ast.walk(node) if isinstance(e, ast.Attribute) and isinstance(e.value, ast.Name)
            and e.value.id == "self"}  # fmt: skip


def _repeats(made: Made, meant: set[str], before: set[str]) -> bool:
    """Whether no targets are taken, and there are as many outputs as inputs."""
    ends = made.layers.sizes[0] == made.layers.sizes[-1] and len(made.layers.sizes) > 2
    return ends and not made.layout and "inputs" in meant and not {"targets", "pairs"} & (meant | before)


def _may_give(c: Callee, meant: set[str], made: Made) -> bool:
    """Whether it may give a gradient, or make a step."""
    if c.kind == "forward" and "targets" not in meant and not made.layout:
        return False
    examples = {"inputs", "targets"} <= meant or "pairs" in meant
    if c.kind == "gradient" and roles.is_slope(c.name) and not examples:
        return False
    return c.kind in ("gradient", "step") or examples


def _forwards(all_: list[Callee], meant: Mapping[str, set[str]], made: Made) -> list[Callee]:
    """What may be the forward pass: by its name, else all that takes inputs and no targets."""
    takes = [c for c in all_ if "targets" not in meant[c.name] and ("inputs" in meant[c.name] or made.layout)]
    named = [c for c in takes if c.kind == "forward"]
    rest = [c for c in takes if c.kind == "step" and c.method and not made.layout]
    return sorted(named, key=_unlikely_forward) + rest


def _unlikely_forward(c: Callee) -> tuple[bool, ...]:
    low = c.name.casefold()
    by_name = any(roles.role(p.name) == "inputs" for p in c.parameters)
    return not by_name, "forward" not in low, "predict" in low


def takes_examples(c: Callee) -> bool:
    """Whether it has parameters for inputs and targets."""
    found = {roles.role(p.name) for p in c.parameters}
    return {"inputs", "targets"} <= found or "pairs" in found


def _preference(c: Callee) -> tuple[Any, ...]:
    return ({"gradient": 0, "step": 1}.get(c.kind, 2), c.name.startswith("_"))


def _layouts(subject: Subject, made: Made, talk: words.Said) -> list[Layout]:
    data = subject.data
    if made.layout:
        return [LAYOUTS[made.layout]]
    if data is not None:
        columns = data[0].shape[-1] != made.layers.sizes[0]
        return [LAYOUTS["columns" if columns else "rows"]]
    told = [LAYOUTS[name] for name in talk.layouts if name in LAYOUTS]
    return told or [LAYOUTS[name] for name in LAYOUTS]


def _targets_fit(subject: Subject, targets: Targets, layout: Layout, talk: words.Said, made: Made) -> bool:
    outputs = made.layers.sizes[-1]
    data = subject.data
    if data is not None:
        flat = data[1].ndim == 1
        return bool(targets.name == ("flat" if flat and outputs == 1 else "integers" if flat else "matrix"))
    if not _signs_fit(targets, talk):
        return False
    if talk.flat and outputs == 1:
        return layout.together and targets.name == "flat"
    if talk.integers and outputs > 1:
        return bool(targets.name in (talk.labels or ("integers", "integers from 1")))
    return bool(targets.fits(layout, np.zeros((outputs, 1))))


def _signs_fit(targets: Targets, talk: words.Said) -> bool:
    """Targets of -1 and 1 are what the words say; of a cost with logarithms they stand for 0 and 1."""
    if "signs" not in talk.labels:
        return "sign" not in targets.name
    if talk.cost == "cross-entropy":
        return "of a class" in targets.name or "of classes" in targets.name
    return "class" not in targets.name


def tried(subject: Subject, said: Said, talk: words.Said, without: frozenset[str] = frozenset()) -> list[Tried]:
    """All ways that gave a gradient for one callee, in floating point; or what was raised, if none did.

    ``without``: names of callees that are passed over.
    """
    found, failed = list[Tried](), list[Tried]()
    done = set[Any]()
    for way in ways(subject, said, talk):
        key = (id(way.made.maker), way.callee.name)
        if way.callee.name in without:
            continue
        if key not in done and any(not one.claim.returned for one in found if one.claim is not None):
            break
        given = batch(way.made, 0, float, labels=one_hot(way, talk))
        try:
            with np.errstate(all="ignore"):
                claim = way.gradient(given)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program, or a CannotCallError
            failed.append(Tried(way, None, error))
            continue
        done.add(key)
        found.append(Tried(way, claim))
    steps = [one for one in found if one.claim is not None and not one.claim.returned]
    return steps or [*found, *_increments(found, talk)] or failed


def _increments(found: list[Tried], talk: words.Said) -> Iterator[Tried]:
    """The same, with what functions return whose names say that they make steps as what is to be added."""
    for one in found:
        way = replace(one.way, increments=True)
        given = batch(way.made, 0, float, labels=one_hot(way, talk))
        with np.errstate(all="ignore"):
            yield Tried(way, way.gradient(given))


def one_hot(way: Way, talk: words.Said) -> Any:
    """Whether targets have to be: class numbers are, and what costs with logarithms are about; or SIGNS."""
    return way.targets.labels or talk.cost in ("log-likelihood", "cross-entropy")


__all__ = ["Tried", "one_hot", "takes_examples", "tried", "ways"]
