"""Every Setting makes a network, the exact judge knows what is true of it, and what is no Setting is refused."""

from dataclasses import fields, replace
from itertools import combinations, product

import pytest
from sympy import Integer, Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import definition, sifting
from backproof.networks import (
    ACTIVATIONS,
    COSTS,
    A,
    Activation,
    Cost,
    Setting,
    Y,
    batch,
    bias_unit,
    dense,
    dense_network,
    readings,
    u,
)
from backproof.networks.setting import BIASES, PENALTIES, TARGETS
from backproof.oracle import brute_force, exact, numeric
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Kron,
    L,
    M,
    Member,
    NonNegative,
    Total,
    a,
    delta,
    exp,
    i,
    j,
    k,
    l,
    m,
    p,
    sigma_prime,
    total,
    y,
    z,
)  # fmt: skip

OWN = Activation("f", exp(u) * u, "exp(z)*z")
SQUARED = Cost("squared", 3 * (A - Y) ** 2, 6 * (A - Y))

EXAMPLES = (("one", None), ("M", "mean"), ("M", "sum"))
ACTIVATION = (None, "sigmoid", ("tanh", "identity"), (None, "softmax"), (OWN, "sigmoid"))
COST = (None, *COSTS, SQUARED)
EVERY = [
    Setting(None, None, activation, cost, bias, examples, reduction, penalty, targets)
    for activation, cost, bias, (examples, reduction), penalty, targets in product(
        ACTIVATION, COST, BIASES, EXAMPLES, (None, *PENALTIES), TARGETS
    )
    if penalty != "l2/M" or examples == "M"
]


def pairs(setting):
    """Each two fields of it, with their values."""
    return set(combinations([(field.name, getattr(setting, field.name)) for field in fields(setting)], 2))


def covering(settings):
    """Few of them, in which each two fields have each two values that they have together in any."""
    missing, chosen = set().union(*map(pairs, settings)), []
    while missing:
        chosen.append(max(settings, key=lambda setting: len(pairs(setting) & missing)))
        missing -= pairs(chosen[-1])
    return chosen


class Page:
    """The quantities of a Setting as its reader writes them, and what is true of them."""

    def __init__(self, setting):
        self.setting, self.net = setting, dense_network(setting)
        self.own = (i,) if setting.many else ()
        self.cost = Member("Cx", *self.own) if setting.many or setting.penalty else C

    def at(self, family, *indices):
        return Member(family, *indices, *self.own)

    def over_examples(self, e):
        return Total(e, i, 1, M) / (M if self.setting.reduction == "mean" else 1) if self.setting.many else e

    def decay(self, weight):
        """What the penalty adds to the derivative by a weight."""
        return {None: 0, "l2": 1, "l2/M": 1 / M}[self.setting.penalty] * Member("lambda") * weight

    def bp1(self):
        last, z = self.setting.depth, self.at("z", L, j)
        through = D(self.cost, self.at("a", last, k)) * D(self.at("a", last, k), z)
        return self.at("delta", L, j), total(through, k, last)

    def bp2(self):
        hidden = self.setting.layers[0][2]
        slope = Apply("sigma" if hidden is None else hidden.name, self.at("z", l, j), 1)
        return self.at("delta", l, j), total(Member("w", l + 1, k, j) * self.at("delta", l + 1, k), k, l + 1) * slope

    def bp3(self):
        bias = Member("b", l, j) if self.setting.bias == "vector" else Member("w", l, j, Integer(0))
        return D(C, bias), self.over_examples(self.at("delta", l, j))

    def bp4(self):
        delta, a = self.at("delta", l, j), self.at("a", l - 1, k)
        return D(C, Member("w", l, j, k)), self.over_examples(delta * a) + self.decay(Member("w", l, j, k))

    @property
    def true(self):
        yield from (self.bp1(), self.bp2(), self.bp4())
        yield from [self.bp3()] if self.setting.bias != "none" else []


#: The weights that are penalised: not that of the bias unit.
WEIGHT = frozenset({NonNegative(k - 1)})


def answer(net, lhs, rhs, judge=exact.judge):
    return judge(net, lhs, rhs, where_all_exists(lhs, rhs) | (WEIGHT if lhs.has(Member("w", l, j, k)) else set())).kind


def shown(setting):
    """A short name: sigmoid-quadratic-vector-one-None-l2-None."""
    activation = "-".join(str(getattr(f, "name", f)) for _, _, f in setting.layers)
    cost = getattr(setting.cost_of_output, "name", None)
    rest = (setting.bias, setting.examples, setting.reduction, setting.penalty, setting.targets)
    return "-".join(map(str, (activation, cost, *rest)))


