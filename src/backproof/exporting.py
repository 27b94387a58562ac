"""``export``: derive the program of a network, verify it at its real size and in its target, and only then write it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from .activations import activation as activations
from .activations import cost as costs
from .codegen.backend import NAMES, Backend, backend, unrolled
from .codegen.expected_cost import NoValue
from .codegen.infix import equation
from .codegen.loading import loaded
from .codegen.program import Program, Spec, compile_program
from .codegen.trained import named, trained
from .codegen.verification import Check, verify
from .errors import CannotRun, unknown
from .files import together
from .instances import check_sizes

SCHEMA: Final = "backproof.export/1"
CHOICES: Final = {
    "to": NAMES,
    "reduction": ("mean", "sum"),
    "layout": ("columns", "rows"),
    "dtype": ("float64", "float32"),
}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, repr=False)
class Exported:
    """A verified program: its ``text``, in the language of ``to``, and the ``checks`` that hold."""

    program: Program
    to: str
    text: str
    checks: tuple[Check, ...]
    file: str | None = None
    unrolled: bool = False

    def __repr__(self) -> str:
        return f"<{self.program.spec.title} for {self.to}: {len(self.text.splitlines())} lines, verified>"

    def load(self) -> Any:
        """The module, for a program in Python: ``load().gradient(parameters, x, y)``.

        A program in C is compiled, and what is returned has ``forward``, ``cost``, ``gradient`` and ``step`` for NumPy
        arrays in the layout of the program, of one example where it is unrolled; ValueError where a shape is wrong,
        CannotRun where there is no compiler. TypeError for latex.
        """
        if self.to == "latex":
            raise TypeError("latex is not run: write the text to a file")
        if self.to == "c":
            from .codegen.c_runner import opened

            return opened(self.program.spec, self.text, one=self.unrolled)
        return loaded(self.text)

    @property
    def equations(self) -> list[dict[str, Any]]:
        """The lines of the program, in the order in which they are run."""
        return [
            {"label": line.label, "layer": line.layer, "text": equation(line, self.program.spec.layout)}
            for line in self.program.assignments
            if line.label != "input"
        ]

    def to_json(self) -> dict[str, Any]:
        """The object that ``export --json`` prints; its schema is shipped, as ``schemas/export.schema.json``."""
        spec = self.program.spec
        return {
            "schema": SCHEMA,
            "version": metadata.version("backproof"),
            "target": self.to,
            "sizes": list(spec.sizes),
            "activations": [f.text for f in spec.activations],
            "cost": spec.cost,
            "reduction": spec.reduction,
            "layout": spec.layout,
            "dtype": spec.dtype,
            "unrolled": self.unrolled,
            "parameters": spec.parameters,
            "equations": self.equations,
            "evidence": [
                {"kind": check.kind, "holds": True, "text": check.words, **check.figures} for check in self.checks
            ],
            "file": self.file,
        }


def export(
    sizes: Sequence[int],
    activation: str | Sequence[str] = "sigmoid",
    cost: str = "quadratic",
    to: str = "numpy",
    out: str | Path | None = None,
    *,
    reduction: str = "mean",
    layout: str = "columns",
    dtype: str = "float64",
    unroll: bool = False,
    prefix: str = "net_",
    weights: str | Path | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Derive, verify and write the gradient of a dense network with ``sizes`` units in its layers.

    ``activation`` is a name (sigmoid, tanh, relu, leaky-relu, softplus, gelu, identity; softmax in the last layer;
    those of torch.nn and jax.nn that work entry by entry) or an expression in z such as ``z/(1+exp(-z))``; or one for
    the hidden layers and one for the last; or one for each layer but the first. ``cost`` is quadratic, cross-entropy or
    log-likelihood, another name, or an expression in a and y such as ``(a-y)**2``: what one output costs. ``to`` is
    numpy, jax, torch, c or latex. The cost of a batch is the mean or the sum over its examples, which are the columns
    or the rows of x and y. With ``unroll``, a small net is written out in scalars, for one example. ``out`` is the file
    to write, if any. Names in C begin with ``prefix``. ``weights`` is a file of trained parameters, .npz with the
    arrays w2, b2, w3, ... in the layout of the program, which are written into it: as ``trained`` in Python, and as a
    constant in C.

    CannotRun where that makes no program, or a package is missing; ``Failed`` where the program does not hold what was
    proved: nothing is written then.
    """
    _check(to=to, reduction=reduction, layout=layout, dtype=dtype)
    spec = _spec(sizes, activation, cost, reduction, layout, dtype)
    chosen = named(_backend(to, unroll=unroll), prefix, trained(spec, weights))
    place = None if out is None else _place(Path(out))  # now, and not after the verification
    steps = iter(range(1, 100))

    def report(what: str) -> None:
        if progress is not None:
            progress(what, next(steps), 4)

    report("derive the equations")
    try:
        program = compile_program(spec)
        draft = chosen.write(program, ())
    except ValueError as error:
        raise CannotRun(str(error)) from None
    try:
        checks = tuple(verify(program, chosen, draft, report))
    except NoValue as error:
        raise CannotRun(str(error)) from None
    text = chosen.write(program, [check.words for check in checks])
    return Exported(program, to, text, checks, _written(text, out, place), unroll)


