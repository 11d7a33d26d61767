"""An answer stays right however it is rewritten, and becomes wrong however little it is changed.

Trees are made at random, rewritten by rules that keep their value, or changed by a number. Floating-point evaluation of
arrays, which shares nothing with the comparison, is the oracle for pairs of unrelated trees.
"""

from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.answers.tree import Add, Call, Component, Dot, Mul, Name, Node, Norm, Number, Pow, Sum, Vector
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.symbolic.comparison import compare_expressions
from autograder.checks.symbolic.evaluate import evaluate
from autograder.checks.symbolic.fingerprint import expression_normal_form
from tests.engine.equality_vocabularies import number

NAMES = Vocabulary(
    "expression",
    (
        Declared("u", "d"),
        Declared("v", "d"),
        Declared("x"),
        Declared("p", positive=True),
        Declared("d", positive=True, integer=True),
    ),
)
LENGTH = Name("d")
ONE, TWO, HALF = number(1), number(2), number(Fraction(1, 2))
VECTORS = (Vector("u", LENGTH), Vector("v", LENGTH))
_numbers = st.builds(lambda top, bottom: number(Fraction(top, bottom)), st.integers(-4, 4), st.sampled_from((1, 2, 3)))
vectors = st.recursive(
    st.sampled_from(VECTORS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(Add),
        st.tuples(_numbers.filter(lambda node: node.value != 0), inner).map(Mul),
    ),
    max_leaves=3,
)


def power_sum(vector: Vector, power: int, index: str) -> Sum:
    return Sum(Pow(Component(vector, Name(index)), number(power)), index, ONE, LENGTH)


_leaves = st.one_of(
    _numbers,
    st.sampled_from((Name("x"), Name("p"), LENGTH)),
    st.builds(Dot, vectors, vectors),
    st.builds(Norm, vectors, st.sampled_from((TWO, TWO, number(4), ONE))),
    st.builds(power_sum, st.sampled_from(VECTORS), st.integers(1, 3), st.sampled_from("ij")),
)
trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Add(tuple(nodes))),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Mul(tuple(nodes))),
        st.builds(Pow, inner, st.sampled_from((TWO, number(3), number(-1), HALF))),
        st.builds(lambda node: Call("abs", (node,)), inner),
    ),
    max_leaves=6,
)


def relation(expected: Node, actual: Node) -> str:
    return compare_expressions(expected, actual, NAMES, prover=None).relation


def rewritten(node: Node, draw: st.DrawFn) -> Node:
    """The same value in another form: every part is rewritten, then perhaps the whole."""
    return _top(_inside(node, draw), draw)


def _inside(node: Node, draw: st.DrawFn) -> Node:
    match node:
        case Add(terms=terms):
            return Add(tuple(draw(st.permutations([rewritten(term, draw) for term in terms]))))
        case Mul(factors=factors):
            return Mul(tuple(draw(st.permutations([rewritten(factor, draw) for factor in factors]))))
        case Pow(base=base, exponent=exponent):
            return Pow(rewritten(base, draw), exponent)
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(rewritten(argument, draw) for argument in arguments))
        case _:
            return node


def _top(node: Node, draw: st.DrawFn) -> Node:
    forms: list[Node] = [node, Mul((ONE, node)), Add((node, number(0))), Mul((TWO, node, HALF)), Pow(node, ONE)]
    match node:
        case Add(terms=(first, *rest)):
            forms.append(Add((first, Add((*rest, number(0))))))  # regrouped
        case Mul(factors=(first, *others)) if others and isinstance(others[-1], Add):
            forms.append(Add(tuple(Mul((first, *others[:-1], term)) for term in others[-1].terms)))  # multiplied out
        case Pow(base=base, exponent=Number(value=value)) if value in (2, 3):
            forms.append(Mul((base,) * int(value)))
        case Dot(left=Vector() as left, right=Vector() as right):
            body = Mul((Component(right, Name("k")), Component(left, Name("k"))))
            forms += [Dot(right, left), Sum(body, "k", ONE, LENGTH)]
        case Dot(left=left, right=Add(terms=terms)):
            forms.append(Add(tuple(Dot(left, term) for term in terms)))
        case Norm(vector=vector, order=Number(value=value)) if value == 2:
            forms.append(Pow(Dot(vector, vector), HALF))
        case Sum(body=Pow(base=Component(vector=vector), exponent=exponent), upper=upper):
            entry = Pow(Component(vector, Name("m")), exponent)
            last = Pow(Component(vector, upper), exponent)
            forms.append(Sum(entry, "m", ONE, upper))  # renamed
            forms.append(Add((Sum(entry, "m", ONE, Add((upper, number(-1)))), last)))
    return draw(st.sampled_from(forms))