def has_logarithms(setting):
    """Whether the outputs have the logarithms that the cost needs; else real numbers may show nothing."""
    cost, last = setting.cost_of_output, setting.layers[-1][2]
    return cost is None or cost.outputs is None or (last is not None and last.text == cost.outputs)


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("activation", ACTIVATION, ids=str)
def test_every_setting_makes_a_network(activation, bias):
    """The core accepts it, or ``Network`` would raise."""
    for setting in EVERY:
        if (setting.activation, setting.bias) == (activation, bias):
            net = dense_network(setting)
            assert net is dense_network(replace(setting))
            assert [d.head for d in net.definitions if d.head.family == "C"] == [C]
            errors = [d.body for d in net.definitions if d.head.family == "delta"]
            assert errors == [D(Page(setting).cost, Page(setting).at("z", l, j))]


@pytest.mark.parametrize("setting", covering(EVERY), ids=shown)
def test_what_is_true_of_a_setting_holds_and_twice_that_is_refuted(setting):
    page = Page(setting)
    refuted = {"refuted"} if has_logarithms(setting) else {"refuted", "unsupported"}
    for lhs, rhs in page.true:
        assert answer(page.net, lhs, rhs) == "holds"
        assert answer(page.net, lhs, 2 * rhs) in refuted


@pytest.mark.parametrize("judge", [exact.judge, brute_force.judge, numeric.judge])
@pytest.mark.parametrize("examples", EXAMPLES, ids=str)
def test_the_penalty_and_the_share_of_an_example_are_those_of_the_setting(judge, examples):
    settings = [
        Setting(cost="quadratic", examples=examples[0], reduction=examples[1], penalty=penalty)
        for penalty in (None, *PENALTIES)
        if penalty != "l2/M" or examples[0] == "M"
    ]
    for mine, its in product(settings, repeat=2):
        lhs, rhs = Page(its).bp4()
        if mine == its:
            assert answer(dense_network(mine), lhs, rhs, judge) == "holds"
        elif mine.penalty is not None:  # or there is no lambda
            assert answer(dense_network(mine), lhs, rhs, judge) == "refuted"


@pytest.mark.parametrize("judge", [exact.judge, brute_force.judge, numeric.judge])
@pytest.mark.parametrize("examples", EXAMPLES, ids=str)
def test_targets_sum_to_1_where_that_is_known(judge, examples):
    known = Setting(None, None, (None, "softmax"), "log-likelihood", "vector", *examples, targets="sum to 1")
    page, open_ = Page(known), dense_network(replace(known, targets=None))
    error = page.at("delta", L, j), page.at("a", L, j) - page.at("y", j)
    whole = total(page.at("y", k), k, L), Integer(1)
    for lhs, rhs in (error, whole):
        assert answer(page.net, lhs, rhs, judge) == "holds"
        assert answer(open_, lhs, rhs, judge) == "refuted"


def test_the_kernel_proves_that_targets_sum_to_1():
    net = dense_network(Setting(targets="sum to 1"))
    left = 1 - total(Member("t", m), m, L)
    made = calc(
        net, total(y[k], k, L),
        (total(Member("t", k) + Kron(k, 1) * left, k, L), definition(y[k])),
        (Integer(1), sifting),
    )  # fmt: skip
    assert made.theorem.rhs == 1


def test_an_activation_for_each_layer():
    net = dense_network(Setting(5, None, ("relu", "relu", OWN, "softmax"), "log-likelihood"))
    assert {f.name: f.body for f in net.functions} == {"relu": ACTIVATIONS["relu"].body, "f": OWN.body}
    for layer, name in ((2, "relu"), (3, "relu"), (4, "f")):
        assert answer(net, a[layer, j], Apply(name, z[layer, j])) == "holds"
    assert answer(net, a[4, j], Apply("relu", z[4, j])) == "refuted"
    assert answer(net, a[5, j], exp(z[5, j]) / total(exp(z[5, p]), p, 5)) == "holds"


def test_one_activation_for_all_layers_is_called_sigma():
    assert dense_network(Setting(activation="tanh")) == dense(activation="tanh")
    assert [f.name for f in dense_network(Setting(activation="tanh")).functions] == ["sigma"]
    assert [f.name for f in dense_network(Setting(activation=("tanh", "tanh"))).functions] == ["tanh"]


def test_the_networks_with_names_are_those_of_settings():
    assert dense(cost="quadratic", bias=False) == dense_network(Setting(cost="quadratic", bias="none"))
    assert dense(widths=[2, 3]) == dense_network(Setting(sizes=(2, 3)))
    assert dense(softmax=True) == dense_network(Setting(activation=(None, "softmax")))
    for named, setting, more in (
        (bias_unit(), Setting(bias="unit"), {"h"}),
        (batch(), Setting(examples="M", reduction="mean"), {"eta"}),
    ):
        net = dense_network(setting)
        assert set(named.definitions) > set(net.definitions)
        assert {d.head.family for d in set(named.definitions) - set(net.definitions)} == more


