"""PyTorch's tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from .framework import Framework

Array = Any
SINGLE: Final = ("float32", "float", "float16", "half", "bfloat16")
CASTS: Final = ("float", "half", "bfloat16")


class Torch(Framework):
    """Tensors, on the processor."""

    name = "torch"
    shown = "PyTorch"

    def prepare(self) -> None:
        """What a program calls single precision is double precision here, and a graphics card is this processor."""
        import torch

        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        torch.manual_seed(0)
        for name in SINGLE:
            setattr(torch, name, torch.float64)
        for owner in (torch.Tensor, torch.nn.Module):
            for name in CASTS:
                setattr(owner, name, owner.double)
            owner.cuda = lambda self, *_, **__: self
        torch.FloatTensor = torch.DoubleTensor
        torch.compile = _as_it_is

    def holds(self, value: Any) -> bool:
        """A tensor."""
        import torch

        return isinstance(value, torch.Tensor)

    def plain(self, value: Any) -> Array:
        """A copy."""
        return np.array(value.detach().cpu().numpy(), copy=True)

    def array(self, value: Array) -> Any:
        """It shares its memory, so that changes in place are seen."""
        import torch

        return torch.from_numpy(value)

    def put(self, old: Any, value: Array) -> Any:
        """In place: optimisers and modules know their tensors by what they are."""
        import torch

        with torch.no_grad():
            old.data = self.made(np.array(value, copy=True)).reshape(old.shape)
        old.grad = None
        return old

    def slope(self, value: Any) -> Any:
        """``grad``."""
        return value.grad if value.is_leaf else None

    def attributes(self, value: Any) -> dict[str, Any] | None:
        """The parameters and parts of a module; an optimiser has none of its own."""
        import torch

        if isinstance(value, torch.optim.Optimizer):
            return {}
        if not isinstance(value, torch.nn.Module):
            return None
        inner = vars(torch.nn.Module())  # what every module has for PyTorch's own use
        own = {name: e for name, e in vars(value).items() if name not in inner}
        return {**own, **value._parameters, **value._modules}  # noqa: SLF001


def _as_it_is(model: Any = None, **_: Any) -> Any:
    """``torch.compile``, which changes nothing but the time that it takes."""
    given: Callable[[Any], Any] = lambda own: own  # noqa: E731
    return given if model is None else model


__all__ = ["Torch"]
