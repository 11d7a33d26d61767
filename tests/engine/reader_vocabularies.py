"""The vocabularies that the reader's tests use, and the writing of trees in many spellings."""

from fractions import Fraction

from hypothesis import strategies as st

from autograder.answers import algebra
from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.tree import Call, Component, Dot, Name, Node, Norm, Number, Sum, Vector
from autograder.answers.vocabulary import Declared, Vocabulary


def scalars(letters: str) -> tuple[Declared, ...]:
    return tuple(Declared(letter, positive=True, integer=True) for letter in letters)


MOMENTS = Vocabulary("expression", (Declared("mu", "d"), Declared("sigma", positive=True), *scalars("d")))
SCALE = Vocabulary("expression", scalars("d"))
KERNEL = Vocabulary("expression", (Declared("q", "d"), Declared("k", "d"), *scalars("dD")))
DECODING = Vocabulary("growth", scalars("bndhkvq"), {"k": "d/h", "v": "d/h", "q": "d/h"}, (("h", "d"),))
ATTENTION = Vocabulary("growth", scalars("NDM"))
LINEAR = Vocabulary("growth", scalars("ND"))
PARTS = {
    "1.a": MOMENTS,
    "1.b": MOMENTS,
    "1.c": SCALE,
    "4.f": DECODING,
    "4.g": DECODING,
    "6.b.i": KERNEL,
    "6.c.time": ATTENTION,
    "6.d.space": LINEAR,
}


def reading(answer: object, vocabulary: Vocabulary) -> Reading:
    """The reading of an answer that must be readable."""
    result = read(answer, vocabulary)
    assert isinstance(result, Reading), f"{answer!r}: {result}"
    return result


def tree(answer: object, vocabulary: Vocabulary) -> Node:
    return reading(answer, vocabulary).tree


def refusal(answer: object, vocabulary: Vocabulary) -> Refusal:
    """The refusal of an answer that must not be readable."""
    result = read(answer, vocabulary)
    assert isinstance(result, Refusal), f"{answer!r} was read as {result.read_as}"
    return result


D = Name("d")
Q, K = Vector("q", D), Vector("k", D)
_numbers = st.builds(
    lambda above, below: Number(Fraction(above, below)),
    st.integers(-30, 30),
    st.sampled_from((1, 1, 1, 2, 3, 4, 7, 1000)),
)
_vectors = st.recursive(
    st.sampled_from((Q, K)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(algebra.add),
        st.tuples(_numbers, inner).map(algebra.multiply),
        st.tuples(inner, st.just(Name("D"))).map(algebra.multiply),
    ),
    max_leaves=3,
)
_leaves = st.one_of(
    _numbers,
    st.sampled_from((D, Name("D"))),
    st.builds(Dot, _vectors, _vectors),
    st.builds(
        Norm, _vectors, st.sampled_from((Number(Fraction(2)), Number(Fraction(1)), None, Number(Fraction(3, 2))))
    ),
    st.builds(Component, st.sampled_from((Q, K)), st.sampled_from((Name("i"), Name("d"), Number(Fraction(2))))),
    st.builds(
        lambda vector, power: Sum(
            algebra.power(Component(vector, Name("j")), Number(Fraction(power))), "j", algebra.ONE, D
        ),
        st.sampled_from((Q, K)),
        st.integers(2, 3),
    ),
)
_exponents = st.one_of(
    st.integers(-3, 4).map(lambda value: Number(Fraction(value))),
    st.sampled_from((Number(Fraction(1, 2)), Number(Fraction(-1, 2)), Number(Fraction(3, 2)), D)),
)


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 0


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    nonzero = inner.filter(lambda node: not _is_zero(node))
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(algebra.add),
        st.lists(inner, min_size=2, max_size=4).map(algebra.multiply),
        st.builds(algebra.negate, inner),
        st.builds(algebra.divide, inner, nonzero),
        st.builds(algebra.power, nonzero, _exponents),
        st.builds(lambda *nodes: Call("max", nodes), inner, inner),
        st.builds(lambda node: Call("log", (node,)), inner),
        st.builds(lambda node: Call("log", (node, Number(Fraction(2)))), inner),
        st.builds(lambda node: Call("abs", (node,)), inner),
        st.builds(lambda node: Call("exp", (node,)), inner),
    )


trees = st.recursive(_leaves, _larger, max_leaves=8)