@st.composite
def same_pairs(draw: st.DrawFn) -> tuple[Node, Node]:
    node = draw(trees)
    return node, rewritten(node, draw)


def points() -> list[dict[str, object]]:
    random = np.random.default_rng(7)
    return [
        {"u": random.normal(size=d) * size, "v": random.normal(size=d) * size, "x": x, "p": p, "d": d}
        for d, size, x, p in ((3, 1, 1.3, 0.4), (2, 2, -0.7, 1.9), (5, 1, -2.1, 3.3), (4, 0.5, 0.2, 0.1))
    ]


POINTS = points()


def values(node: Node) -> np.ndarray:
    return np.array([float(evaluate(node, point)) for point in POINTS])


def has_value(node: Node) -> bool:
    """Whether the node has a real value at all, and no large ones, where floats would not be trusted."""
    found = values(node)
    return bool(np.isfinite(found).any() and np.nanmax(np.abs(found), initial=0) < 1e6)


@settings(deadline=None, max_examples=80)
@given(same_pairs())
def test_a_rewritten_answer_is_never_unequal(pair: tuple[Node, Node]) -> None:
    node, form = pair
    assume(has_value(node))
    assert relation(node, form) != "not_equal"
    assert relation(form, node) != "not_equal"


def is_simple(node: Node) -> bool:
    """No absolute values and no roots of sums: here the normal form is complete, and "undecided" would be a failure."""
    match node:
        case Call():
            return False
        case Norm(order=order):
            return order == TWO and isinstance(node.vector, Vector)
        case Pow(base=base, exponent=exponent):
            return exponent in (TWO, number(3), ONE) and is_simple(base)
        case Add(terms=parts) | Mul(factors=parts):
            return all(is_simple(part) for part in parts)
        case _:
            return True


@settings(deadline=None, max_examples=80)
@given(same_pairs())
def test_a_rewritten_polynomial_is_equal(pair: tuple[Node, Node]) -> None:
    node, form = pair
    assume(is_simple(node) and has_value(node))
    assert relation(node, form) == "equal"
    assert expression_normal_form(node, NAMES) == expression_normal_form(form, NAMES)


@settings(deadline=None, max_examples=80)
@given(same_pairs(), st.sampled_from((Fraction(1), Fraction(1, 10**9), Fraction(-1, 10**30), Fraction(1, 7))))
def test_an_answer_that_is_off_by_a_number_is_never_equal(pair: tuple[Node, Node], offset: Fraction) -> None:
    node, form = pair
    assume(has_value(node))
    assert relation(node, Add((form, number(offset)))) == "not_equal"


@settings(deadline=None, max_examples=80)
@given(same_pairs(), st.sampled_from((Fraction(2), Fraction(-1), 1 + Fraction(1, 10**12))))
def test_an_answer_that_is_off_by_a_factor_is_never_equal(pair: tuple[Node, Node], factor: Fraction) -> None:
    node, form = pair
    assume(has_value(node) and np.nanmax(np.abs(values(node))) > 1e-6)
    assert relation(node, Mul((number(factor), form))) == "not_equal"


@settings(deadline=None, max_examples=120)
@given(trees, trees)
def test_the_verdict_on_any_two_answers_agrees_with_their_values(left: Node, right: Node) -> None:
    assume(has_value(left) and has_value(right))
    verdict = relation(left, right)
    assert verdict == relation(right, left) or "undecided" in (verdict, relation(right, left))
    first, second = values(left), values(right)
    both = np.isfinite(first) & np.isfinite(second)
    agree = np.allclose(first[both], second[both], rtol=1e-9, atol=1e-9)
    if verdict == "equal":
        assert agree
    if not agree:
        assert verdict == "not_equal"
