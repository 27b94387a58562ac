"""Trained parameters in a file: what was learned, of which net, and how to go on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .data import Dataset
from .datafiles import read_npz
from .errors import CannotRun
from .files import together

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Checkpoint:
    """``run``: what a run is told from others by; ``right``: what is right after each epoch so far."""

    run: dict[str, Any]
    eta: float
    right: tuple[int, ...]
    parameters: list[tuple[Array, Array]]

    def write(self, path: Path, training: Dataset) -> None:
        """A file of NumPy: w2, b2, w3, ..., shift and scale of the inputs, the names of the classes; the rest as JSON.

        It is there as a whole or not at all, whenever the run is interrupted.
        """
        kept: dict[str, Any] = {"shift": training.shift, "scale": training.scale, "classes": np.array(training.names)}
        for layer, (w, b) in enumerate(self.parameters, start=2):
            kept |= {f"w{layer}": w, f"b{layer}": b}
        told = json.dumps({**self.run, "eta": self.eta, "right": list(self.right)})
        try:
            with together([path]) as [draft], draft.open("wb") as file:
                np.savez(file, run=np.array(told), **kept)
        except OSError as error:
            raise CannotRun(f"cannot write to {path}: {(error.strerror or str(error)).lower()}") from None

    @classmethod
    def read(cls, path: Path, run: dict[str, Any]) -> Checkpoint:
        """CannotRun where the file is none of these, or of another run."""
        found = read_npz(path)
        try:
            told = json.loads(str(found["run"]))
            layers = range(2, len(told["sizes"]) + 1)
            parameters = [(found[f"w{layer}"], found[f"b{layer}"]) for layer in layers]
            eta, right = float(told.pop("eta")), tuple(map(int, told.pop("right")))
        except (KeyError, TypeError, ValueError) as error:
            raise CannotRun(f"{path} is not what --save has written: {error}") from None
        if others := [name for name, value in run.items() if told.get(name) != value]:
            raise CannotRun(
                f"{path} is of another run: its {others[0]} is {told.get(others[0])}, and not {run[others[0]]}"
            )
        return cls(run, eta, right, parameters)


__all__ = ["Checkpoint"]
