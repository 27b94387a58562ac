"""One description, two renderings."""

import xml.etree.ElementTree as ET

import pytest

from backproof.networks import dense
from backproof.notation.profiles import NOTATIONS, for_network
from backproof.report.figures import FIGURES, net

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
