"""JAX's arrays."""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np

from .framework import Framework

Array = Any
SINGLE: Final = ("float32", "float16", "bfloat16")


class Jax(Framework):
    """Arrays, on the processor."""

    name = "jax"
    shown = "JAX"

    def prepare(self) -> None:
        """What a program calls single precision is double precision here."""
        os.environ["JAX_PLATFORMS"] = "cpu"
        import jax

        jax.config.update("jax_enable_x64", True)
        jax.config.update("jax_disable_most_optimizations", True)  # compiling takes longer than what is computed
        for name in SINGLE:
            setattr(jax.numpy, name, jax.numpy.float64)

    def holds(self, value: Any) -> bool:
        """An array that is computed, and no tracer."""
        import jax

        return isinstance(value, jax.Array) and not isinstance(value, jax.core.Tracer)

    def plain(self, value: Any) -> Array:
        """A copy."""
        return np.array(value, copy=True)

    def array(self, value: Array) -> Any:
        """A new one."""
        import jax.numpy as jnp

        return jnp.array(value)

    def put(self, old: Any, value: Array) -> Any:
        """A new one, of the same shape."""
        return self.made(np.array(value, copy=True)).reshape(old.shape)


__all__ = ["Jax"]
