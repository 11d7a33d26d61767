"""What was passed over in an answer, reasons and remarks, may hold no second answer.

"m^3, because the sum is m^3" and "O(m^3 + m n), since products cost m^3" are one answer; "d, because
it is 2d" is two, and so is "d, since the other way gives d^2". A formula in an aside has to be the answer, a term of
it, a name that is only mentioned, or what is said of a variance or an expectation that agrees with the answer.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product

from autograder.answers import phrases
from autograder.answers.algebra import HALF, ONE, multiply, number
from autograder.answers.kinds import free_indices, kind_of, walk
from autograder.answers.lexicon import Lexicon
from autograder.answers.reading import CannotRead
from autograder.answers.scanner import Token
from autograder.answers.sides import Side, read_side
from autograder.answers.statement import Statement
from autograder.answers.tokens import tokenize
from autograder.answers.tree import Add, Mul, Node, Pow

_QUANTITIES = frozenset(
    {"variance", "variances", "var", "cov", "covariance", "mean", "means", "expectation", "expected", "e", "entry"}
    | {"entries", "component", "components", "deviation", "std", "degree"}
)
_SAYS = frozenset(
    {"is", "are", "was", "be", "by", "times", "plus", "minus", "not", "either", "neither", "than", "equal", "equals"}
    | {"becomes", "become", "gives", "give", "get", "gets", "obtain", "need", "use", "said", "say", "take", "choose"}
    | {"as", "because", "since", "add", "no", "to", "answer", "so", "only", "when", "if", "pick", "like", "means"}
)
_CLAUSE = frozenset(
    {"and", "but", "so", "hence", "thus", "then", "it", "answer", "result", "which", "because", "since"}
)
_COUNTED = frozenset(
    {"pairs", "features", "entries", "scores", "terms", "elements", "matrix", "matrices", "heads", "dimensions"}
    | {"tokens", "keys", "queries", "values", "components", "numbers", "parameters", "weights", "products"}
)
MOST_PRODUCTS = 64
_END = Token("end", "", 0, 0)
_GOES_ON = frozenset({"for", "when", "if", "also", "works", "would", "could", "might", "too", "instead", "only"})
_TAKES_BACK = frozenset({"twice", "half", "double", "triple", "guess", "unsure", "doubt", "either", "neither", "false"})
_EXCUSED = frozenset({"undeclared_name", "unknown_word", "lookalike_letter", "not_worked_out", "which_index"})
_APPLIED = frozenset({"var", "e", "cov", "std", "sd", "mean", "variance"})


def check_asides(tokens: Sequence[Token], statements: Sequence[Statement], sides: Sequence[Side], lex: Lexicon) -> None:
    """Raises CannotRead if what stands in none of the sides may be another answer."""
    used = {token.start for statement in statements for side in statement.sides for token in side}
    answers = [side.typed.node for side in sides]
    for run in _runs(tokens, used):
        for token in run:
            if token.kind == "word" and phrases.lower(token) in _TAKES_BACK:
                raise CannotRead("two_answers", token.start, token.end)
        for left, right in pairwise(run):
            if phrases.lower(left) == "no" and right.text in (",", ";", "."):
                raise CannotRead("two_answers", left.start, left.end)
        for words, formula, after in _formulas(run):
            if _may_be_answer(words, formula, after, lex) and not _agrees(formula, words, answers, lex):
                raise CannotRead("two_answers", formula[0].start, formula[-1].end)


def _runs(tokens: Sequence[Token], used: set[int]) -> Iterator[list[Token]]:
    """What stands after the answer's beginning and in none of its sides, and reasons before it."""
    run: list[Token] = []
    behind = False
    for token in tokens:
        if token.kind in ("delimiter", "end"):
            continue
        if token.start in used:
            if run and (behind or phrases.lower(run[0]) in phrases.REASONS):
                yield run
            run, behind = [], True
        else:
            run.append(token)
    if run and behind and any(token.kind in ("word", "function") for token in run):
        yield run


def _formulas(run: Sequence[Token]) -> Iterator[tuple[tuple[str, ...], list[Token], str]]:
    """The formulas between words and commas, each with the words of its clause before it and the word after it."""
    formula: list[Token] = []
    words: list[str] = []
    for at, token in enumerate(run):
        if not _is_text(run, at):
            formula.append(token)
            continue
        if formula:
            yield tuple(words), _balanced(formula), phrases.lower(token) if token.kind == "word" else ""
            formula = []
        word = phrases.lower(token)
        words = [word] if word in _CLAUSE or not word.isalpha() else [*words, word]
    if formula:
        yield tuple(words), _balanced(formula), ""


def _balanced(formula: list[Token]) -> list[Token]:
    """Without brackets at its ends that are the remark's."""
    kept = list(formula)
    while kept and _depth(kept) < 0 and kept[-1].kind == "close":
        kept.pop()
    while kept and _depth(kept) > 0 and kept[0].kind == "open":
        kept.pop(0)
    return kept or list(formula)


def _depth(tokens: Sequence[Token]) -> int:
    return sum((token.kind == "open") - (token.kind == "close") for token in tokens)


