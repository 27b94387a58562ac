"""Theorems, and the rules that make them: nothing else does.

A theorem says: in every network of that kind, for all values of its free variables for which the hypotheses hold, and
wherever nothing is divided by zero, lhs = rhs. A rule checks and never searches; what it cannot check it refuses.
Python cannot seal a constructor: the key stops accidents, ``replay`` stops the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass
from functools import wraps
from typing import Any, NamedTuple

from sympy import Add, Basic, Integer, Mul, Pow, Rational, S, Symbol, sympify
from sympy.core.cache import clear_cache

from .arrays import entry, shape
from .exact import Same, anew, are_same, exactly, is_plain, is_term
from .grammar import is_index, is_variable, rank
from .graph import Node, influences, node_of, separates
from .hypotheses import close, divisions, follow, is_hypothesis, settle
from .network import ANY, Network
from .normal import add, cleared, polynomial, positive
from .terms import (
    ELEMENTARY,
    Apply,
    Binder,
    D,
    Equal,
    ForAll,
    Kron,
    L,
    M,
    Member,
    Mults,
    NonNegative,
    NonZero,
    Positive,
    Refused,
    Total,
    difference,
    free,
    known,
    n,
    remembered,
    require,
    substitute,
    variant,
)  # fmt: skip

_KEY = object()


@dataclass(frozen=True, eq=False, repr=False)
class Theorem:
    """``hypotheses |- lhs = rhs``, and how it was made. ``uses`` lists the defining equations it rests on."""

    net: Network
    hypotheses: frozenset[Any]
    lhs: Any
    rhs: Any
    uses: frozenset[Node]
    rule: str
    args: tuple[Any, ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not _KEY or type(self) is not Theorem:
            raise TypeError("theorems come out of the kernel's rules only")

    @property
    def premises(self) -> tuple[Theorem, ...]:
        return tuple(arg for arg in self.args if isinstance(arg, Theorem))

    def __str__(self) -> str:
        given = ", ".join(sorted(map(str, self.hypotheses)))
        return f"{given} |- {self.lhs} = {self.rhs}" if given else f"|- {self.lhs} = {self.rhs}"

    __repr__ = __str__


class Sequent(NamedTuple):
    """What a rule has checked, before it is a theorem."""

    net: Network
    lhs: Any
    rhs: Any
    hypotheses: Iterable[Any] = ()
    uses: Iterable[Node] = ()


RULES: dict[str, Callable[..., Theorem]] = {}


def rule(check: Callable[..., Sequent]) -> Callable[..., Theorem]:
    """Register a rule; only here are theorems made."""

    @wraps(check)
    def apply(*args: Any) -> Theorem:
        name, args = check.__name__, tuple(_own(arg) for arg in args)
        try:
            net, lhs, rhs, hypotheses, uses = check(*args)
            divided = () if name == "discharge" else divisions(lhs, rhs)  # nothing that is written divides by zero
            given = settle(net, (*hypotheses, *divided), name)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise Refused(name, f"these are not its arguments: {error}") from error
        require(type(net) is Network, name, "{} is not a network", net)
        ranks = [rank(net.families, net.symbols, e) for e in (lhs, rhs)]
        require(None not in ranks and ranks[0] == ranks[1], name, "{} = {} is not an equation between terms", lhs, rhs)
        require(not ranks[0] or shape(net, lhs) == shape(net, rhs), name, "{} and {} differ in shape", lhs, rhs)
        for h in given:
            require(is_term(h) and is_hypothesis(net, h), name, "{} is no hypothesis about the network", h)
        read = (arg for arg in args if isinstance(arg, Basic) and not isinstance(arg, ForAll | NonZero | Positive))
        for e in read:
            require(rank(net.families, net.symbols, e) is not None, name, "{} is not a term", e)
        return Theorem(net, given, lhs, rhs, frozenset(uses), name, args, _KEY)

    RULES[check.__name__] = apply
    return apply


def _own(arg: Any) -> Any:
    """An argument as the theorem keeps it: nobody changes it later, and it is of the very type it is taken for."""
    if exactly(arg, dict):
        return {_own(name): _own(value) for name, value in arg.items()}
    require(exactly(arg, Theorem, Network) or is_plain(arg), "rule", "{} is no theorem, network or term", arg)
    return Integer(arg) if exactly(arg, int) else arg


Replayed = dict[int, tuple[Theorem, Theorem]]  # by identity: what was replayed, and what it was made again as


def replay(theorem: Theorem, done: Replayed | None = None) -> Theorem:
    """Rebuild a theorem from nothing; TypeError if anything about it comes out differently.

    Its networks and premises are made again, and all that was remembered is forgotten: somebody may have been there.
    ``done`` is the caller's, and what is in it has been replayed.
    """
    done, queue = {} if done is None else done, [theorem]
    if not done:
        clear_cache()
    while queue:
        now = queue[-1]
        missing = [p for p in now.premises if id(p) not in done]
        if not missing and id(queue.pop()) not in done:
            again = RULES[now.rule](*(_again(arg, done) for arg in now.args))
            for part in ("net", "lhs", "rhs", "hypotheses", "uses"):
                if type(now) is not Theorem or not are_same(getattr(again, part), getattr(now, part)):
                    raise TypeError(f"replay disagrees about the {part} of {now}")
            done[id(now)] = now, again
        queue += missing
    return theorem


def _again(arg: Any, done: Replayed) -> Any:
    if isinstance(arg, Theorem):
        return done[id(arg)][1]
    return _net_again(Same(arg)) if isinstance(arg, Network) else arg


@remembered
def _net_again(same: Same) -> Any:
    return anew(same.e)


# Equality.


@rule
def refl(net: Network, e: Any) -> Sequent:
    """
    ---------
    |- e = e
    """
    return Sequent(net, e, e)


@rule
def symm(p: Theorem) -> Sequent:
    """|- a = b
    ---------
    |- b = a
    """
    return Sequent(p.net, p.rhs, p.lhs, p.hypotheses, p.uses)


@rule
def trans(p: Theorem, q: Theorem) -> Sequent:
    """|- a = b   |- b = c
    -------------------
    |- a = c
    """
    require(p.rhs == q.lhs, "trans", "{} is not {}", p.rhs, q.lhs)
    require(p.net == q.net, "trans", "the theorems are about different networks")
    return Sequent(p.net, p.lhs, q.rhs, p.hypotheses | q.hypotheses, p.uses | q.uses)


@rule
def congruence(net: Network, e: Any, *premises: Theorem | None) -> Sequent:
    """|- a1 = b1  ...   (one for each argument of the head, or None where it stays)
    ----------------------
    |- f(a1, ...) = f(b1, ...)

    Under a sum, hypotheses about the bound variable hold for its range. Under D(., x), no equation that defines x may
    have been used, nor an assumed one: x is shifted there.
    """
    args, hypotheses, uses = list(e.args), frozenset[Any](), frozenset[Node]()
    own = isinstance(e, Mults) or (isinstance(e, Binder) and e.args[1] in net.symbols)
    require(not own and len(premises) <= len(args), "congruence", "nothing may be replaced inside {}", e)
    for place, p in ((place, p) for place, p in enumerate(premises) if p is not None):
        require(p.net == net and p.lhs == args[place], "congruence", "{} is not argument {} of {}", p.lhs, place, e)
        args[place], given, used = p.rhs, p.hypotheses, p.uses
        require(not isinstance(e, Binder) or place != 1, "congruence", "{} is bound in {}", p.lhs, e)
        if isinstance(e, Binder) and place == 0:
            given, used = frozenset(close(h, *e.args[1:]) for h in given), _anywhere(used, e.args[1])
        if isinstance(e, D):
            assumed = any(h.has(Equal) for h in given)
            shifted = place != 0 or assumed or any(_may_define(net, node, e.args[1]) for node in used)
            require(not shifted, "congruence", "{} is shifted in {}, and {} need not hold there", e.args[1], e, p)
        hypotheses |= given
        uses |= used
    return Sequent(net, e, e.func(*args), hypotheses, uses)


def _anywhere(uses: Iterable[Node], bound: Symbol) -> frozenset[Node]:
    """``uses`` with the layers that depend on a variable that gets bound taken for any layer."""
    return frozenset((family, ANY if layer is not None and bound in free(layer) else layer) for family, layer in uses)


def _may_define(net: Network, used: Node, shifted: Member) -> bool:
    family, layer = node_of(net, shifted)
    return used[0] == family and (layer is None or difference(used[1], layer) in (None, 0))


@rule
def instantiate(p: Theorem, values: dict[Any, Any], net: Network | None = None) -> Sequent:
    """H |- a = b
    ---------------------   (s for free variables; the network by one of its instances, with its depth)
    H[s] |- a[s] = b[s]
    """
    target, values = net or p.net, dict(values)
    for symbol, value in values.items():
        gap = sympify(value, strict=True) - 1
        named = is_variable(symbol) or (symbol in (L, M) and known(gap))
        fits = named and symbol not in p.net.symbols and is_index(gap)
        require(fits, "instantiate", "{} cannot be {}: it is not free, or that is no index for it", symbol, value)
    if target != p.net:
        require(target.is_instance_of(p.net), "instantiate", "{} is not an instance of {}", target.title, p.net.title)
        values |= {p.net.depth: target.depth} if p.net.depth != target.depth else {}
    return Sequent(
        target, substitute(p.lhs, values), substitute(p.rhs, values), {substitute(h, values) for h in p.hypotheses},
        {(family, layer if layer is None else substitute(layer, values)) for family, layer in p.uses},
    )  # fmt: skip


@rule
def assume(net: Network, a: Any, b: Any) -> Sequent:
    """
    ----------------
    a = b |- a = b
    """
    return Sequent(net, a, b, {Equal(a, b)})


@rule
def discharge(p: Theorem, h: Any, q: Theorem) -> Sequent:
    """H, e > 0 |- a = b   |- e = e'
    ----------------------------   (e' can be seen to be positive; or e is only not to be 0; or both for every k)
    H |- a = b
    """
    inner, *bound = h.args if isinstance(h, ForAll) else (h,)
    about = isinstance(inner, NonZero | Positive) and inner.args[0] == q.lhs
    require(about and h in p.hypotheses and q.net == p.net, "discharge", "{} is not a hypothesis about {}", h, q.lhs)
    require(positive(q.rhs), "discharge", "{} cannot be seen to be positive", q.rhs)
    given = {close(g, *bound) if bound else g for g in q.hypotheses}
    used = _anywhere(q.uses, bound[0]) if bound else q.uses
    return Sequent(p.net, p.lhs, p.rhs, p.hypotheses - {h} | given, p.uses | used)


# The network.


@rule
def define(net: Network, x: Any) -> Sequent:
    """
    -----------   (x = body is an equation of the network; or n(4) = 2; or its activation)
    |- x = body
    """
    if isinstance(x, n):
        return Sequent(net, x, Integer(net.width(x.args[0])))
    if isinstance(x, Apply):
        for function in net.functions:
            if function.name == str(x.args[0]) and x.args[2] == 0:
                values = {function.variable: x.args[1]}
                return Sequent(net, x, substitute(function.body, values), _divided(function.body, values))
    require(isinstance(x, Member), "define", "the network has no equation for {}", x)
    definition, values = net.definition(x)
    require(definition.body is not None, "define", "the network has no equation for {}", x)
    hypotheses = (*definition.where(values), *_divided(definition.body, values))
    return Sequent(net, x, substitute(definition.body, values), hypotheses, {node_of(net, x)})


def _divided(body: Any, values: dict[Any, Any]) -> list[Any]:
    """That nothing in the body divides by zero, said before SymPy cancels what the values make equal."""
    return [substitute(h, values) for h in divisions(body)]


@rule
def chain(net: Network, y: Member, x: Member, family: Member, k: Symbol) -> Sequent:
    """
    ----------------------------------------------   (the members of the family t separate x from y)
    |- dy/dx = sum over k of dy/dt[k] dt[k]/dx

    The one idea that makes this backpropagation; ``graph.separates`` says what it takes.
    """
    numbers = all(map(net.is_number, (y, x, family))) and net.kind(family).count("u") == 1
    require(numbers, "chain", "{}, {} and {} have to be quantities, and the last of one unit index", y, x, family)
    place = net.kind(family).index("u")
    others = (x, y, *family.indices[:place], *family.indices[place + 1 :])
    new = is_variable(k) and k not in net.symbols and not any(k in free(e) for e in others)
    require(new and family.indices[place] == k, "chain", "{} has to be the unit of {}, and new", k, family)
    why = separates(net, family, x, y)
    require(why is None, "chain", "{} does not separate {} from {}: {}", family, x, y, why)
    definition, values = net.definition(family)
    hypotheses = [h for h in definition.where(values) if k not in free(h)]
    hypotheses += [] if net.layer(family) is None else [NonNegative(net.depth - net.layer(family))]
    return Sequent(net, D(y, x), Total(D(y, family) * D(family, x), k, *net.unit_range(family, place)), hypotheses)


@rule
def differentiate(net: Network, y: Any, x: Member) -> Sequent:
    """
    --------------   (linearity, product, powers, functions; dx[i]/dx[j] = [i = j]; 0 where x has no influence)
    |- dy/dx = y'

    What cannot be decided stays as a derivative.
    """
    require(net.is_number(x), "differentiate", "{} is not a single quantity", x)
    hypotheses: set[Any] = set()
    return Sequent(net, D(y, x), _derivative(net, y, x, hypotheses), hypotheses)


MOST_TERMS = 10_000  # that a sum is written out to


def _derivative(net: Network, y: Any, x: Member, hypotheses: set[Any]) -> Any:
    if isinstance(y, Member):
        return _local(net, y, x)
    if isinstance(y, Add):
        return Add(*(_derivative(net, part, x, hypotheses) for part in y.args))
    if isinstance(y, Mul):
        parts = ((_derivative(net, f, x, hypotheses), y.args[:i] + y.args[i + 1 :]) for i, f in enumerate(y.args))
        return Add(*(Mul(inner, *rest) for inner, rest in parts))
    if isinstance(y, Pow) and isinstance(y.exp, Integer):
        if y.exp < 0:
            hypotheses.add(NonZero(y.base))
        return y.exp * y.base ** (y.exp - 1) * _derivative(net, y.base, x, hypotheses)
    if isinstance(y, Total):
        body, bound, lo, hi = y.args
        new = variant(bound, free(x) | free(body) - {bound})
        inner: set[Any] = set()
        result = Total(_derivative(net, substitute(body, {bound: new}), x, inner), new, lo, hi)
        hypotheses |= {close(h, new, lo, hi) for h in inner}
        return result
    if isinstance(y, Apply):
        name, u, times = y.args
        outer = Apply(name, u, times + 1)
        if times == 0 and name.name in ELEMENTARY:
            derivative, needs = ELEMENTARY[name.name]
            outer = derivative(u)
            hypotheses |= {needs(u)} if needs else set()
        return outer * _derivative(net, u, x, hypotheses)
    if isinstance(y, D):
        return D(y, x)
    require(isinstance(y, Rational | Symbol | n | Kron), "differentiate", "no rule for {}", y)
    return S.Zero


def _local(net: Network, y: Member, x: Member) -> Any:
    """The derivative of one quantity by another: [y is x], 0, or left as it is."""
    if not net.is_number(y) or influences(net, x, y):
        return D(y, x)
    if y.family != x.family:
        return S.Zero
    if None not in (net.layer(x), net.layer(y)) and difference(net.layer(x), net.layer(y)) is None:
        return D(y, x)
    return Mul(*(Kron(mine, its) for mine, its in zip(y.indices, x.indices, strict=True)))


# Algebra and sums.


@rule
def ring(net: Network, a: Any, b: Any) -> Sequent:
    """
    ---------   (equal in every field, sums linear, where what is divided by is not 0)
    |- a = b
    """
    first, second = polynomial(a), polynomial(b)
    same = first == second or not cleared(add(first, {term: -c for term, c in second.items()}))
    require(same, "ring", "not equal by algebra: {} and {}", a, b)
    return Sequent(net, a, b)


@rule
def sift(net: Network, e: Total) -> Sequent:
    """
    ----------------------------------   (lo <= j <= hi)
    |- sum over k of [k = j] f(k) = f(j)
    """
    body, bound, lo, hi = e.args
    for factor in Mul.make_args(body):
        if isinstance(factor, Kron) and bound in factor.args:
            [j] = [arg for arg in factor.args if arg != bound] or [bound]
            if bound not in free(j):
                rest = Mul(*(f for f in Mul.make_args(body) if f != factor))
                return Sequent(net, e, substitute(rest, {bound: j}), {NonNegative(j - lo), NonNegative(hi - j)})
    raise Refused("sift", f"no factor [{bound} = ...] in {e}")


@rule
def unroll(net: Network, e: Total) -> Sequent:
    """
    -----------------------------------------   (numeric limits)
    |- sum over k of f(k) = f(lo) + ... + f(hi)
    """
    body, bound, lo, hi = e.args
    numbers = isinstance(lo, Integer) and isinstance(hi, Integer) and hi - lo < MOST_TERMS
    require(numbers, "unroll", "the limits of {} are not numbers, or too far apart", e)
    return Sequent(net, e, Add(*(substitute(body, {bound: Integer(v)}) for v in range(int(lo), int(hi) + 1))))


@rule
def split(net: Network, e: Total, end: str) -> Sequent:
    """
    ------------------------------------------------------   (lo <= hi; or the last term, f(hi))
    |- sum from lo to hi of f = f(lo) + sum from lo + 1 to hi of f
    """
    body, bound, lo, hi = e.args
    one, rest = {"first": (lo, (lo + 1, hi)), "last": (hi, (lo, hi - 1))}[end]
    return Sequent(net, e, substitute(body, {bound: one}) + Total(body, bound, *rest), {NonNegative(hi - lo)})


@rule
def shift(net: Network, e: Total, by: int) -> Sequent:
    """
    -----------------------------------------------------------------
    |- sum from lo to hi of f(k) = sum from lo + by to hi + by of f(k - by)
    """
    body, bound, lo, hi = e.args
    require(isinstance(by, int | Integer), "shift", "{} is not a whole number", by)
    return Sequent(net, e, Total(substitute(body, {bound: bound - by}), bound, lo + by, hi + by))


@rule
def count(net: Network, e: Any) -> Sequent:
    """
    ------------------------------   (a product of r factors takes r - 1; a sum as many as its terms together)
    |- multiplications in e = number
    """
    return Sequent(net, Mults(e), _multiplications(e))


def _multiplications(e: Any) -> Any:
    if isinstance(e, Total):
        return Total(_multiplications(e.args[0]), *e.args[1:])
    if isinstance(e, Add | Apply):
        return Add(*(_multiplications(arg) for arg in (e.args[1:2] if isinstance(e, Apply) else e.args)))
    if isinstance(e, Mul):
        factors = [f for f in e.args if f != -1]
        return Add(len(factors) - 1, *map(_multiplications, factors))
    if isinstance(e, Pow) and isinstance(e.exp, Integer) and e.exp > 0:
        return e.exp - 1 + _multiplications(e.base)
    require(isinstance(e, Member | D | Rational), "count", "no count for {}", e)
    return S.Zero


# From the last layer down; arrays.


@rule
def induct(base: Theorem, step: Theorem, l: Symbol, j: Symbol) -> Sequent:
    """|- P(L)   P(l + 1) for every unit, l < L |- P(l)
    ------------------------------------------------
    l <= L |- P(l)

    j is the unit that P speaks of: the assumption may be used for every unit of layer l + 1.
    """
    net, last = step.net, step.net.depth
    require(l != j and not {l, j} & net.symbols, "induct", "{} and {} have to be two indices", l, j)
    claim = [substitute(side, {l: last}) for side in (step.lhs, step.rhs)]
    fits = base.net == net and [base.lhs, base.rhs] == claim
    require(fits, "induct", "the base is not the claim for {} = {}", l, last)
    assumed = {h for h in step.hypotheses if h.has(Equal)}
    below = NonNegative(last - l - 1)
    given = settle(net, step.hypotheses - assumed - {below} | {NonNegative(last - l)}, "induct")
    at_last = settle(net, {substitute(h, {l: last}) for h in given}, "induct")
    require(follow(base.hypotheses, at_last), "induct", "the base needs a hypothesis that the claim does not have")
    for h in assumed:
        equation, bound = (h.args[0], h.args[1:]) if isinstance(h, ForAll) else (h, None)
        unit = bound[0] if bound else j
        require(unit != l, "induct", "{} is the layer, and bound in {}", l, h)
        above = Equal(*(substitute(side, {l: l + 1, j: unit}) for side in (step.lhs, step.rhs)))
        require(equation == above, "induct", "{} is not the claim for the layer above", h)
        there = [substitute(g, {l: l + 1, j: unit}) for g in given]
        needed = settle(net, [close(g, *bound) if bound else g for g in there], "induct")
        require(follow(needed, given | {below}), "induct", "the claim for the layer above needs more than is given")
    return Sequent(net, step.lhs, step.rhs, given, _anywhere(_anywhere(base.uses | step.uses, l), j))


@rule
def components(p: Theorem, a: Any, b: Any, indices: tuple[Symbol, ...]) -> Sequent:
    """|- a[i, j] = b[i, j]   (for all i, j within the shape that a and b share)
    --------------------
    |- a = b
    """
    bounds = shape(p.net, a)
    fits = bounds and bounds == shape(p.net, b) and len(bounds) == len(indices) == len(set(indices))
    require(fits, "components", "{} and {} have different shapes", a, b)
    new = all(map(is_variable, indices)) and (free(a) | free(b) | p.net.symbols).isdisjoint(indices)
    require(new, "components", "the indices {} are not new", indices)
    entries = (entry(p.net, a, indices), entry(p.net, b, indices))
    require((p.lhs, p.rhs) == entries, "components", "{} is not what {} = {} says of its entries", p, a, b)
    hypotheses, uses = p.hypotheses, p.uses
    for index, (lo, hi) in zip(indices, bounds, strict=True):
        hypotheses, uses = frozenset(close(h, index, lo, hi) for h in hypotheses), _anywhere(uses, index)
    return Sequent(p.net, a, b, hypotheses, uses)


@rule
def component(p: Theorem, indices: tuple[Any, ...]) -> Sequent:
    """|- a = b
    --------------------   (i, j within the shape of a)
    |- a[i, j] = b[i, j]
    """
    bounds = shape(p.net, p.lhs)
    fits = len(bounds) == len(indices) and bounds == shape(p.net, p.rhs)
    require(fits, "component", "{} does not have {} indices", p.lhs, len(indices))
    at = zip((sympify(v, strict=True) for v in indices), bounds, strict=True)
    within = {NonNegative(gap) for v, (lo, hi) in at for gap in (v - lo, hi - v)}
    return Sequent(p.net, entry(p.net, p.lhs, indices), entry(p.net, p.rhs, indices), p.hypotheses | within, p.uses)