@pytest.mark.parametrize("name", COSTS)
def test_the_gradient_of_a_cost_is_in_its_row(name):
    net = dense_network(Setting(cost=name))
    assert answer(net, D(C, a[L, j]), COSTS[name].gradient_at(a[L, j], y[j])) == "holds"
    assert answer(net, D(C, a[L, j]), COSTS[name].gradient_at(y[j], a[L, j])) == "refuted"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_of_an_activation_is_in_its_row(name):
    net, row = dense(activation=name), ACTIVATIONS[name]
    slope = row.slope_at(row.body.xreplace({u: z[l, j]}), z[l, j])
    assert numeric.judge(net, sigma_prime(z[l, j]), slope, where_all_exists(z[l, j])).kind == "holds"
    assert numeric.judge(net, sigma_prime(z[l, j]), slope + 1, where_all_exists(z[l, j])).kind == "refuted"


def test_readings_find_the_neighbours_in_which_a_statement_is_right():
    setting = Setting(activation="sigmoid", cost="quadratic")
    assert answer(dense_network(setting), delta[L, j], a[L, j] - y[j]) == "refuted"
    right = {
        reading.words
        for reading in readings(setting)
        if answer(dense_network(reading.setting), delta[L, j], a[L, j] - y[j]) == "holds"
    }
    assert right == {"the cost is cross-entropy", "the activation is identity", "the last activation is identity"}


@pytest.mark.parametrize("setting", covering(EVERY), ids=shown)
def test_readings_differ_in_one_field(setting):
    found = readings(setting)
    for reading in found:
        both = [{field.name: getattr(one, field.name) for field in fields(one)} for one in (setting, reading.setting)]
        other = {name for name, value in both[0].items() if both[1][name] != value}
        assert other - {"reduction"} <= {reading.field} or other == {"reduction"} == {reading.field}
        assert other
    assert {reading.field for reading in found} >= {"activation", "cost", "bias", "examples", "penalty", "targets"} - (
        {"examples"} if setting.penalty == "l2/M" else set()
    )
    assert len({reading.setting for reading in found}) == len(found)


REFUSED = {
    "softmax with another last activation": (
        {"activation": ("softmax", "sigmoid")},
        "softmax is for the last layer",
    ),
    "softmax in every layer": ({"activation": "softmax"}, "softmax is for the last layer"),
    "softmax twice": (
        {"activation": ("sigmoid", "softmax", "softmax"), "depth": 4},
        "softmax is for the last layer",
    ),
    "too few activations": ({"activation": ("sigmoid", "tanh", "relu"), "depth": 5}, "3 activations for 4 layers"),
    "too many activations": ({"activation": ("sigmoid", "tanh"), "depth": 2}, "2 activations for 1 layer:"),
    "some activations for any depth": ({"activation": ("sigmoid", "tanh", "relu")}, "3 activations for L - 1 layers"),
    "no such activation": ({"activation": "sigmoidal"}, "'sigmoidal' is not in the table: there are sigmoid, tanh"),
    "no activation at all": ({"activation": 1}, "an activation is a name, such as sigmoid"),
    "two of one name": ({"activation": (OWN, replace(OWN, body=u**2))}, "two activations are called f"),
    "no such cost": ({"cost": "hinge"}, "'hinge' is not in the table: there are quadratic"),
    "no cost at all": ({"cost": abs}, "a cost is a name, such as quadratic"),
    "mean of one example": ({"reduction": "mean"}, "one example has no mean"),
    "sum of one example": ({"reduction": "sum"}, "one example has no sum"),
    "M examples, and no cost of all": ({"examples": "M"}, "the cost of M examples is their mean or their sum"),
    "a number of them": (
        {"examples": "3", "reduction": "mean"},
        "examples '3' is not in the table: there are one, M",
    ),
    "no such reduction": ({"examples": "M", "reduction": "max"}, "reduction 'max' is not in the table"),
    "no such bias": ({"bias": "matrix"}, "bias 'matrix' is not in the table: there are vector, unit, none"),
    "no such penalty": ({"penalty": "l1"}, "penalty 'l1' is not in the table: there are l2, l2/M"),
    "a penalty by M": ({"penalty": "l2/M"}, "with one example there is no M"),
    "no such targets": ({"targets": "positive"}, "targets 'positive' is not in the table"),
    "depth and sizes": ({"depth": 3, "sizes": (2, 2)}, "there are 2 sizes, and 3 layers"),
    "one layer": ({"depth": 1}, "an input layer and at least one more, and not 1"),
    "a depth in words": ({"depth": "deep"}, "the depth is a symbol, or a number of layers"),
    "one size": ({"sizes": (2,)}, r"two layers or more, each at least 1, and not \[2\]"),
    "an empty layer": ({"sizes": (2, 0, 1)}, r"each at least 1, and not \[2, 0, 1\]"),
}


def test_rows_of_ones_own_are_terms_in_their_own_symbols():
    with pytest.raises(ValueError, match="the cost c is a term in a and y, and q is not there"):
        Cost("c", A * Symbol("q"))
    with pytest.raises(ValueError, match="the activation f is a term in u, and z is not there"):
        Activation("f", Symbol("z") ** 2, "z*z")


@pytest.mark.parametrize(("given", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_setting_is_refused_in_words(given, words):
    with pytest.raises((ValueError, TypeError), match=words):
        Setting(**given)
