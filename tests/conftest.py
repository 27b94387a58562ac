"""What all tests share: one Hypothesis profile, and golden files with one command that updates them."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

GOLDEN = Path(__file__).parent / "golden"

# Terms are kept: to look through all of them for cycles takes a sixth of the time.
gc.set_threshold(200_000, 20, 100)

settings.register_profile("backproof", deadline=None, print_blob=True)
settings.load_profile("backproof")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request):
    """``golden(name, text)``: text is what the file tests/golden/NAME has, or becomes it with --update-golden."""

    def compare(name, text):
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}: pytest --update-golden makes it"
        assert text == path.read_text(encoding="utf-8"), f"{name} differs: if it should, pytest --update-golden"

    return compare
