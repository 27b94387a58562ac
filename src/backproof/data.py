"""Examples to learn from: the digits that come with scikit-learn, MNIST and its like, tables, and arrays of NumPy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from .datafiles import (
    Examples,
    arrays,
    dimensions_of_idx,
    idx_pair,
    read_csv,
    read_idx,
    read_npy,
    read_npz,
    readable,
)
from .errors import CannotRun

Array = np.ndarray[Any, Any]

CLASSES: Final = 10  # of digits
LARGEST_BYTE: Final = 255
MOST_CLASSES: Final = 10_000
WHAT: Final = ("IDX file of pictures", "IDX file of labels")
TRAINING, TEST = ("train",), ("t10k", "test")  # parts of the names of files


@dataclass(frozen=True)
class Dataset:
    """Examples as columns: ``x`` has shape (inputs, examples); ``labels`` has shape (examples,), counted from 0, and
    ``y`` of shape (classes, examples) is 1 at the label and 0 elsewhere. ``names`` are those of the classes. ``shift``
    and ``scale``: x is what was read less the one, divided by the other.
    """

    x: Array
    y: Array
    labels: Array
    names: tuple[str, ...] = ()
    shift: Any = 0.0
    scale: Any = 1.0

    def __len__(self) -> int:
        return len(self.labels)

    def pairs(self) -> list[tuple[Array, Array]]:
        """The examples one by one, as columns (x, y) of shapes (inputs, 1) and (classes, 1)."""
        return [(self.x[:, place : place + 1], self.y[:, place : place + 1]) for place in range(len(self))]


def load(where: str | Path) -> tuple[Dataset, Dataset]:
    """Training and test data: those of scikit-learn for "digits", else those in a file or a folder.

    A file is a table (CSV, with the label first or last) or arrays (.npz with x_train, y_train, x_test, y_test, or x
    and y); a folder has IDX files, tables with "train" and "test" in their names, or arrays of these names (.npy).
    Where there is no test data, a fifth of the examples is held out. CannotRun, with the file and the place in it.
    """
    if where == "digits":
        return split(digits())
    path = Path(where)
    with readable(path):
        if path.is_dir():
            return _folder(path)
        if not path.is_file():
            raise CannotRun(f"no folder {path}, and no file: data are digits, or a file or folder of examples")
    found = arrays(path, read_npz(path)) if path.suffix == ".npz" else (read_csv(path), None)
    return _datasets(path, *found)


def _folder(path: Path) -> tuple[Dataset, Dataset]:
    files = sorted(file for file in path.iterdir() if file.is_file())
    tables = [file for file in files if ".csv" in file.suffixes]
    if any(file.suffix == ".npy" for file in files):
        found = {file.stem.lower(): read_npy(file) for file in files if file.suffix == ".npy"}
        return _datasets(path, *arrays(path, found))
    if tables:
        training, test = (_one_of(path, tables, words, "table") for words in (TRAINING, TEST))
        return _datasets(path, read_csv(training), read_csv(test))
    return mnist(path)


def _one_of(folder: Path, files: Iterable[Path], words: tuple[str, ...], what: str) -> Path:
    """The file with one of the words in its name."""
    found = [file for file in files if any(word in file.name.lower() for word in words)]
    if len(found) != 1:
        named = f"with {' or '.join(words)} in its name"
        many = f", which of {', '.join(file.name for file in found)} is the {what} {named}?" if found else ""
        raise CannotRun(f"{folder}{many}" if found else f"{folder} has no {what} {named}")
    return found[0]


def digits() -> Dataset:
    """The 1,797 digits of 8x8 pixels that come with scikit-learn. CannotRun where it is not installed."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise CannotRun("the digits come with scikit-learn: pip install 'backproof[data]'") from None
    found = load_digits()
    return _dataset(found.data / 16, found.target, _numbered(range(CLASSES)), 0.0, 16.0)


