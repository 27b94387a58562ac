"""One description, two renderings."""

import xml.etree.ElementTree as ET

import pytest

from backproof.networks import dense
from backproof.notation.profiles import NOTATIONS, for_network
from backproof.report import translated
from backproof.report.figures import FIGURES, net
from backproof.report.plots import PLOTS

DRAWING = FIGURES["five_layers"]
NETS = [net(for_network(row, dense())) for row in NOTATIONS.values()]


def test_the_paths_of_the_weight_are_marked():
    starts = {edge[0] for edge in DRAWING.marked}
    assert [edge for edge, _ in DRAWING.tags] == [((3, 1), (4, 1))]
    assert starts == {(3, 1), (4, 1), (5, 1), (5, 2)}
    assert set(DRAWING.marked) <= set(DRAWING.edges)


@pytest.mark.parametrize("drawing", [DRAWING, *NETS])
def test_both_renderings_have_all_of_it(drawing):
    tikz, svg = drawing.tikz(), ET.fromstring(drawing.svg())
    names = [element.tag.rpartition("}")[2] for element in svg]
    notes = len(drawing.notes)
    assert tikz.count(r"\node[") - notes == names.count("circle") == len(drawing.nodes)
    assert tikz.count(r"\draw[") == names.count("line") == len(drawing.edges)
    assert tikz.count("very thick") == drawing.svg().count('"2.6"') == len(drawing.marked)
    assert tikz.count(r"\path") == len(drawing.tags)


@pytest.mark.parametrize("drawing", [DRAWING, *NETS])
def test_nothing_is_drawn_outside_of_the_picture(drawing):
    svg = ET.fromstring(drawing.svg())
    *_, width, height = map(float, svg.attrib["viewBox"].split())
    for element in svg:
        if element.tag.endswith("circle"):
            assert 23 < float(element.attrib["cx"]) < width - 23
            assert 23 < float(element.attrib["cy"]) < height - 23
        if element.tag.endswith("text"):
            assert 0 < float(element.attrib["x"]) < width
            assert 0 < float(element.attrib["y"]) < height


@pytest.mark.parametrize("drawing", [DRAWING, *NETS])
def test_a_picture_says_what_is_on_it(drawing):
    assert drawing.said in drawing.svg()


# Curves.


@pytest.mark.parametrize("plot", PLOTS.values(), ids=list(PLOTS))
def test_a_plot_is_in_both_renderings_and_inside_of_them(plot):
    tikz, svg = plot.tikz(), ET.fromstring(plot.svg())
    lines = [element for element in svg if element.tag.endswith("polyline")]
    assert tikz.count("plot coordinates") == len(lines) == len(plot.curves)
    *_, width, height = map(float, svg.attrib["viewBox"].split())
    for line in lines:
        points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert all(0 <= value <= plot.top for curve in plot.curves for _, value in plot.points(curve))


def test_the_slope_that_is_drawn_is_the_derivative():
    function, slope = PLOTS["activations"].curves
    for z in (-3.0, 0.0, 1.5):
        quotient = (function.value(z + 1e-6) - function.value(z - 1e-6)) / 2e-6
        assert slope.value(z) == pytest.approx(quotient, rel=1e-6)


def test_a_plot_has_the_letters_of_the_notation():
    shown = PLOTS["activations"].lettered(lambda formula: translated.formula(formula, NOTATIONS["ng"]))
    assert [curve.label for curve in shown.curves] == ["g(z)", "g'(z)"]
    assert "sigma" not in shown.caption