def _is_text(run: Sequence[Token], at: int) -> bool:
    token = run[at]
    after = run[at + 1] if at + 1 < len(run) else None
    if token.text in (",", ";", ".", ":", "⇒", "→") and token.kind in ("op", "relation"):
        return True
    if token.kind == "unknown" and token.text in ("a", "I"):
        return after is None or after.kind not in ("op", "close") or after.spaced
    opens = after is not None and after.kind in ("open", "name", "number", "op", "bar") and not after.spaced
    if token.kind == "word" and token.text == "by" and at and after is not None:  # N by N
        return not (run[at - 1].kind == after.kind == "name")
    if token.kind == "word":
        return not (opens and after is not None and after.kind == "open" and phrases.lower(token) in _APPLIED)
    return token.kind == "function" and token.style == "" and not opens


def _may_be_answer(words: Sequence[str], formula: Sequence[Token], after: str, lex: Lexicon) -> bool:
    """Whether it is more than a mention of a letter, "independent of n", or of a size, "the n × n scores"."""
    kinds = {token.kind for token in formula}
    before = words[-1] if words else ""
    if not kinds & {"name", "number"} or kinds <= {"op", "open", "close"}:
        return False
    if any(token.text in ("×", "x", "by") for token in formula) and (after or formula[0].text == formula[-1].text):
        return False
    if len(formula) > 1 and lex.vocabulary.form == "growth" and after in _COUNTED and before != "times":
        return False
    if len(formula) > 1 and not kinds <= {"name", "number"}:
        return True
    if len(formula) > 1 or before in _SAYS - {"are", "is"} or after in _GOES_ON:
        return before != "to" or after == ""
    return before in _SAYS and not after


def _agrees(formula: Sequence[Token], words: Sequence[str], answers: Sequence[Node], lex: Lexicon) -> bool:
    """Whether each side of what was written is the answer, a term of it, or no value of the part's names at all."""
    sides = _sides(formula)
    growth = lex.vocabulary.form == "growth"
    about = not {"by", "times"} & {*words[-1:]} and not _QUANTITIES.isdisjoint(words)
    wanted = {_sorted(term) for answer in answers for term in _terms(answer, inner=False)}
    if "degree" in words:
        wanted |= {node.exponent for answer in answers for node in walk(answer) if isinstance(node, Pow)}
    if all(token.kind == "number" for token in formula):
        wanted |= {_sorted(term) for answer in answers for term in _terms(answer, inner=True)}
    if len(sides) > 1 and sides[0]:
        named = phrases.lower(sides[0][0]) in _APPLIED
        if growth and (named or sides[0][0].kind == "unknown"):
            return True
        if len(sides[0]) == 1 and sides[0][0].kind == "unknown":  # c = 1
            wanted |= {_sorted(term) for answer in answers for term in _terms(answer, inner=True)}
        about = about or named
        sides = sides[1:] if named or sides[0][0].kind == "unknown" else sides
    if growth:
        wanted |= {_sorted(read_side(tokenize(t, lex)[:-1], _END, lex).typed.node) for t in _equal_to(lex)}
    return all(not side or _fits(side, wanted, lex, about=about) for side in sides)


def _equal_to(lex: Lexicon) -> set[str]:
    """What names of the part stand for, such as d/h."""
    return set(lex.vocabulary.equalities.values())


def _sides(formula: Sequence[Token]) -> list[list[Token]]:
    sides: list[list[Token]] = [[]]
    outside = set(phrases.top_level(formula))
    for at, token in enumerate(formula):
        if token.text == "=" and at in outside:
            sides.append([])
        else:
            sides[-1].append(token)
    return sides


def _fits(tokens: Sequence[Token], wanted: set[Node], lex: Lexicon, *, about: bool) -> bool:
    end = Token("end", "", tokens[-1].end, tokens[-1].end)
    try:
        node = read_side(tokens, end, lex).typed.node
    except CannotRead as stop:
        return stop.kind in _EXCUSED
    if kind_of(node) != "scalar" or free_indices(node, frozenset(lex.declared)):
        return True
    said = {_sorted(node)}
    if about:  # a variance may be said where its root is asked for; of a single component it is 0 or 1
        said |= {Pow(_sorted(node), HALF)}
        wanted = wanted | {ONE, number(0)}
    return not said.isdisjoint(wanted)


def _terms(node: Node, *, inner: bool) -> Iterator[Node]:
    """A node, its terms and those of its product multiplied out; with `inner`, the terms of all sums within it."""
    yield node
    if isinstance(node, Add):
        yield from node.terms
    if isinstance(node, Mul):
        factors = [factor.terms if isinstance(factor, Add) else (factor,) for factor in node.factors]
        yield from (multiply(chosen) for chosen in islice(product(*factors), MOST_PRODUCTS))
    if inner:
        yield from (term for part in walk(node) if isinstance(part, Add) for term in part.terms)


def _sorted(node: Node) -> Node:
    """Factors and terms in one order, so that bnd is n·b·d."""
    if isinstance(node, Mul):
        return Mul(tuple(sorted((_sorted(factor) for factor in node.factors), key=repr)))
    if isinstance(node, Add):
        return Add(tuple(sorted((_sorted(term) for term in node.terms), key=repr)))
    return node
