"""The command `groups`, without its printing: the groups of a part, and a decision for one of them."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import PartUnknown, RunRefused, UsageError
from autograder.regrade.files import write_whole
from autograder.regrade.groups.accept import Decision, Ruled, Rules, found_group, rubric_of
from autograder.regrade.groups.by_hand import with_grades
from autograder.regrade.groups.grouping import Group
from autograder.regrade.groups.reading import judge_of, part_groups
from autograder.regrade.store import open_store
from autograder.scoring.homework import load_declarations
from autograder.scoring.written import WrittenMarker
from autograder.settings import Homework


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    run: Path
    number: str
    homework: Homework
    accept: str | None
    credit: float | None
    note: str
    rubric: Path | None
    manual: Path | None


def asked_for(options: Namespace) -> Asked:
    """Raises UsageError for what does not go together."""
    homework = Homework(options.homework)
    deciding = [f"--{name}" for name in ("credit", "note", "rubric", "manual") if getattr(options, name) is not None]
    if options.accept is None and deciding:
        raise UsageError(f"{deciding[0]} belongs to --accept GROUP; name the group that is decided on")
    if options.accept is not None and options.credit is None:
        raise UsageError("--accept needs --credit, the share of the points from 0 to 1")
    if options.accept is not None and not (options.note or "").strip():
        raise UsageError("--accept needs --note, what the students of the group read")
    if options.credit is not None and not 0 <= options.credit <= 1:
        raise UsageError(f"--credit {options.credit:g} is not a share of the points from 0 to 1")
    if options.rubric and options.manual:
        raise UsageError("--rubric writes a rule and --manual writes grades by hand; give one of them")
    return Asked(
        options.run, options.part, homework, options.accept, options.credit, (options.note or "").strip(),
        options.rubric, options.manual,
    )  # fmt: skip


def groups_in(asked: Asked) -> list[Group]:
    """The groups of the part. Raises PartUnknown where the run has no such part."""
    marker = WrittenMarker(load_declarations(asked.homework), rubric_of(asked.homework))
    with open_store(asked.run, read_only=True) as store:
        numbers = list(dict.fromkeys(line.number for line in store.scores()))
        if not numbers:
            raise RunRefused(f"{asked.run} holds no finished run; let regrade finish first")
        if asked.number not in numbers:
            raise PartUnknown(f"there is no part {asked.number} in this run; the parts are {', '.join(numbers)}")
        return part_groups(store, asked.number, judge_of(marker))


def decided(asked: Asked, groups: Sequence[Group]) -> Iterator[str]:
    """Writes down the decision, and says what it comes to and what is to be done next."""
    decision = Decision(found_group(groups, asked.accept or ""), asked.credit or 0.0, asked.note)
    if asked.manual is not None:
        return _by_hand(asked, asked.manual, decision)
    place = (asked.rubric or asked.homework.rubric).resolve()
    ruled = Rules(asked.homework, place).rule(decision, groups)
    _write(place, ruled.text)
    return _told(asked, place, ruled)


def _by_hand(asked: Asked, path: Path, decision: Decision) -> Iterator[str]:
    _write(path, with_grades(path, decision))
    group = decision.group
    share = f"{decision.credit:g} of {float(group.points):g} points"
    yield f"{path}: {group.count} grades by hand for {group.number}, {share}."
    yield f"Next: regrade EXPORT --out {asked.run} --against {asked.run} --manual {path}"


def _told(asked: Asked, place: Path, ruled: Ruled) -> Iterator[str]:
    yield f"{place}:"
    yield ruled.entry.rstrip()
    for effect in ruled.changed:
        count = effect.group.count
        yield f"group {effect.group.id}: {count} submissions, credit {effect.before:g} -> {effect.after:g}"
    if not ruled.changed:
        yield "Nobody's credit changes by it."
    if place == asked.homework.rubric.resolve():
        yield f"Next: regrade EXPORT --out {asked.run} --against {asked.run}"
    else:
        yield f"Next: put it in the place of {asked.homework.rubric}, then regrade EXPORT --out {asked.run}"


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise RunRefused(f"{path} cannot be written ({error.strerror}); nothing was changed") from error
