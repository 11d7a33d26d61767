"""Laws of the reader: the spelling does not matter, and no text whatever makes it raise."""

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.answers import algebra
from autograder.answers.reader import read
from autograder.answers.reading import Reading, Refusal
from autograder.answers.refusals import KINDS
from autograder.answers.shapes import read_shape
from autograder.answers.tree import Add, Call, Mul, Name, Node, Number, Pow
from tests.engine.reader_vocabularies import ATTENTION, DECODING, KERNEL, MOMENTS, SCALE, tree

VOCABULARIES = (ATTENTION, DECODING, KERNEL, MOMENTS, SCALE)

_names = st.sampled_from([Name(letter) for letter in "bndhkvq"])
_powers = st.builds(
    algebra.power, _names, st.sampled_from([algebra.number(n) for n in (2, 3, -1, -2)] + [algebra.HALF])
)
_growths = st.recursive(
    st.one_of(_names, _powers, st.integers(1, 12).map(algebra.number)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(algebra.add),
        st.lists(inner, min_size=2, max_size=3).map(algebra.multiply),
        st.tuples(inner, inner).map(lambda pair: Call("max", pair)),
        inner.map(lambda node: Call("log", (node,))),
        st.tuples(inner, _names).map(lambda pair: algebra.divide(*pair)),
    ),
    max_leaves=8,
)


class Scribe:
    """Writes a tree, choosing at random among the spellings of each thing. Every product has brackets around sums."""

    def __init__(self, choice: random.Random) -> None:
        self.pick = choice.choice

    def write(self, node: Node) -> str:
        match node:
            case Add(terms):
                return self.pick((" + ", "+", " ＋ ", r"\,+\,")).join(map(self.write, terms))
            case Mul(factors):
                return self.product(factors)
            case Pow(base, exponent):
                return self.power(base, exponent)
            case Call(function, arguments):
                return self.call(function, arguments)
            case Name(name):
                return self.pick((name, rf"\mathrm{{{name}}}", rf"{{{name}}}", f"({name})", rf"\mathbf {name} "))
            case Number(value):
                return str(value) if value.denominator == 1 else f"({value})"
        raise AssertionError(node)

    def product(self, factors: tuple[Node, ...]) -> str:
        text = self.factor(factors[0])
        for factor in factors[1:]:
            if isinstance(factor, Pow) and factor.exponent == algebra.MINUS_ONE and text != "1":
                text = self.quotient(text, factor.base)
            else:
                text += self.sign(factor) + self.factor(factor)
        return text

    def sign(self, after: Node) -> str:
        written = ("*", " * ", "·", " ⋅ ", r" \cdot ", r"\times ", "×")
        return self.pick(written) if isinstance(after, Number) else self.pick((*written, " ", r"\,", r"\;", "~"))

    def quotient(self, above: str, below: Node) -> str:
        grouped = self.bracketed(self.write(below))
        return self.pick((f"({above})/{grouped}", rf"\frac{{{above}}}{{{grouped}}}", f"({above})*{grouped}^{{-1}}"))

    def factor(self, node: Node) -> str:
        bare = isinstance(node, Name | Call) or (isinstance(node, Number) and node.value.denominator == 1)
        return self.write(node) if bare else self.bracketed(self.write(node))

    def bracketed(self, text: str) -> str:
        return self.pick((f"({text})", rf"\left( {text} \right)", f"[{text}]", f"{{{text}}}", rf"\bigl[{text}\bigr]"))

    def power(self, base: Node, exponent: Node) -> str:
        if exponent == algebra.HALF:
            return self.pick((r"\sqrt{%s}", "sqrt(%s)", "√(%s)", "np.sqrt(%s)")) % self.write(base)
        raised = self.bracketed(self.write(base))
        signs = str(exponent.value) if isinstance(exponent, Number) else self.write(exponent)
        unicode = signs.translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
        return raised + self.pick((f"^{{{signs}}}", f"^({signs})", f"**({signs})", f"^{signs}", unicode))

    def call(self, function: str, arguments: tuple[Node, ...]) -> str:
        name = self.pick((function, "\\" + function, f"np.{function}" if function == "log" else function))
        return f"{name}({', '.join(map(self.write, arguments))})"


@settings(max_examples=300, deadline=None)
@given(_growths, st.integers(0, 2**32))
def test_the_spelling_does_not_change_the_tree(node: Node, seed: int) -> None:
    text = Scribe(random.Random(seed)).write(node)
    result = read(text, DECODING)
    if isinstance(result, Refusal):
        assert result.kind in ("too_long", "too_many_symbols", "too_many_terms", "too_deep"), f"{text}: {result}"
    else:
        assert result.tree == node, f"{text} reads as {result.read_as}"


@settings(max_examples=150, deadline=None)
@given(_growths, st.sampled_from(["O({})", r"\mathcal{{O}}({})", "$O({})$", "T = O({})", "O({}).", "Answer: O({})"]))
def test_what_stands_around_does_not_change_the_tree(node: Node, surroundings: str) -> None:
    text = Scribe(random.Random(0)).write(node)
    bare, dressed = read(text, DECODING), read(surroundings.format(text), DECODING)
    if isinstance(bare, Reading) and isinstance(dressed, Reading):
        assert dressed.tree == bare.tree
        assert dressed.wrapper == "O"


PIECES = [
    *"bndhkvqNDMxio()[]{}+-*/^_|.,=<>!'$`~&%#@:;?0123456789 \n\\",
    *("mu", "sigma", "μ", "‖", "||", "²", "½", "√", "Σ", "ᵀ", "₁", "…", "...", "×", "·", "⟨", "⟩", "∞", "≤", "Θ"),
    *("O(", "sum_i ", "sum(", "log ", "max(", "sqrt(", "np.", ".T", "np.sum(", " for i in range(d)", "E[", "Var("),
    *(r"\frac", r"\sqrt", r"\left", r"\right", r"\sum", r"\mu", r"\top", r"\|", r"\mathcal{O}", r"\text{", r"\cdot"),
    *(r"\log_", "\u200b", "\u202e", "\x00", "о", "𝑑", "ｄ", "e", "pi", "1e9", "**", "_{i=1}^{d}", "mu_1+...+mu_d"),
    "Answer:",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(VOCABULARIES))
@example("mu_1+...+mu_d" * 3, MOMENTS)
@example("\\", SCALE)
@example("_{", MOMENTS)
def test_no_text_whatever_makes_the_reader_raise(text: str, vocabulary: object) -> None:
    for which in VOCABULARIES if vocabulary is None else (vocabulary,):
        result = read(text, which)  # type: ignore[arg-type]
        if isinstance(result, Refusal):
            assert result.kind in KINDS
            assert result.position is None or 0 <= result.position <= len(text)
        else:
            assert tree(result.read_as.split(" = ")[0], which) is not None  # type: ignore[arg-type]
        read_shape(text, which)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_arbitrary_unicode_is_read_or_refused(text: str) -> None:
    for vocabulary in (DECODING, MOMENTS):
        result = read(text, vocabulary)
        assert isinstance(result, Reading | Refusal)
    read_shape(text, DECODING)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["O(bd^2 + bnd)", r"\|\mu\|_2^2", "sum_{i=1}^d mu_i^2", r"\frac{bnd}{h}"]), st.data())
def test_a_damaged_answer_is_read_or_refused(answer: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(answer) - 1))
    damaged = answer[:at] + data.draw(st.sampled_from(["", *PIECES])) + answer[at + 1 :]
    for vocabulary in (DECODING, MOMENTS):
        result = read(damaged, vocabulary)
        assert isinstance(result, Reading | Refusal)
