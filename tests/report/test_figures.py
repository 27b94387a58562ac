"""One description, two renderings."""

import xml.etree.ElementTree as ET

from backproof.report.figures import FIGURES

DRAWING = FIGURES["five_layers"]


def test_the_paths_of_the_weight_are_marked():
    starts = {edge[0] for edge in DRAWING.marked}
    assert DRAWING.tag[0] == ((3, 1), (4, 1))
    assert starts == {(3, 1), (4, 1), (5, 1), (5, 2)}
    assert set(DRAWING.marked) <= set(DRAWING.edges)


def test_both_renderings_have_all_of_it():
    tikz, svg = DRAWING.tikz(), ET.fromstring(DRAWING.svg())
    names = [element.tag.rpartition("}")[2] for element in svg]
    assert tikz.count(r"\node[") == names.count("circle") == len(DRAWING.nodes) == 12
    assert tikz.count(r"\draw[") == names.count("line") == len(DRAWING.edges) == 18
    assert tikz.count("very thick") == DRAWING.svg().count(b"2.6") == len(DRAWING.marked)


def test_nothing_is_drawn_outside_of_the_picture():
    svg = ET.fromstring(DRAWING.svg())
    *_, width, height = map(float, svg.attrib["viewBox"].split())
    for element in svg:
        if element.tag.endswith("circle"):
            assert 23 < float(element.attrib["cx"]) < width - 23
            assert 23 < float(element.attrib["cy"]) < height - 23
