"""Layers and losses as objects: a forward pass that keeps what it needs, and a backward pass after it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .exactly import Numbers
from .layer import Drawn, Layer
from .naming import UPSTREAM
from .pair import OUTPUT
from .python import Asked, Python, plain

Array = Any
FORWARDS: Final = ("feedforward", "forward", "__call__", "fprop", "forward_pass")
BACKWARDS: Final = ("backpropagate", "backward", "backprop", "bprop", "backward_pass")
SLOPES: Final = ("gradient", "derivative", "grad", "prime")  # at the inputs: nothing from above is given to them
GRADIENTS: Final = ("D{}", "d{}", "grad_{}", "{}_grad", "d_{}", "g{}", "nabla_{}", "grad{}", "delta_{}")
DEEP: Final = 2  # objects within objects that are looked into


def within(target: Any, name: str) -> tuple[Any, str]:
    """The object that has an attribute, and its name there: act.x is the x of act."""
    *path, own = name.split(".")
    for part in path:
        target = getattr(target, part)
    return target, own


def method(target: Any, names: Sequence[str], *counts: int) -> str | None:
    """The first method of these names that takes as many arguments."""
    cls = target if inspect.isclass(target) else type(target)
    for name in names:
        found = inspect.getattr_static(cls, name, None)
        if inspect.isfunction(found) and needed(found) - 1 in counts:
            return name
    return None


def backward(target: Any) -> str | None:
    """The method that is given the gradient of the outputs, after the outputs or alone; else a derivative."""
    cls = target if inspect.isclass(target) else type(target)
    name = method(target, BACKWARDS, 1, 2)
    if name is not None:
        last = list(inspect.signature(getattr(cls, name)).parameters)[needed(getattr(cls, name)) - 1]
        if _is_upstream(last):
            return name
    return method(target, SLOPES, 1)


def _is_upstream(name: str) -> bool:
    low = name.casefold().strip("_")
    return low in UPSTREAM or "grad" in low or low.startswith(("dl", "d_", "dout", "nabla"))


def needed(function: Any) -> int:
    """How many parameters without a default a function has, its object among them."""
    found = inspect.signature(function).parameters.values()
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in found)


def parameters(target: Any) -> dict[str, Array]:
    """The arrays of an object that are parameters: those beside which there is room for a gradient, else all."""
    own = {name: e for name, e in vars(target).items() if isinstance(e, np.ndarray) and e.dtype.kind == "f" and e.ndim}
    gradients = {form.format(name) for name in own for form in GRADIENTS} & set(vars(target))
    beside = {name: e for name, e in own.items() if any(form.format(name) in gradients for form in GRADIENTS)}
    return beside or {name: e for name, e in own.items() if name not in gradients}


@dataclass(frozen=True)
class Object:
    """A layer that is an object, as ``check.Code``. ``names``: of its parameters, by those of the slots."""

    target: Any
    names: Mapping[str, str]
    declared: Mapping[str, str] = field(default_factory=dict)
    flat: bool = False

    @property
    def forward(self) -> str:
        return method(self.target, FORWARDS, 1) or ""

    @property
    def backward(self) -> str:
        return backward(self.target) or ""

    def asked(self, _: Layer) -> list[Asked]:
        """Inputs, parameters, and the gradient of the outputs."""
        return [Asked(name, (name,), array=True) for name in ("x", *self.names, "dy")]

    def call(self, values: Mapping[tuple[Any, ...], Any], _: Mapping[str, Any], drawn: Drawn | None) -> Any:
        """Forward, then backward: the output, and what can be found of gradients."""
        target = copy.deepcopy(self.target)
        if drawn is not None:
            Numbers(drawn.field).put_into(type(target))
        floating(target, None if drawn is None else Numbers(drawn.field))
        for slot, name in self.names.items():
            owner, own = within(target, name)
            setattr(owner, own, values[slot,])
            for form in GRADIENTS:
                if isinstance(getattr(owner, form.format(own), None), np.ndarray):
                    setattr(owner, form.format(own), 0 * values[slot,])
        output, found = self.passes(target, values["x",], values["dy",])
        return [{"name": n, "filled": False, **plain(e)} for n, e in ((OUTPUT, output), *found)]

    def passes(self, target: Any, x: Array, dy: Array) -> tuple[Array, list[tuple[str, Array]]]:
        """What it gives, and its gradients by the names of slots."""
        output = getattr(target, self.forward)(x)
        if self.of_inputs:
            return output, [("dx", dy * getattr(target, self.backward)(x))]
        back = getattr(target, self.backward)
        before = set(vars(target))
        returned = back(output, dy) if needed(back) == 2 else back(dy)
        parts = list(returned) if isinstance(returned, tuple | list) else [returned]
        found = [("dx", e) for e in parts[:1] if isinstance(e, np.ndarray)]
        if not found:
            found = [
                ("dx", e) for e in (self.gradient(target, name) for name in self._inputs(target, x)) if e is not None
            ]
        for slot, name in self.names.items():
            own = self.gradient(target, name)
            if own is not None:
                found.append((f"d{slot}", own))
        if len(parts) == len(self.names) + 1 and len(found) == 1 and not set(vars(target)) - before:
            found += [(f"d{slot}", e) for slot, e in zip(self.names, parts[1:], strict=True)]
        return output, found[:1] + [pair for pair in found[1:] if pair[0] != "dx"]

    @property
    def of_inputs(self) -> bool:
        """Whether the backward pass is a derivative at the inputs, which nothing from above is given to."""
        return self.backward in SLOPES

    @staticmethod
    def _inputs(target: Any, x: Array) -> Iterator[str]:
        """What the object calls its inputs."""
        yield from (name for name, e in vars(target).items() if e is x)
        yield from ("X", "x", "input", "inputs")

    @staticmethod
    def gradient(target: Any, name: str) -> Array | None:
        """The gradient that an object keeps for one of its arrays."""
        owner, own = within(target, name)
        kept = (getattr(owner, form.format(own), None) for form in GRADIENTS)
        return next((e for e in kept if isinstance(e, np.ndarray)), None)

    def where(self, name: str) -> str | None:
        """The line at which a gradient gets its values."""
        own = {"x": "X", **self.names}.get(name.removeprefix("d"), name).rpartition(".")[2]
        code = Python(getattr(type(self.target), self.backward))
        names = [form.format(own) for form in GRADIENTS]
        return next((at for at in (code.where(one) for one in names) if at is not None), None)

    def exact(self) -> str | None:
        """It can always be tried."""
        return None


@dataclass(frozen=True)
class Loss:
    """The gradient of a loss, by outputs and targets, as ``check.Code``."""

    gradient: Callable[[Array, Array], Array]
    declared: Mapping[str, str] = field(default_factory=dict)
    flat: bool = False

    def asked(self, _: Layer) -> list[Asked]:
        return [Asked(name, (name,), array=True) for name in ("y", "t")]

    def call(self, values: Mapping[tuple[Any, ...], Any], _: Mapping[str, Any], drawn: Drawn | None) -> Any:
        if drawn is not None:
            Numbers(drawn.field).put_into(self.gradient)
        return [{"name": "dy", "filled": False, **plain(self.gradient(values["y",], values["t",]))}]

    def where(self, _: str) -> str | None:
        return Python(getattr(self.gradient, "__func__", self.gradient)).where("")

    def exact(self) -> str | None:
        return None


def floating(target: Any, numbers: Numbers | None, depth: int = 0) -> None:
    """Let what an object keeps take exact numbers, or floating-point numbers of full length."""
    for name, e in list(vars(target).items()):
        if isinstance(e, np.ndarray) and e.dtype.kind == "f":
            setattr(target, name, e.astype(float) if numbers is None else numbers.residues(e))
        elif hasattr(e, "__dict__") and depth < DEEP and not inspect.isroutine(e) and not inspect.isclass(e):
            floating(e, numbers, depth + 1)


__all__ = ["FORWARDS", "Loss", "Object", "backward", "floating", "method", "needed", "parameters", "within"]
