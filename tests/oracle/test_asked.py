import subprocess
import sys

from backproof.networks import dense
from backproof.oracle import asked, evidence, exact
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import C, D, b, delta, j, l

STATEMENT = dense(), D(C, b[l, j]), -delta[l, j], where_all_exists(b[l, j])


def test_what_is_told_is_what_the_judges_say():
    assert asked.gather(*STATEMENT) == evidence.gather(*STATEMENT)
    assert asked.told(*STATEMENT) == tuple(found.as_dict() for found in evidence.gather(*STATEMENT))
    assert asked.exactly(*STATEMENT) == exact.judge(*STATEMENT)


def test_the_judges_are_imported_when_they_are_asked():
    code = "import sys, backproof.proving; assert not {'numpy', 'backproof.oracle.exact'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)
