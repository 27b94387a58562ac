"""Which functions of a program PyTorch or JAX differentiates: recognised by what they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from ..layers.layer import Layer
from ..layers.naming import UPSTREAM
from ..layers.python import meaning
from . import jax_rules, torch_rules
from .differentiable import Differentiable
from .framework import Framework
from .rules import Rule
from .table import FRAMEWORKS, of_module

BACK: Final = re.compile(r"backward|bwd|backprop|bprop|grad|vjp", re.IGNORECASE)
#: Methods that tensors have and arrays of NumPy have not.
OF_TENSORS: Final = {
    "unsqueeze", "mm", "bmm", "t", "numel", "view_as", "permute", "masked_fill", "expand", "expand_as", "detach",
    "clone", "gather", "unbind", "addmm", "new_zeros",
}  # fmt: skip
TORCH, JAX = FRAMEWORKS


def rule_of(target: Any) -> tuple[Rule, Framework] | None:
    """What differentiates it; None where it goes back itself, or knows nothing of these libraries."""
    if TORCH.loaded and (found := _of_torch(target)) is not None:
        return found, TORCH
    if JAX.loaded and (found := _of_jax(target)) is not None:
        return found, JAX
    return None


def _of_torch(target: Any) -> Rule | None:
    import torch

    owner = getattr(target, "__self__", None)  # of Function.apply
    for cls in (target, owner):
        if isinstance(cls, type) and issubclass(cls, torch.autograd.Function):
            return torch_rules.Own(cls)
    if isinstance(target, type) and issubclass(target, torch.nn.Module):
        return None if any(name in vars(target) for name in ("backward", "backprop", "bprop")) else (
            torch_rules.Module(target)
        )  # fmt: skip
    return torch_rules.Plain(target) if _goes_forward(target) and library(target) is TORCH else None


def _of_jax(target: Any) -> Rule | None:
    import jax

    seen = target
    while seen is not None and not isinstance(seen, type):
        if isinstance(seen, jax.custom_vjp):
            return jax_rules.Own(target, seen)
        seen = getattr(seen, "__wrapped__", None)
    return jax_rules.Own(target) if _goes_forward(target) and library(target) is JAX else None


def _goes_forward(target: Any) -> bool:
    """Whether a function computes a layer, and not its gradient."""
    of = inspect.unwrap(target) if callable(target) else None
    if not inspect.isfunction(of) or BACK.search(of.__name__):
        return False
    return not set(map(str.lower, inspect.signature(of).parameters)) & (UPSTREAM - {"g", "delta", "error", "grad"})


def library(target: Any) -> Framework | None:
    """The library whose arrays a function or class takes."""
    of: Any = target
    if isinstance(target, type):
        of = next((e for e in vars(target).values() if inspect.isfunction(e)), None)
    of = inspect.unwrap(of) if of is not None else None
    space = getattr(of, "__globals__", None)
    if space is None:
        return None
    names = set(_names(of.__code__))
    found = of_module({name: space[name] for name in names if name in space})
    if found is not None:
        return found
    numpy = any(getattr(e, "__name__", "") == "numpy" for e in space.values())
    return of_module(space) if not numpy or names & OF_TENSORS else None


def _names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for e in code.co_consts:
        if inspect.iscode(e):
            yield from _names(e)


def codes(target: Any, declared: Mapping[str, str], layer: Layer) -> list[Differentiable]:
    """The ways to see something that is differentiated as code under check; none where it is not."""
    found = rule_of(target)
    if found is None:
        return []
    declared = {**_by_order(found[0], declared, layer), **declared}
    more = {f"grad_{name}": f"d{meant}" for name, meant in declared.items()}
    return [Differentiable(*found, {**declared, **more}, above=above) for above in (False, True)]


def _by_order(rule: Rule, declared: Mapping[str, str], layer: Layer) -> dict[str, str]:
    """Parameters whose names say nothing are the inputs that no name is left for, where there are as many of them."""
    listed = [t.name for t in rule.takes() if not t.made]
    meant = {name: meaning(name, layer, declared) for name in listed}
    known = {m.slot.name for found in meant.values() for m in found if m.slot is not None}
    left = [
        slot.name for slot in layer.slots if slot.role == "input" and len(slot.parts) == 1 and slot.name not in known
    ]
    unknown = [t.name for t in rule.takes() if not t.made and t.needed and not t.kept and not meant[t.name]]
    return dict(zip(unknown, left, strict=True)) if len(unknown) == len(left) else {}


def candidates(loaded: ModuleType) -> list[str]:
    """The names of what has a rule of its own in a module."""
    own = [(name, rule_of(e)) for name, e in vars(loaded).items() if getattr(e, "__module__", "") == loaded.__name__]
    return [name for name, found in own if found is not None and found[0].has_own]


__all__ = ["candidates", "codes", "library", "rule_of"]
