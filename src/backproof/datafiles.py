"""Examples from files: IDX, CSV and NumPy's, by what is in them and not by what they are called."""

from __future__ import annotations

import csv
import gzip
import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from .errors import CannotRun

Array = np.ndarray[Any, Any]
Examples = tuple[Array, Array]  # a row for each example, and its label

UNSIGNED_BYTE: Final = 0x08
GZIP: Final = b"\x1f\x8b"
PIECE: Final = 1 << 20  # bytes read at once
LABELS: Final = ("label", "labels", "class", "target", "species", "y")  # what a column of labels is called


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """CannotRun, with the name of the file, where it cannot be read."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CannotRun(f"{path}: broken gzip: {error}") from None
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """The content of a file, plain or compressed by gzip, whatever its name says."""
    with readable(path), path.open("rb") as plain:
        compressed = plain.read(2) == GZIP
        plain.seek(0)
        if not compressed:
            yield plain
            return
        with gzip.open(plain) as content:
            yield content


# IDX.


def dimensions_of_idx(path: Path) -> int | None:
    """How many dimensions an IDX file of bytes says it has, None where the file is no such file."""
    try:
        with opened(path) as content:
            head = content.read(4)
    except CannotRun:
        return None
    return head[3] if len(head) == 4 and head[:3] == bytes((0, 0, UNSIGNED_BYTE)) else None


def read_idx(path: Path, dimensions: int) -> Array:
    """The unsigned bytes of an IDX file, plain or compressed by gzip, in an array of that many dimensions.

    The format is that of Y. LeCun's MNIST page: two zero bytes, the type, the number of dimensions, each dimension as
    32 bits with the highest byte first, then the entries. CannotRun, with the name of the file, if it is another, is
    empty, or has fewer or more entries than it says; never more is read than there should be.
    """
    with opened(path) as content:
        return _read_idx(path, content, dimensions)


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


def idx_pair(images_file: Path, labels_file: Path) -> Examples:
    """Pictures, a row each, and their labels; CannotRun where their numbers differ."""
    dimensions = dimensions_of_idx(images_file) or 0
    images, labels = read_idx(images_file, dimensions if dimensions > 1 else 3), read_idx(labels_file, 1)
    if len(images) != len(labels):
        raise CannotRun(f"{images_file} has {len(images)} pictures, {labels_file} has {len(labels)} labels")
    return images.reshape(len(images), -1), labels


# CSV.


def read_csv(path: Path) -> Examples:
    """A row for each example, with its label first or last, or in the column that is called so.

    Labels are numbers or names. CannotRun, with the name of the file and the line, where a row is too short or too
    long, or an entry is no number.
    """
    with opened(path) as content:
        try:
            text = io.TextIOWrapper(content, "utf-8-sig", newline="")
            rows = [(at, row) for at, row in enumerate(csv.reader(text), start=1) if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise CannotRun(f"{path} is no table of text: {error}") from None
    if not rows:
        raise CannotRun(f"{path} is empty")
    head = None if any(map(_is_number, rows[0][1])) else [name.strip().lower() for name in rows[0][1]]
    rows = rows[1:] if head else rows
    if len(rows) < 2 or len(rows[0][1]) < 2:
        raise CannotRun(f"{path} has {len(rows)} rows of {len(rows[0][1]) if rows else 0} columns")
    for at, row in rows:
        if len(row) != len(rows[0][1]):
            raise CannotRun(f"{path}:{at}: {len(row)} columns, where the first row has {len(rows[0][1])}")
    place = _label_column(head, [row for _, row in rows])
    values = np.empty((len(rows), len(rows[0][1]) - 1))
    for index, (at, row) in enumerate(rows):
        rest = row[:place] + row[place + 1 :]
        try:
            values[index] = list(map(float, rest))
        except ValueError:
            wrong = next(number for number, entry in enumerate(rest) if not _is_number(entry))
            column = wrong + 1 + (wrong >= place)
            raise CannotRun(f"{path}:{at}: column {column} is {row[column - 1]!r}, which is no number") from None
        if not np.isfinite(values[index]).all():
            raise CannotRun(f"{path}:{at}: an entry is not finite")
    return values, _labels([row[place].strip() for _, row in rows])


def _is_number(entry: str) -> bool:
    try:
        float(entry)
    except ValueError:
        return False
    return True


def _label_column(head: list[str] | None, rows: list[list[str]]) -> int:
    """Where the labels are: as the head says; else first or last, whichever has names, whole numbers, fewer of them."""
    width = len(rows[0])
    if head:
        named = [place for place, name in enumerate(head) if name in LABELS]
        if named:
            return named[0]
    ends = [[row[place].strip() for row in rows] for place in (0, width - 1)]
    kinds = [(_kind(column), len({*column}), place) for place, column in enumerate(ends)]
    return (0, width - 1)[min(kinds)[2]]


def _kind(column: list[str]) -> int:
    """0 for names, 1 for whole numbers, 2 for others: what labels are most likely to be comes first."""
    if not all(map(_is_number, column)):
        return 0
    return 1 if all(float(entry).is_integer() for entry in column) else 2


def _labels(texts: list[str]) -> Array:
    """Whole numbers where they all are, else names."""
    if all(_is_number(text) and float(text).is_integer() for text in texts):
        return np.array([int(float(text)) for text in texts])
    return np.array(texts)


# NumPy.

#: What the arrays are called: the examples and the labels, for training and for the test.
NAMES: Final = {
    "training": (("x_train", "y_train"), ("train_x", "train_y"), ("x", "y"), ("data", "target")),
    "test": (("x_test", "y_test"), ("test_x", "test_y")),
}


def read_npz(path: Path) -> dict[str, Array]:
    """The arrays of a file, by name in small letters. Nothing in it is run."""
    with readable(path):
        try:
            with np.load(path, allow_pickle=False) as found:
                return {name.lower(): found[name] for name in found.files}
        except (ValueError, zipfile.BadZipFile) as error:
            raise CannotRun(f"{path} is no file of arrays: {error}") from None


def read_npy(path: Path) -> Array:
    """One array. Nothing in it is run."""
    with readable(path):
        try:
            return np.asarray(np.load(path, allow_pickle=False))
        except ValueError as error:
            raise CannotRun(f"{path} is no array: {error}") from None


def arrays(where: Path, found: dict[str, Array]) -> tuple[Examples, Examples | None]:
    """Training examples and, where there are, those for the test, from arrays by name."""
    parts = {part: next((pair for pair in pairs if {*pair} <= {*found}), None) for part, pairs in NAMES.items()}
    if parts["training"] is None:
        wanted = ", ".join("/".join(pair) for pair in NAMES["training"])
        raise CannotRun(f"{where} has the arrays {', '.join(sorted(found)) or 'none'}, and of {wanted} no pair")
    made = {part: None if pair is None else _pair(where, pair, found) for part, pair in parts.items()}
    assert made["training"] is not None
    return made["training"], made["test"]


def _pair(where: Path, names: tuple[str, str], found: dict[str, Array]) -> Examples:
    x, y = (found[name] for name in names)
    if x.ndim < 2 or len(x) != y.shape[0] or not len(x):
        shapes = " and ".join(f"{name} of shape {array.shape}" for name, array in zip(names, (x, y), strict=True))
        raise CannotRun(f"{where}: {shapes}: an example is a row, and has one label")
    if y.ndim == 2 and y.shape[1] > 1:  # a place for each class
        y = y.argmax(axis=1)
    if x.dtype.kind not in "buif" or (x.dtype.kind == "f" and not np.isfinite(x).all()):
        raise CannotRun(f"{where}: {names[0]} has entries that are no finite numbers")
    y = y.reshape(-1)
    if y.dtype.kind == "f" and not (y == np.round(y)).all():
        raise CannotRun(f"{where}: {names[1]} has labels that are no whole numbers, such as {y[y != np.round(y)][0]}")
    return x.reshape(len(x), -1), y.astype(int) if y.dtype.kind == "f" else y


__all__ = ["Examples", "arrays", "dimensions_of_idx", "idx_pair", "read_csv", "read_idx", "read_npy", "read_npz"]