def split(dataset: Dataset, held_out: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Training and test data, drawn by ``seed``: the part ``held_out`` of the examples, rounded, is for the test.

    ValueError if either would be empty.
    """
    test = round(len(dataset) * held_out)
    if not 0 < test < len(dataset):
        raise ValueError(f"to hold out {held_out} of {len(dataset)} examples leaves nothing to learn from or to test")
    order = np.random.default_rng(seed).permutation(len(dataset))
    return _chosen(dataset, order[test:]), _chosen(dataset, order[:test])


def mnist(folder: Path) -> tuple[Dataset, Dataset]:
    """Training and test data from the four IDX files of MNIST, or of its like, plain or compressed by gzip.

    What a file is is seen from its content; "train" or "t10k" or "test" in its name says what it is for. CannotRun,
    with the name of the file, if one is missing, malformed or does not fit the others.
    """
    with readable(folder):
        if not folder.is_dir():
            raise CannotRun(f"no folder {folder}: data are digits, or a folder with the files of MNIST")
        training, test = (_part(folder, words) for words in (TRAINING, TEST))
    return _datasets(folder, training, test)


def _part(folder: Path, words: tuple[str, ...]) -> Examples:
    usual = [_usual(folder, f"{words[0]}-images", 3), _usual(folder, f"{words[0]}-labels", 1)]
    files = {file: dimensions_of_idx(file) for file in sorted(folder.iterdir()) if file.is_file()}
    pictures = [file for file, dimensions in files.items() if dimensions is not None and dimensions > 1]
    labels = [file for file, dimensions in files.items() if dimensions == 1]
    chosen = [
        known or _one_of(folder, files_, words, what)
        for known, files_, what in zip(usual, (pictures, labels), WHAT, strict=True)
    ]
    return idx_pair(*chosen)


def _usual(folder: Path, name: str, dimensions: int) -> Path | None:
    """The file under one of its usual names, None where there is none."""
    names = [f"{name}{sign}idx{dimensions}-ubyte{suffix}" for suffix in ("", ".gz") for sign in "-."]
    return next((folder / name for name in names if (folder / name).is_file()), None)


# Examples as columns, with classes and scaled.


def _datasets(where: Path, training: Examples, test: Examples | None) -> tuple[Dataset, Dataset]:
    """Both in the same classes and on the same scale; a fifth is held out where there is no test."""
    parts = [training] if test is None else [training, test]
    if len({rows.shape[1] for rows, _ in parts}) > 1:
        sizes = " inputs for training, of ".join(str(rows.shape[1]) for rows, _ in parts)
        raise CannotRun(f"{where}: examples of {sizes} for the test")
    names = _classes(where, [labels for _, labels in parts])
    shift, scale = _scaling(training[0])
    made = [_dataset((rows - shift) / scale, _places(labels, names), names, shift, scale) for rows, labels in parts]
    if test is not None:
        return made[0], made[1]
    try:
        return split(made[0])
    except ValueError as error:
        raise CannotRun(f"{where}: {error}") from None


def _classes(where: Path, parts: list[Array]) -> tuple[str, ...]:
    """The names of the classes: of numbers, all from the least to the largest, so that EMNIST's letters are 1 to 26."""
    labels = np.concatenate([part.astype(str) if parts[0].dtype.kind == "U" else part for part in parts])
    if labels.dtype.kind == "U":
        names = tuple(sorted(set(labels.tolist())))
    else:
        least, largest = int(labels.min()), int(labels.max())
        if largest - least >= MOST_CLASSES:
            raise CannotRun(f"{where}: labels from {least} to {largest} are too many classes: {MOST_CLASSES} at most")
        names = _numbered(range(least, largest + 1))
    if len(names) < 2:
        raise CannotRun(f"{where}: there is one class only, {names[0]}")
    return names


def _numbered(labels: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(str, labels))


def _places(labels: Array, names: tuple[str, ...]) -> Array:
    """The labels counted from 0."""
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[str(label)] for label in labels.tolist()])


def _scaling(rows: Array) -> tuple[Any, Any]:
    """Bytes are taken from 0 to 1; numbers that reach far are taken by their distance from the mean of each column."""
    low, high = rows.min(), rows.max()
    if rows.dtype.kind in "bui" or (low >= 0 and 1 < high <= LARGEST_BYTE and (rows == np.round(rows)).all()):
        if low >= 0 and high <= LARGEST_BYTE:
            return 0.0, float(LARGEST_BYTE) if high > 1 else 1.0
    elif low >= -1 and high <= 1:
        return 0.0, 1.0
    spread = rows.std(axis=0)
    return rows.mean(axis=0), np.where(spread > 0, spread, 1.0)


def _dataset(rows: Array, labels: Array, names: tuple[str, ...], shift: Any = 0.0, scale: Any = 1.0) -> Dataset:
    """From examples of shape (examples, inputs)."""
    return Dataset(rows.T, np.eye(len(names))[:, labels], labels.astype(int), names, shift, scale)


def _chosen(dataset: Dataset, places: Array) -> Dataset:
    return Dataset(
        dataset.x[:, places], dataset.y[:, places], dataset.labels[places], dataset.names, dataset.shift, dataset.scale
    )


__all__ = ["Dataset", "digits", "load", "mnist", "read_idx", "split"]
