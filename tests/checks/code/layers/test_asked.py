"""One layer, as the command line names it: in the schema of programs, and printed."""

import json
from pathlib import Path

import jsonschema
import pytest

from backproof import examining, findings
from backproof.checks.code.layers.asked import asked

SCHEMA = json.loads((Path(examining.__file__).parent / "schemas/check-code.schema.json").read_text(encoding="utf-8"))
RIGHT = "def silu_backward(dy, x):\n    s = 1 / (1 + np.exp(-x))\n    return dy * s * (1 + x * (1 - s))\n"


@pytest.mark.parametrize(
    ("old", "new", "overall", "factor"),
    [("", "", "ok", None), ("return dy", "return 2 * dy", "scale", 2.0), ("return dy", "return -dy", "wrong", -1.0),
     ("return dy", "return 0 * dy", "wrong", 0.0)],
)  # fmt: skip
def test_a_constant_factor_is_a_number(tmp_path, old, new, overall, factor):
    file = tmp_path / "silu.py"
    file.write_text("import numpy as np\n\n\n" + RIGHT.replace(old, new), encoding="utf-8")
    says = asked(f"{file}:silu_backward", "silu", 60)
    jsonschema.validate(says, SCHEMA)
    [row] = [row for row in says["findings"] if row["parameter"] == "dx"]
    assert row["factor"] == factor
    assert says["overall"] == overall
    assert ("times the right one" in findings.text(says)) == (factor is not None)
