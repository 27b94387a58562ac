"""An exported program as training calls it: arrays of NumPy go in and come out, whatever the library."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from .codegen.program import Spec
from .errors import CannotRun
from .exporting import Exported

Array = np.ndarray[Any, Any]
Pairs = list[tuple[Array, Array]]


class Net(ABC):
    """A program. Parameters are of the library; ``given`` and ``arrays`` turn them from and into arrays of NumPy."""

    def __init__(self, exported: Exported) -> None:
        self.spec: Spec = exported.program.spec
        with self.numbers():
            self.module = exported.load()

    def numbers(self) -> AbstractContextManager[Any]:
        """Within it the library has the numbers of the program."""
        return nullcontext()

    @abstractmethod
    def into(self, array: Any) -> Any:
        """An array of the library."""

    def start(self, seed: int, spread: float | None) -> Any:
        """Parameters to start from."""
        with self.numbers():
            return self.module.init(seed, spread)

    def given(self, pairs: Pairs) -> Any:
        """Parameters of the library."""
        with self.numbers():
            return [(self.into(w), self.into(b)) for w, b in pairs]

    def arrays(self, parameters: Any) -> Pairs:
        """The same as arrays of NumPy."""
        return [(np.asarray(w), np.asarray(b)) for w, b in parameters]

    def step(self, parameters: Any, x: Array, y: Array, eta: float) -> Any:
        """The parameters after a step of gradient descent; those that are given may be changed."""
        with self.numbers():
            moved = self.module.step(parameters, self.into(x), self.into(y), eta)
        return parameters if moved is None else moved

    def forward(self, parameters: Any, x: Array) -> Array:
        """The outputs, a column for each example."""
        with self.numbers():
            return np.asarray(self.module.forward(parameters, self.into(x)))

    def cost(self, parameters: Any, x: Array, y: Array) -> float:
        """What the batch costs."""
        with self.numbers():
            return float(self.module.cost(parameters, self.into(x), self.into(y)))

    def gradient(self, parameters: Any, x: Array, y: Array) -> Pairs:
        """The partial derivatives."""
        with self.numbers():
            return self.arrays(self.module.gradient(parameters, self.into(x), self.into(y)))


class NumPyNet(Net):
    """NumPy's own."""

    def into(self, array: Any) -> Any:
        return np.asarray(array)


class TorchNet(Net):
    """With tensors."""

    def into(self, array: Any) -> Any:
        import torch

        return torch.tensor(np.ascontiguousarray(array), dtype=torch.float64)


class JaxNet(Net):
    """Under jit, in numbers of 64 bits."""

    def __init__(self, exported: Exported) -> None:
        super().__init__(exported)
        import jax

        with self.numbers():
            self._step = jax.jit(self.module.step)

    def numbers(self) -> AbstractContextManager[Any]:
        from .codegen.backends.jax import _numbers

        return _numbers(self.spec)

    def into(self, array: Any) -> Any:
        import jax.numpy as jnp

        return jnp.asarray(array)

    def step(self, parameters: Any, x: Array, y: Array, eta: float) -> Any:
        with self.numbers():
            return self._step(parameters, self.into(x), self.into(y), eta)


NETS: dict[str, type[Net]] = {"numpy": NumPyNet, "torch": TorchNet, "jax": JaxNet}


def net_for(exported: Exported, to: str) -> Net:
    """The net of an exported program; CannotRun for languages that nothing is trained in."""
    if to not in NETS:
        raise CannotRun(f"nothing is trained with {to}: there are {', '.join(NETS)}")
    return NETS[to](exported)


__all__ = ["NETS", "Net", "net_for"]
