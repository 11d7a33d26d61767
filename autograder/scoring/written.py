"""Marks written answers: read, compare with the expected answer and every accepted alternative, best credit counts.

The same marker serves a grading, `try` and a regrade. It never runs code and needs no torch.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from autograder.answers.reading import Refusal
from autograder.answers.tree import Node
from autograder.answers.vocabulary import Vocabulary
from autograder.checks.failures import data_or_failure
from autograder.checks.growth.credit import GrowthCredit
from autograder.checks.verdict import Fact, Status, Verdict, right, undecided
from autograder.errors import HomeworkInvalid, ReferenceFailed
from autograder.sandbox.outcome import Outcome
from autograder.scoring.declarations import declare
from autograder.scoring.forms import FORMS
from autograder.scoring.homework import Declarations, WrittenPart
from autograder.scoring.reading import SHORT, Read, has_either_sign, read_answer, read_part, with_each_sign
from autograder.scoring.rubric import Alternative, PartRubric, Rubric
from autograder.scoring.same_answer import AnswerKey, answer_key

MOST_REMEMBERED = 2_000  # verdicts


@dataclass(frozen=True)
class Judged:
    """One way to credit an answer: by the main answer, or by an alternative with its feedback.

    `at_most`: what it is worth if the two are equal, which is at stake where that is undecided.
    """

    credit: float
    verdict: Verdict
    at_most: float = 0.0
    feedback: str = ""
    main: bool = False


@dataclass(frozen=True)
class ReadWith:
    """An answer that was read, with what vocabulary, and the names that an alternative declares anew for it."""

    names: Mapping[str, str]
    vocabulary: Vocabulary
    read: Read

    @cached_property
    def key(self) -> AnswerKey:
        """By what the same answers are found."""
        return answer_key(self.read, self.vocabulary)


class WrittenMarker:
    """Marks the written parts of one homework. Expected answers are fetched and read once.

    `expected_answer` gives the reference's answer to a part; without a rubric, answers can only be read.
    """

    def __init__(
        self,
        declarations: Declarations,
        rubric: Rubric | None = None,
        expected_answer: Callable[[WrittenPart], Any] | None = None,
    ) -> None:
        self._declarations = declarations
        self._rubric = rubric
        self._expected_answer = expected_answer
        self._alternatives = cache(self._read_alternatives)
        self._expected = cache(self._read_expected)
        self._short_readings = lru_cache(maxsize=512)(self._reading)
        self._verdicts: dict[tuple[str, str], Verdict] = {}

    def read(self, number: str, data: Any) -> Read | Refusal:
        """How an answer to the part is read, before it counts for anything."""
        return read_part(data, self._declarations.part(number))

    def relation(self, number: str, actual: Outcome, growth: str) -> str:
        """What a student's growth is to the one that the text `growth` names; "undecided" if it cannot be read."""
        part = self._declarations.part(number)
        data = data_or_failure(actual)
        given = None if isinstance(data, Verdict) else self.read(number, data)
        named = read_answer(growth, part.vocabulary)
        if isinstance(named, Refusal):
            raise HomeworkInvalid(f"part {number} is held against {growth!r}, which cannot be read ({named.kind})")
        if not isinstance(given, Read):
            return "undecided"
        return FORMS[part.vocabulary.form].judge(named, given, part.vocabulary, GrowthCredit()).relation or "undecided"

    def reading(self, number: str, data: Any) -> ReadWith | None:
        """How an answer can be read: in the part's own names, or else in those that an alternative declares anew."""
        if type(data) is str and len(data) <= SHORT:
            return self._short_readings(number, data)
        return self._reading(number, data)

    def _reading(self, number: str, data: Any) -> ReadWith | None:
        vocabularies: list[tuple[Mapping[str, str], Vocabulary]] = [({}, self._declarations.part(number).vocabulary)]
        vocabularies += [(entry.names, anew) for entry, anew, _ in self._alternatives(number) if entry.names]
        for names, vocabulary in vocabularies:
            read = read_answer(data, vocabulary)
            if isinstance(read, Read):
                return ReadWith(names, vocabulary, read)
        return None

    def mark(self, number: str, actual: Outcome) -> Verdict:
        """The verdict on a student's answer."""
        data = data_or_failure(actual)
        return data if isinstance(data, Verdict) else self.mark_answer(number, data)

    def check_reading(self, number: str, actual: Outcome) -> Verdict:
        """Whether the answer can be read, and as what: all that can be said without a reference."""
        data = data_or_failure(actual)
        if isinstance(data, Verdict):
            return data
        read = self.read(number, data)
        return _unreadable(read) if isinstance(read, Refusal) else replace(right(*read.facts), read_as=read.read_as)

    def mark_answer(self, number: str, answer: Any) -> Verdict:
        """The same for plain data. Many students give the same answer, so a short one is marked once."""
        known = self._verdicts.get((number, answer)) if type(answer) is str else None
        if known is not None:
            return known
        verdict = self._mark_anew(number, answer)
        if type(answer) is str and len(answer) <= SHORT and verdict.status is not Status.UNDECIDED:
            if len(self._verdicts) >= MOST_REMEMBERED:
                del self._verdicts[next(iter(self._verdicts))]
            self._verdicts[number, answer] = verdict
        return verdict

    def _mark_anew(self, number: str, answer: Any) -> Verdict:
        part = self._declarations.part(number)
        read = read_answer(answer, part.vocabulary)
        if isinstance(read, Read) and has_either_sign(read):
            return min((self._marked(part, answer, one) for one in with_each_sign(read)), key=lambda one: one.credit)
        return self._marked(part, answer, read)

    def _marked(self, part: WrittenPart, answer: Any, read: Read | Refusal) -> Verdict:
        judged = list(self._by_main(part, read))
        if not any(entry.verdict.relation == "equal" and entry.credit >= 1 for entry in judged):
            judged += self._by_alternatives(part, answer, read)
        if not judged and isinstance(read, Refusal):
            return _unreadable(read)
        return _best(judged, read)

    def _by_main(self, part: WrittenPart, read: Read | Refusal) -> Iterator[Judged]:
        if isinstance(read, Refusal):
            return
        wanted = self._expected(part.number)
        verdict = FORMS[part.vocabulary.form].judge(wanted, read, part.vocabulary, self._part(part).growth)
        yield Judged(verdict.credit, verdict, at_most=1.0, main=True)
        for entry in self._part(part).alternatives:
            if entry.relation == verdict.relation and self._contains(part, read, entry):
                yield Judged(entry.credit, verdict, feedback=entry.feedback)

    def _contains(self, part: WrittenPart, read: Read, entry: Alternative) -> bool:
        if entry.contains is None:
            return True
        term = read_answer(entry.contains, part.vocabulary)
        if isinstance(term, Refusal):
            raise _unreadable_entry(entry, "contains", term)
        return FORMS[part.vocabulary.form].contains(read, term, part.vocabulary)

    def _by_alternatives(self, part: WrittenPart, answer: Any, read: Read | Refusal) -> Iterator[Judged]:
        """Alternatives that are answers. One that declares names anew reads the student's answer anew too, but only an
        answer that says nothing in the part's own names: d||mu||^2 is a vector's, and never d mu^2.
        """
        for entry, vocabulary, wanted in self._alternatives(part.number):
            anew = vocabulary is not part.vocabulary
            if anew and isinstance(read, Read):
                continue
            own = read_answer(answer, vocabulary) if anew else read
            if isinstance(own, Refusal) or (anew and has_either_sign(own)):
                continue
            growth, matters = self._part(part).growth, entry.credit > 0
            verdict = FORMS[vocabulary.form].judge(wanted, own, vocabulary, growth, thorough=matters)
            if verdict.relation == "equal" or (_is_stronger(verdict) and not entry.exact):
                yield Judged(entry.credit, verdict, feedback=entry.feedback)
            elif vocabulary is part.vocabulary and entry.credit == 1 and not entry.exact:
                # It is as good as the main answer, and so are its bounds.
                yield Judged(verdict.credit, verdict, at_most=entry.credit)

    def _read_alternatives(self, number: str) -> tuple[tuple[Alternative, Vocabulary, Read], ...]:
        part = self._declarations.part(number)
        for entry in self._part(part).alternatives:
            if entry.contains is not None and isinstance(term := read_answer(entry.contains, part.vocabulary), Refusal):
                raise _unreadable_entry(entry, "contains", term)
        return tuple(_read_alternative(part, entry) for entry in self._part(part).alternatives if entry.answer)

    def _part(self, part: WrittenPart) -> PartRubric:
        if self._rubric is None:
            raise HomeworkInvalid(f"part {part.number} cannot be marked without reference/rubric.toml")
        return self._rubric.part(part.number)

    def _read_expected(self, number: str) -> Read:
        part = self._declarations.part(number)
        if self._expected_answer is None:
            raise HomeworkInvalid(f"part {number} cannot be marked without the reference")
        read = read_answer(self._expected_answer(part), part.vocabulary)
        if isinstance(read, Refusal):
            answer = f"{part.module}.{part.attribute}"
            raise ReferenceFailed(f"the reference's answer to {number}, {answer}, cannot be read ({read.kind})")
        return read

    def prepare(self, numbers: Collection[str] | None = None) -> None:
        """Reads expected answers and alternatives: of all written parts, or of those in `numbers`.

        Raises HomeworkInvalid or ReferenceFailed if one cannot be read.
        """
        for number in [part for part in self._declarations.parts if numbers is None or part in numbers]:
            self._alternatives(number)
            self._expected(number)

    def trees(self, number: str, actual: Outcome) -> Iterator[Node]:
        """The expected answer as a tree, then the student's own if it earned something: for follow-through."""
        yield self._expected(number).content.tree
        if self.mark(number, actual).credit > 0:
            yield from self.own_trees(number, actual)

    def own_trees(self, number: str, actual: Outcome) -> Iterator[Node]:
        """The student's own answer as a tree, if it can be read."""
        data = data_or_failure(actual)
        read = None if isinstance(data, Verdict) else self.read(number, data)
        if isinstance(read, Read):
            yield read.content.tree