def _check(**given: str) -> None:
    for name, value in given.items():
        if value not in CHOICES[name]:
            kind = "target" if name == "to" else name
            raise CannotRun(unknown(kind, value, CHOICES[name]))


def _spec(sizes: Sequence[int], activation: str | Sequence[str], cost: str, *others: str) -> Spec:
    try:
        widths = check_sizes(sizes)
        chosen = activations.activations(_for_each_layer(activation, len(widths) - 1), len(widths) - 1)
        row = costs.cost(cost)
        misfit = activations.fits(chosen[-1], row)
    except ValueError as error:
        raise CannotRun(str(error)) from None
    if misfit:
        raise CannotRun(misfit)
    return Spec(widths, chosen, row.name, *others)


def _for_each_layer(activation: str | Sequence[str], count: int) -> list[str]:
    """Two stand for the hidden layers and the last one."""
    texts = list(activation) if isinstance(activation, Iterable) and not isinstance(activation, str) else [activation]
    for text in texts:
        if not (isinstance(text, str) and text.strip()):
            raise ValueError(f"an activation is a name, such as sigmoid, or a formula in z, and not {text!r}")
    if count == 1 < len(texts):
        raise ValueError(f"{len(texts)} activations for 1 layer: give one")
    return [texts[0]] * (count - 1) + texts[1:] if len(texts) == 2 and count > 2 else texts


def _backend(to: str, *, unroll: bool) -> Backend:
    found = unrolled(to) if unroll else backend(to)
    if found is None:
        raise CannotRun(f"nothing is unrolled for {to}: numpy and c can be")
    return found


def _written(text: str, out: str | Path | None, place: Path | None) -> str | None:
    if out is None or place is None:
        return None
    with together([place]) as [draft]:
        draft.write_text(text, encoding="utf-8")
    return Path(out).as_posix()


def _place(path: Path) -> Path:
    """Where the file goes, which is where a link leads; CannotRun where it cannot be written."""
    try:
        place = path.resolve() if path.is_symlink() else path
        if place.exists() and not place.is_file():
            raise CannotRun(f"cannot write to {path}: it is no file, such as net.py")
        folder = next(folder for folder in place.absolute().parents if folder.exists())
        with tempfile.TemporaryFile(dir=folder):
            return place
    except RuntimeError:  # of Python before 3.13
        raise CannotRun(f"cannot write to {path}: the link leads to itself") from None
    except OSError as error:
        raise CannotRun(f"cannot write to {path}: {(error.strerror or str(error)).lower()}") from None


__all__ = ["Exported", "export"]
