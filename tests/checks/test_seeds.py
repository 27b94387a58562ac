"""Four public pages, as text was extracted from them, where they are: slips are found, and nothing else is accused."""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof import checking
from backproof.checking import Checked, Claim

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
NG = {"notation": "ng", "letters": {"weight": "w"}}
E_AND_F = {"letters": {"cost": "E", "sigma": "f"}}

#: Of each page: how it is read, what is wrong by lines, and how much is not judged at most.
PAGES = {
    # The sums are left out "for looks".
    "000": ({}, {15: ["malformed"] * 3}, 2),
    # w_20 for w_10; y_ik for y_ij; a fraction in which ∂ stands behind the sum; two without the ∂ in their
    # denominators; a matrix that is not transposed.
    "001": (
        NG,
        {13: ["malformed"], 26: ["refuted"], 33: ["malformed"], 41: ["malformed"] * 2, 62: ["refuted"]},
        10,
    ),
    # Minus signs that got lost, of a difference and of two steps; the layers of the steps; a product of two columns.
    "002": ({"inline": True}, {58: ["malformed"], 148: ["malformed"], 150: ["malformed"] * 2}, 8),
    "003": (E_AND_F, {}, 1),
}


def checked(name: str, **said: object) -> Checked | None:
    """The page, judged, where it is."""
    for path in SEEDS.glob(f"{name}_*.txt"):
        return checking.check([str(path)], jobs=2, **said)[0]  # type: ignore[arg-type]
    return None


def at(found: Checked, line: int) -> list[Claim]:
    return [claim for claim in found.claims if claim.says["line"] == line]


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest) -> tuple[str, Checked | None]:
    return request.param, checked(request.param, **PAGES[request.param][0])


def test_what_is_wrong_is_found_and_nothing_else(page: tuple[str, Checked | None]) -> None:
    name, found = page
    if found is None:
        return
    _, wrong, unknown = PAGES[name]
    lines = dict[int, list[str]]()
    for claim in found.claims:
        if claim.verdict in checking.WRONG:
            lines.setdefault(claim.says["line"], []).append(claim.verdict)
    assert lines == wrong
    assert found.summary["unknown"] <= unknown


def test_reasons(page: tuple[str, Checked | None]) -> None:
    name, found = page
    if name != "002" or found is None:
        return
    assert all("layer L is left out" in c.says["reason"] for c in at(found, 150) if c.verdict == "malformed")
    assert {c.verdict for c in at(found, 168)} == {"proved"}
    assert sum("x = 1, y = 0 is said before" in c.says["assumed"] for c in at(found, 168)) == 2
