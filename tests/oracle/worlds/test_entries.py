import pytest

from backproof.networks import batch, dense
from backproof.oracle.worlds.entries import Elaboration
from backproof.oracle.worlds.exists import OPEN, Exists, where_all_exists
from backproof.oracle.worlds.terms import free, members, replaced
from backproof.oracle.worlds.verdicts import Malformed, Unsupported
from backproof.surface.terms import C, D, Dot, Hadamard, L, Transposed, a, b, delta, j, k, l, n, sigma, total, w, z


def dimensions(e, net=None):
    return Elaboration(net or dense()).read(e).dimensions


def test_dimensions():
    assert dimensions(w[l + 1]) == ((1, n(l + 1)), (1, n(l)))
    assert dimensions(delta[L]) == ((1, n(L)),)
    assert dimensions(D(C, w[l])) == dimensions(w[l])
    assert dimensions(D(a[l], z[l])) == ((1, n(l)), (1, n(l)))
    assert dimensions(Dot(Transposed(w[l]), delta[l])) == ((1, n(l - 1)),)
    assert len(dimensions(z[l], batch())) == 2
    assert dimensions(a[l, j]) == ()


def test_entries():
    entries = Elaboration(dense()).read(Hadamard(sigma(z[l]), 1 - a[l]))
    assert entries.at((j,)) == sigma(z[l, j]) * (1 - a[l, j])
    transposed = Elaboration(dense()).read(Transposed(w[l]))
    assert transposed.at((j, k)) == w[l, k, j]


def test_what_has_to_fit_is_kept():
    elaboration = Elaboration(dense())
    elaboration.read(b[l] + a[l - 1])
    [clash] = elaboration.clashes
    assert {clash.one[1], clash.other[1]} == {n(l), n(l - 1)}
    elaboration.read(b[l] + a[l])
    assert len(elaboration.clashes) == 1


@pytest.mark.parametrize(
    ("e", "error", "why"),
    [
        (w[l, 1, 1, 1], Malformed, "too many indices"),
        (w[l] * delta[l], Malformed, "neither"),
        (w[l] + delta[l], Malformed, "entries"),
        (Transposed(delta[l]), Unsupported, "rows"),
        (delta[l] ** 2, Unsupported, "power"),
        (D(C, a[l] + b[l]), Unsupported, "no quantity"),
    ],
)
def test_what_cannot_be_read(e, error, why):
    with pytest.raises(error, match=why):
        Elaboration(dense()).read(e)


def test_replacing_does_not_capture():
    assert replaced(D(C, w[l, j, k]), {j: k, k: j}) == D(C, w[l, k, j])
    e = replaced(total(w[l, j, k], k, l), {j: k})
    assert free(e) == {l, k}
    assert e.args[0] == w[l, k, e.args[1]]


def test_where_all_exists():
    found = where_all_exists(delta[l, j], total(w[l + 1, k, j] * a[1, k], k, l))
    assert Exists(delta[l, j]) in found
    assert Exists(w[l + 1, OPEN, j]) in found
    assert [m.args[0].name for m in members(total(a[1, k], k, l))] == []
