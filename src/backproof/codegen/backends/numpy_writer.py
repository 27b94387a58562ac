"""The lines of a NumPy module: calls that write into arrays that exist, each with its equation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Integer

from ...surface.terms import Apply, Dot, Hadamard, Member
from ..infix import equation, identifier
from ..lines import bracketed, comment
from ..program import Assignment, Program
from ..ufuncs import Calls


class Writer:
    """Writes the lines of one program."""

    def __init__(self, program: Program) -> None:
        self.program, self.spec = program, program.spec
        self.rows = self.spec.layout == "rows"
        self.last = self.spec.depth
        lines = [*program.slopes, *(line for line in program.backward if line.label == "BP1")]
        self.keeps_z = {line.layer for line in lines if mentions(_without_slopes(line.value), "z")}
        self.calls = Calls(self.name, self.slope, "total", 1 if self.rows else 0)

    # Names.

    def name(self, e: Member) -> str:
        """What the array is called. An activation takes the place of a weighted input that nobody needs again."""
        if not e.indices or e.family in ("x", "y"):
            return "ones" if e.family == "one" else e.family
        layer = int(e.indices[0])
        if e.family == "a" and layer == 1:
            return "x"
        if e.family == "z" and layer not in self.keeps_z:
            return f"a{layer}"
        return f"{e.family}{layer}"

    @staticmethod
    def slope(e: Apply) -> str:
        """The array of the slopes f'(z)."""
        [z] = e.args[1].atoms(Member)
        return f"slope{int(z.indices[0])}"

    # Lines.

    def product(self, e: Dot, out: str) -> str:
        """A matrix product; with rows for examples, the product of the transposes the other way round."""
        left, right = reversed(e.args) if self.rows else e.args
        return f"product({self._operand(left)}, {self._operand(right)}, {out})"

    def _operand(self, e: Any) -> str:
        return self.name(e) if isinstance(e, Member) else f"{self._operand(e.args[0])}.T"

    def weighted(self, line: Assignment) -> tuple[Dot, str]:
        """The product in z[l] = w[l] a[l-1] + b[l], and the name of the bias."""
        product, bias = sorted(line.value.args, key=lambda e: not isinstance(e, Dot))
        return product, self.name(bias.args[0])

    def forward(self, line: Assignment) -> list[str]:
        """z[l] = w[l] a[l-1] + b[l], or a[l] = f(z[l]), into the arrays of the workspace."""
        z, a = (self.name(Member(family, line.layer)) for family in ("z", "a"))
        if line.target.family == "z":
            product, bias = self.weighted(line)
            return [self.product(product, z), f"add({z}, {bias}, {z})"]
        name = self.spec.activation(line.layer).name
        spare = f"delta{line.layer}, " if name == "sigmoid" else ""  # which is not yet in use
        return [] if name == "identity" else [f"{identifier(name)}({z}, {spare}{a})"]

    def forward_fresh(self, line: Assignment) -> list[str]:
        """The same into new arrays, which are all kept."""
        layer = line.layer
        if line.target.family == "z":
            product, bias = self.weighted(line)
            left, right = reversed(product.args) if self.rows else product.args
            of = {f"a{layer - 1}": "x"} if layer == 2 else {}
            names = [
                of.get(f"a{layer - 1}", f"a{layer - 1}") if e.family == "a" else self.name(e) for e in (left, right)
            ]
            return [f"z{layer} = dot({names[0]}, {names[1]})", f"add(z{layer}, {bias}, z{layer})"]
        name, new = self.spec.activation(layer).name, f"empty_like(z{layer})"
        spare = f"{new}, " if name == "sigmoid" else ""
        return [f"a{layer} = " + (f"z{layer}" if name == "identity" else f"{identifier(name)}(z{layer}, {spare}{new})")]

    def backward(self, line: Assignment) -> list[str]:
        """BP1 to BP4, into the arrays of the workspace."""
        out = OUT[line.label].format(line.layer)
        if line.label == "BP1":
            return [*self._slope(line.layer), *self._elementwise(self._without_trivial(line.value), out, line.layer)]
        if isinstance(line.value, Hadamard):
            product, slope = line.value.args
            lines = [self.product(product, out), *self._slope(line.layer)]
            return (
                lines
                if self.program.slope[line.layer].value == 1
                else [*lines, f"multiply({out}, {self.slope(slope)}, {out})"]
            )
        call = self.product(line.value, out)
        return [call.replace("product", "sum_up" if line.label == "BP3" else "outer", 1)]

    def _slope(self, layer: int) -> list[str]:
        line = self.program.slope.get(layer)
        if line is None or line.value == 1 or not self.uses_slope(layer):
            return []
        return self._elementwise(line.value, f"slope{layer}", layer)

    def uses_slope(self, layer: int) -> bool:
        """Whether f'(z[layer]) is computed: in the last layer it may have cancelled."""
        [error] = [line for line in self.program.backward if line.layer == layer and line.label in ("BP1", "BP2")]
        slope = self.program.slope.get(layer)
        return slope is not None and slope.value != 1 and any(e.args[2] == 1 for e in error.value.atoms(Apply))

    def _without_trivial(self, e: Any) -> Any:
        """BP1 with 1 for the slope of the identity."""
        trivial = {line.target.args[0]: 1 for line in self.program.slopes if line.value == 1}
        return e.replace(
            lambda part: isinstance(part, Apply) and part.args[2] == 1 and part.args[0] in trivial, lambda _: Integer(1)
        )

    def _elementwise(self, e: Any, out: str, layer: int) -> list[str]:
        self.calls.lines, self.calls.layer = [], layer
        self.calls.into(e, out)
        return self.calls.lines

    # Blocks of lines, each with its equation.

    def preparation(self) -> Iterator[str]:
        """What comes before the forward pass."""
        yield from ()

    def forward_pass(self) -> Iterator[str]:
        """Into fresh arrays, which keep the weighted inputs."""
        for line in self.program.forward[1:]:
            yield from commented(self.forward_fresh(line), self.comment(line))

    def gradient(self) -> Iterator[str]:
        """Into the arrays of the workspace."""
        yield from self.preparation()
        for line in self.program.forward[1:]:
            yield from commented(self.forward(line), self.comment(line))
        for line in self.program.backward:
            yield from self._commented_backward(line)

    def _commented_backward(self, line: Assignment) -> Iterator[str]:
        slope = self._slope(line.layer) if line.label in ("BP1", "BP2") else []
        lines = self.backward(line)
        if not slope:
            yield from commented(lines, self.comment(line))
            return
        at = lines.index(slope[0])
        before, after = lines[:at], lines[at + len(slope) :]
        of_slope = equation(self.program.slope[line.layer], self.spec.layout)
        yield from commented([*before, *slope, *after], f"{self.comment(line)}, where {of_slope}")

    def comment(self, line: Assignment) -> str:
        """Such as BP2: δ² = (w³ᵀ δ³) ⊙ σ′(z²)."""
        label = f"{line.label}: " if line.label.startswith("BP") else ""
        return label + equation(line, self.spec.layout)

    # The workspace.

    def workspace(self) -> Iterator[tuple[str, str, str]]:
        """The group, the names and what makes them, of the arrays and of what works with them."""
        yield "", "plain", "way is matmul"
        yield "ways", "product", 'way if plain or units == "C" else _turned'
        yield "ways", "outer", 'way if plain or nablas == "C" else _turned'
        yield "ways", "sum_up", "_nothing if m == 1 else dot"
        yield "ways", "ones", f"np.ones({'m' if self.rows else '(m, 1)'}, DTYPE)"
        yield from self.shared()
        for layer in range(2, self.last + 1):
            group = f"layer{layer}"
            names = ["z"] * (layer in self.keeps_z) + ["a", "delta"] + ["slope"] * self.uses_slope(layer)
            yield from ((group, f"{name}{layer}", self.units(layer)) for name in names)
            yield from ((group, name, self.units(at)) for name, at in self.calls.spares.items() if at == layer)
            yield group, f"nabla_w{layer}", f"_new({', '.join(map(str, self.of_weights(layer)))}, nablas)"
            bias = f"np.empty({self.of_biases(layer)}, DTYPE)"
            yield group, f"nabla_b{layer}", f"delta{layer}{'[0]' * self.rows} if m == 1 else {bias}"

    def shared(self) -> Iterator[tuple[str, str, str]]:
        """What belongs to no layer."""
        if self.calls.sums:
            yield "ways", "total", f"np.empty({'(m, 1)' if self.rows else '(1, m)'}, DTYPE)"
        if self.spec.reduction == "mean":
            yield "ways", "share", "np.array(1 / m, DTYPE)"
            yield "ways", "scale", "_nothing if m == 1 else multiply"

    def made(self) -> Iterator[str]:
        """The lines that make the workspace."""
        for _, name, value in self.workspace():
            yield f"{name}{': Callable[..., Any]' if name in CALLABLE else ''} = {value}"
        for group, names in self.groups().items():
            yield from _tuple(f"self.{group} = ", names, "", width=80)

    def taken(self) -> Iterator[str]:
        """The lines that read it."""
        for group, names in self.groups().items():
            yield from _tuple("", names, f" = work.{group}", width=84)

    def groups(self) -> dict[str, list[str]]:
        """The names by their group, without those that only make others."""
        found: dict[str, list[str]] = {}
        for group, name, _ in self.workspace():
            if group:
                found.setdefault(group, []).append(name)
        return found

    def fresh(self) -> Iterator[str]:
        """What makes arrays to give away, where no workspace is given."""
        yield from (f"nabla_w{layer} = empty_like(nabla_w{layer})" for layer in range(2, self.last + 1))

    def kept(self) -> Iterator[str]:
        """What makes them in the end."""
        yield from (f"nabla_b{layer} = nabla_b{layer}.copy()" for layer in range(2, self.last + 1))

    def units(self, layer: int) -> str:
        """A new array with a place for each unit and example."""
        size = self.spec.sizes[layer - 1]
        return f"new(m, {size})" if self.rows else f"new({size}, m)"

    def of_weights(self, layer: int) -> tuple[int, ...]:
        """The shape of w[layer]."""
        rows, columns = self.spec.sizes[layer - 1], self.spec.sizes[layer - 2]
        return (columns, rows) if self.rows else (rows, columns)

    def of_biases(self, layer: int) -> tuple[int, ...]:
        """The shape of b[layer]."""
        return (self.spec.sizes[layer - 1],) if self.rows else (self.spec.sizes[layer - 1], 1)

    def of_data(self, layer: int) -> str:
        """The shape of what has a value for each unit of a layer and each example."""
        size = self.spec.sizes[layer - 1]
        return f"(m, {size})" if self.rows else f"({size}, m)"


OUT = {"BP1": "delta{}", "BP2": "delta{}", "BP3": "nabla_b{}", "BP4": "nabla_w{}"}


def _without_slopes(e: Any) -> Any:
    """``e`` without the f'(z) in it."""
    return e.xreplace({part: Integer(0) for part in e.atoms(Apply) if part.args[2] == 1})


def mentions(e: Any, family: str) -> bool:
    """Whether a quantity of the family is in ``e``."""
    return any(member.family == family for member in e.atoms(Member))


def commented(lines: list[str], equation: str) -> list[str]:
    """The lines below their equation."""
    return [*comment(equation), *lines]


def _tuple(before: str, names: list[str], after: str, *, width: int) -> list[str]:
    """A tuple of names, to be assigned to or from."""
    if len(names) > 1 and len(line := f"{before}{', '.join(names)}{after}") <= width:
        return [line]
    return bracketed(f"{before}(", names, after, width)


CALLABLE = ("product", "outer", "sum_up", "scale")
