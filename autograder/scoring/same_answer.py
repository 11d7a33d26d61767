"""When two written answers are the same, whatever their form: by a key where there is one, else by the judges.

A key is text that the same answers share. For most it is exact in both directions; where it is not, the judge that
marks the part is asked (`same_answer`): conditions always, expressions without values, growths with logarithms.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.answers.reading import Reading
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.growth.comparison import growth_normal_form
from autograder.checks.growth.credit import GrowthCredit
from autograder.checks.symbolic.fingerprint import expression_normal_form
from autograder.checks.symbolic.substitution import substituted
from autograder.checks.verdict import Status
from autograder.scoring.forms import FORMS, at_given_values, equalities_of, side_conditions_of
from autograder.scoring.reading import Read


@dataclass(frozen=True)
class AnswerKey:
    """`text` is shared by the same answers. Without `exact`, the same answers may have different texts."""

    text: str
    exact: bool


def answer_key(read: Read, vocabulary: Vocabulary) -> AnswerKey:
    """The key of an answer that was read with this vocabulary."""
    match vocabulary.form:
        case "condition":
            return AnswerKey(repr(read.content.formula), exact=False)
        case "shape":
            equalities = equalities_of(vocabulary)
            sizes = [_expression_key(substituted(size, equalities), vocabulary) for size in read.content]
            return _joined(sizes)
        case "growth":
            return _joined([_growth_key(tree, vocabulary) for tree in _trees(read.content)])
    return _joined([_expression_key(at_given_values(tree, vocabulary), vocabulary) for tree in _trees(read.content)])


def _trees(reading: Reading) -> tuple[Node, ...]:
    """The answer, and the further ones that the student joined to it by "="."""
    return (reading.tree, *reading.others)


def _joined(keys: Iterable[AnswerKey]) -> AnswerKey:
    """Answers joined by "=" that are the same are one."""
    found = list(keys)
    return AnswerKey(" = ".join(dict.fromkeys(key.text for key in found)), all(key.exact for key in found))


def _expression_key(tree: Node, vocabulary: Vocabulary) -> AnswerKey:
    form = expression_normal_form(tree, vocabulary)
    return AnswerKey(repr(tree), exact=False) if form is None else AnswerKey(repr(form), exact=True)


def _growth_key(tree: Node, vocabulary: Vocabulary) -> AnswerKey:
    form = growth_normal_form(tree, side_conditions_of(vocabulary))
    if form is None:
        return AnswerKey(repr(tree), exact=False)
    terms = sorted(f"{term.powers}{term.logs}" for term in form.terms)  # not as written
    return AnswerKey(f"{'1 over ' * form.inverted}{terms}", exact=not any(term.logs for term in form.terms))


def same_answer(left: Read, right: Read, vocabulary: Vocabulary) -> bool:
    """Whether the judge of this form takes the one for the other. Not thorough: a doubt keeps them apart."""
    judge = FORMS[vocabulary.form].judge
    verdicts = [
        judge(one, other, vocabulary, GrowthCredit(), thorough=False) for one, other in ((left, right), (right, left))
    ]
    return all(verdict.relation == "equal" and verdict.status is Status.RIGHT for verdict in verdicts)
