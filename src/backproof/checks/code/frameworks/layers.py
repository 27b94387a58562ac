"""Which functions of a program PyTorch or JAX differentiates: recognised by what they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from ..layers.naming import UPSTREAM
from . import jax_rules, torch_rules
from .differentiable import Differentiable
from .framework import Framework
from .rules import Rule
from .table import FRAMEWORKS, of_module

BACK: Final = re.compile(r"backward|bwd|backprop|bprop|grad|vjp", re.IGNORECASE)
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
    own = {name: space[name] for name in _names(of.__code__) if name in space}
    if found := of_module(own):
        return found
    numpy = any(getattr(e, "__name__", "") == "numpy" for e in own.values())
    return None if numpy else of_module(space)


def _names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for e in code.co_consts:
        if inspect.iscode(e):
            yield from _names(e)


def codes(target: Any, declared: Mapping[str, str]) -> list[Differentiable]:
    """The ways to see something that is differentiated as code under check; none where it is not."""
    found = rule_of(target)
    if found is None:
        return []
    more = {f"grad_{name}": f"d{meant}" for name, meant in declared.items()}
    return [Differentiable(*found, {**declared, **more}, above=above) for above in (False, True)]


def candidates(loaded: ModuleType) -> list[str]:
    """The names of what has a rule of its own in a module."""
    own = [(name, rule_of(e)) for name, e in vars(loaded).items() if getattr(e, "__module__", "") == loaded.__name__]
    return [name for name, found in own if found is not None and found[0].has_own]


__all__ = ["candidates", "codes", "library", "rule_of"]