def _is_stronger(verdict: Verdict) -> bool:
    """Whether a condition asks for all that the alternative asks for, and more: it is worth at least as much."""
    return any(fact.kind == "condition_stronger" for fact in verdict.facts)


def _read_alternative(part: WrittenPart, entry: Alternative) -> tuple[Alternative, Vocabulary, Read]:
    vocabulary = _with_names(part, entry) if entry.names else part.vocabulary
    read = read_answer(entry.answer, vocabulary)
    if isinstance(read, Refusal):
        raise _unreadable_entry(entry, "answer", read)
    return entry, vocabulary, read


def _with_names(part: WrittenPart, entry: Alternative) -> Vocabulary:
    """The part's vocabulary with some names declared anew."""
    strangers = [name for name in entry.names if name not in {known.name for known in part.vocabulary.names}]
    if strangers:
        raise entry.refuse(f"{strangers[0]} is not a name of this part", "names")
    declared = {name: declare(name, kind) for name, kind in entry.names.items()}
    wrong = [name for name, value in declared.items() if value is None]
    if wrong:
        raise entry.refuse(f"{entry.names[wrong[0]]!r} is not a kind of name", "names")
    names = tuple(declared.get(name.name) or name for name in part.vocabulary.names)
    return replace(part.vocabulary, names=names)


