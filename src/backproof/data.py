"""Pictures of handwritten digits: the small ones that come with scikit-learn, and MNIST from files that are there."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from .errors import CannotRun

Array = np.ndarray[Any, Any]

CLASSES: Final = 10
UNSIGNED_BYTE: Final = 0x08
GZIP: Final = b"\x1f\x8b"
PIECE: Final = 1 << 20  # bytes read at once


@dataclass(frozen=True)
class Dataset:
    """Pictures as columns: ``x`` has shape (pixels, examples), from 0 to 1; ``labels`` has shape (examples,), and ``y``
    of shape (10, examples) is 1 at the label and 0 elsewhere.
    """

    x: Array
    y: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.labels)

    def pairs(self) -> list[tuple[Array, Array]]:
        """The examples one by one, as columns (x, y) of shapes (pixels, 1) and (10, 1)."""
        return [(self.x[:, place : place + 1], self.y[:, place : place + 1]) for place in range(len(self))]


def load(where: str | Path) -> tuple[Dataset, Dataset]:
    """Training and test data: ``split(digits())`` for "digits", else ``mnist(where)``."""
    return split(digits()) if where == "digits" else mnist(Path(where))


def digits() -> Dataset:
    """The 1,797 digits of 8x8 pixels that come with scikit-learn. CannotRun where it is not installed."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise CannotRun("the digits come with scikit-learn: pip install 'backproof[data]'") from None
    found = load_digits()
    return _dataset(found.data / 16, found.target)


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

    They have their usual names, ``train-images-idx3-ubyte`` or ``train-images.idx3-ubyte``, with or without ``.gz``.
    CannotRun, with the name of the file, if one is missing, malformed or does not fit the others.
    """
    with _readable(folder):
        if not folder.is_dir():
            raise CannotRun(f"no folder {folder}: data are digits, or a folder with the files of MNIST")
        training, test = (_part(folder, part) for part in ("train", "t10k"))
    if len(training.x) != len(test.x):
        raise CannotRun(f"{folder}: pictures of {len(training.x)} pixels for training, of {len(test.x)} for the test")
    return training, test


def _part(folder: Path, part: str) -> Dataset:
    images_file, labels_file = _file(folder, f"{part}-images", 3), _file(folder, f"{part}-labels", 1)
    images, labels = read_idx(images_file, 3), read_idx(labels_file, 1)
    if len(images) != len(labels):
        raise CannotRun(f"{images_file} has {len(images)} pictures, {labels_file} has {len(labels)} labels")
    if labels.max() >= CLASSES:
        raise CannotRun(f"{labels_file}: label {labels.max()}, where there are 0 to {CLASSES - 1}")
    return _dataset(images.reshape(len(images), -1) / 255, labels)


def _file(folder: Path, name: str, dimensions: int) -> Path:
    names = [f"{name}{sign}idx{dimensions}-ubyte" for sign in "-."]
    for path in (folder / f"{name}{suffix}" for suffix in ("", ".gz") for name in names):
        if path.is_file():
            return path
    raise CannotRun(f"{folder} has no {names[0]} and no {names[0]}.gz")


def read_idx(path: Path, dimensions: int) -> Array:
    """The unsigned bytes of an IDX file, plain or compressed by gzip, in an array of that many dimensions.

    The format is that of Y. LeCun's MNIST page: two zero bytes, the type, the number of dimensions, each dimension as
    32 bits with the highest byte first, then the entries. CannotRun, with the name of the file, if it is another, is
    empty, or has fewer or more entries than it says; never more is read than there should be.
    """
    with _readable(path), path.open("rb") as plain:
        compressed = plain.read(2) == GZIP
        plain.seek(0)
        if not compressed:
            return _read_idx(path, plain, dimensions)
        with gzip.open(plain) as content:
            return _read_idx(path, content, dimensions)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CannotRun(f"{path}: broken gzip: {error}") from None
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None


def _read_idx(path: Path, content: IO[bytes] | gzip.GzipFile, dimensions: int) -> Array:
    head = content.read(4 + 4 * dimensions)
    if head[:4] != bytes((0, 0, UNSIGNED_BYTE, dimensions)):
        raise CannotRun(f"{path} is no IDX file of bytes in {dimensions} dimensions: it begins with {head[:4]!r}")
    if len(head) != 4 + 4 * dimensions:
        raise CannotRun(f"{path} ends within its header")
    shape = tuple(int.from_bytes(head[at : at + 4]) for at in range(4, len(head), 4))
    size, said = math.prod(shape), "x".join(map(str, shape))
    if not size:
        raise CannotRun(f"{path} is empty: its header says {said}")
    entries = bytearray()
    while len(entries) <= size and (piece := content.read(min(PIECE, size + 1 - len(entries)))):
        entries += piece
    if len(entries) != size:
        has = f"{len(entries)}" if len(entries) < size else "more"
        raise CannotRun(f"{path}: its header says {said}, which is {size} bytes, but it has {has}")
    return np.frombuffer(entries, np.uint8).reshape(shape)


def _dataset(rows: Array, labels: Array) -> Dataset:
    """From pictures of shape (examples, pixels)."""
    return Dataset(rows.T, np.eye(CLASSES)[:, labels], labels.astype(int))


def _chosen(dataset: Dataset, places: Array) -> Dataset:
    return Dataset(dataset.x[:, places], dataset.y[:, places], dataset.labels[places])
