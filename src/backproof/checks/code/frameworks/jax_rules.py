"""What JAX differentiates: a function with ``custom_vjp``, or any function of its arrays."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .jax_arrays import Jax
from .rules import Differentiated, Rule, Taken, first, in_order, is_real, taken

Array = Any


@dataclass(frozen=True)
class Own(Rule):
    """A function that has, or may have, a rule for its derivative. ``rule``: the object that has it, None if none."""

    function: Any
    rule: Any = None

    @property
    def has_own(self) -> bool:  # type: ignore[override]
        """Whether there is such a rule."""
        return self.rule is not None

    def takes(self) -> list[Taken]:
        """Its parameters."""
        return taken(inspect.unwrap(self.function))

    def run(self, given: Mapping[str, Any], above: Array | None, *, plainly: bool) -> Differentiated:
        """By ``jax.vjp``."""
        import jax

        arrays = Jax()
        call = inspect.unwrap(self.function) if plainly else self.function
        takes = self.takes()
        whole = {n: arrays.array(e) if hasattr(e, "dtype") else e for n, e in given.items()}
        reals = [n for n, e in given.items() if is_real(e)]

        def of(*values: Any) -> Any:
            return first(call(*in_order(takes, {**whole, **dict(zip(reals, values, strict=True))})))

        output, back = jax.vjp(of, *(whole[n] for n in reals))
        seed = jax.numpy.ones_like(output) if above is None else jax.numpy.broadcast_to(above, output.shape)
        found = back(seed.astype(output.dtype))
        outputs = [output] if plainly or not self.has_own else [output, first(self.function(*in_order(takes, whole)))]
        slopes = {n: arrays.plain(g) for n, g in zip(reals, found, strict=True)}
        return Differentiated([arrays.plain(e) for e in outputs], slopes)

    def source(self) -> Any:
        """The function of the rule that goes back."""
        return getattr(self.rule, "bwd", None) or inspect.unwrap(self.function)


__all__ = ["Own"]