def _unreadable_entry(entry: Alternative, key: str, refusal: Refusal) -> HomeworkInvalid:
    return entry.refuse(f"{key} {getattr(entry, key)!r} cannot be read ({refusal.kind})", key)


def _best(judged: list[Judged], read: Read | Refusal) -> Verdict:
    """The most favourable judgement; at equal credit the main answer if it is right, else one with feedback."""
    read_as, notes = (read.read_as, read.facts) if isinstance(read, Read) else (None, ())
    main = next((entry.verdict for entry in judged if entry.main), None)
    relation = main.relation if main else "not_equal"
    best = max(judged, key=lambda entry: (entry.credit, relation == "equal" and entry.main, bool(entry.feedback)))
    if main and main.status is Status.UNREADABLE:
        return replace(main, read_as=read_as)
    if any(entry.verdict.status is Status.UNDECIDED and entry.at_most > best.credit for entry in judged):
        return replace(undecided(Fact("comparison_undecided")), read_as=read_as, relation="undecided")
    feedback = (Fact("feedback", {"text": best.feedback}),) if best.feedback else best.verdict.facts
    facts = feedback if best.credit < 1 or best.feedback else ()
    return Verdict(_status(best.credit), best.credit, (*notes, *facts), read_as, relation)


def _status(credit: float) -> Status:
    if credit >= 1:
        return Status.RIGHT
    return Status.PARTIAL if credit > 0 else Status.WRONG


def _unreadable(read: Refusal) -> Verdict:
    data = {"position": read.position, "found": read.found, "understood": read.understood, **read.data}
    return Verdict(Status.UNREADABLE, 0.0, (Fact(f"unreadable_{read.kind}", data),), relation="unreadable")
