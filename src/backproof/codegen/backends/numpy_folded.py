"""The same for a tiny net, where each call of NumPy counts: the bias is folded into the product.

z = w a + b is (w b) (a; 1): the parameters are copied into one matrix, and the activations have a row of ones. One
product then gives the weighted inputs, and one the derivatives by weights and biases together. With rows for examples
everything is transposed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...surface.terms import Member
from ..program import Assignment, Program
from .numpy_writer import Writer


class Folded(Writer):
    """Writes the lines of one program for a tiny net; ``alone`` if it does one example in plain numbers besides."""

    def __init__(self, program: Program, *, alone: bool) -> None:
        super().__init__(program)
        self.alone = alone

    def name(self, e: Member) -> str:
        """What the array is called. The weighted inputs are where the errors will be, if nobody needs them then."""
        if e.family == "z" and e.indices and int(e.indices[0]) not in self.keeps_z:
            return f"delta{int(e.indices[0])}"
        return super().name(e)

    def preparation(self) -> Iterator[str]:
        for layer in range(2, self.last + 1):
            yield f"own_w{layer}[...] = w{layer}"
            yield f"own_b{layer}[...] = b{layer}"
        yield "own_x[...] = x"

    def forward(self, line: Assignment) -> list[str]:
        layer = line.layer
        if line.target.family == "z":
            below = f"a{layer - 1}_1" if layer > 2 else "x_1"
            z = self.name(Member("z", layer))
            return [f"dot({below}, wb{layer}, {z})" if self.rows else f"dot(wb{layer}, {below}, {z})"]
        if self.spec.activation(layer).name == "identity":
            return [f"copyto(a{layer}, {self.name(Member('z', layer))})"]
        return super().forward(line)

    def backward(self, line: Assignment) -> list[str]:
        layer = line.layer
        if line.label == "BP3":  # together with BP4
            return []
        if line.label == "BP4":
            below = f"a{layer - 1}_1" if layer > 2 else "x_1"
            pair = f"{below}.T, delta{layer}" if self.rows else f"delta{layer}, {below}.T"
            return [f"dot({pair}, nabla{layer})"]
        return [
            call.replace("product(w", "dot(own_w")
            .replace(", w", ", own_w")
            .replace("product(", "dot(")
            .replace("scale(", "multiply(")
            for call in super().backward(line)
        ]

    def workspace(self) -> Iterator[tuple[str, str, str]]:
        yield from self.shared()
        if self.alone:
            yield "", "flat", f"self.flat = np.empty({self.spec.parameters}, DTYPE)"
        yield "ways", "x_1", self.with_ones(1)
        yield "ways", "own_x", self.without_ones("x_1", 1)
        start = 0
        for layer in range(2, self.last + 1):
            group, of_results = f"layer{layer}", f"results{layer}"
            yield group, f"wb{layer}", f"np.empty({self.augmented(layer)}, DTYPE)"
            yield group, f"own_w{layer}", self.part_of_weights(f"wb{layer}", layer)
            yield group, f"own_b{layer}", self.part_of_biases(f"wb{layer}", layer)
            yield from ((group, *pair) for pair in self._of_layer(layer))
            yield from ((group, name, self.units(at)) for name, at in self.calls.spares.items() if at == layer)
            rows, columns = self.augmented(layer)
            end = start + rows * columns
            part = f"flat[{start}:{end}].reshape({rows}, {columns})"
            yield of_results, f"nabla{layer}", part if self.alone else f"np.empty({rows, columns}, DTYPE)"
            yield of_results, f"nabla_w{layer}", self.part_of_weights(f"nabla{layer}", layer)
            yield of_results, f"nabla_b{layer}", self.part_of_biases(f"nabla{layer}", layer)
            start = end

    def shared(self) -> Iterator[tuple[str, str, str]]:
        yield from (line for line in super().shared() if line[1] != "scale")

    def fresh(self) -> Iterator[str]:
        yield from ()

    def kept(self) -> Iterator[str]:
        """All results are copied: they are few."""
        for layer in range(2, self.last + 1):
            yield f"nabla_w{layer}, nabla_b{layer} = nabla_w{layer}.copy(), nabla_b{layer}.copy()"

    def _of_layer(self, layer: int) -> Iterator[tuple[str, str]]:
        if layer < self.last:
            yield f"a{layer}_1", self.with_ones(layer)
            yield f"a{layer}", self.without_ones(f"a{layer}_1", layer)
        else:
            yield f"a{layer}", self.units(layer)
        names = ["z"] * (layer in self.keeps_z) + ["delta"] + ["slope"] * self.uses_slope(layer)
        yield from ((f"{name}{layer}", self.units(layer)) for name in names)

    def units(self, layer: int) -> str:
        size = self.spec.sizes[layer - 1]
        return f"np.empty({f'(m, {size})' if self.rows else f'({size}, m)'}, DTYPE)"

    def with_ones(self, layer: int) -> str:
        """A place for each unit and example, and a one for each example."""
        size = self.spec.sizes[layer - 1] + 1
        return f"np.ones((m, {size}), DTYPE)" if self.rows else f"np.ones(({size}, m), DTYPE)"

    def without_ones(self, name: str, layer: int) -> str:
        size = self.spec.sizes[layer - 1]
        return f"{name}[:, :{size}]" if self.rows else f"{name}[:{size}]"

    def augmented(self, layer: int) -> tuple[int, int]:
        """The shape of the weights with the biases."""
        rows, columns = self.spec.sizes[layer - 1], self.spec.sizes[layer - 2] + 1
        return (columns, rows) if self.rows else (rows, columns)

    def part_of_weights(self, name: str, layer: int) -> str:
        size = self.spec.sizes[layer - 2]
        return f"{name}[:{size}]" if self.rows else f"{name}[:, :{size}]"

    def part_of_biases(self, name: str, layer: int) -> str:
        size = self.spec.sizes[layer - 2]
        return f"{name}[{size}]" if self.rows else f"{name}[:, {size}:]"
