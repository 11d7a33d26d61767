"""Reads submission_metadata.yml of a Gradescope export. Every scalar stays the text it was: 0123, NO and 1_000 too.

The file holds one mapping, `submission_<id>: {...}`, but lines of `...` or `---` stand in the middle of it and end a
document for YAML. They carry nothing, so they are left out. The file can be tens of MB: it is read with the C loader,
and one submission after the other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from autograder.errors import ExportUnreadable

MARKERS = re.compile(r"^(?:\.\.\.|---)[ \t]*\r?$", re.MULTILINE)
KEY_AT_THE_MARGIN = re.compile(r"^(?=[^\s#])", re.MULTILINE)
DEEPEST = 200
MAYBE_DEEP = re.compile(rf"(?:[-?:][ \t]+){{{DEEPEST}}}|^ {{{DEEPEST}}}", re.MULTILINE)
NULLS = ("", "~", "null")  # Null and NULL are people's names as often
KEY = "submission_"


@dataclass(frozen=True)
class Person:
    """One submitter; what the export does not say is ""."""

    name: str = ""
    sid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Earlier:
    """What Gradescope last showed for a submission. `score` and the scores of `parts` (number: score) are text."""

    score: str | None = None
    parts: Mapping[str, str] | None = None
    outputs: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Described:
    """What the metadata says of one submission."""

    people: tuple[Person, ...] = ()
    created_at: str = ""
    earlier: Earlier = Earlier()


class _TextLoader(yaml.CBaseLoader):
    """Scalars are text, or None where nothing stands; tags, Ruby's among them, mean nothing."""

    def construct_scalar(self, node: Any) -> Any:
        return None if not node.style and node.value in NULLS else node.value

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = str(self.construct_object(key_node, deep=True))
            if key in found and key.startswith(KEY):
                raise ExportUnreadable(f"submission_metadata.yml describes {key} twice; export the submissions again")
            found[key] = self.construct_object(value_node, deep=deep)
        return found


def read_metadata(data: bytes) -> dict[str, Described]:
    """Describe the submissions by the names of their folders (`submission_123`). Raises ExportUnreadable."""
    try:
        text = MARKERS.sub("", data.decode("utf-8-sig", "replace"))
        described: dict[str, Described] = {}
        for name, content in _submissions(text):
            if name in described:
                raise ExportUnreadable(f"submission_metadata.yml describes {name} twice; export the submissions again")
            described[name] = content
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise ExportUnreadable(f"submission_metadata.yml is not the YAML of an export{line}; export again") from error
    return described


def _submissions(text: str) -> Iterator[tuple[str, Described]]:
    """The entries one by one; all at once where one refers to what another defined (`*1`)."""
    try:
        one_by_one = [entry for start, end in _spans(text) for entry in _mapping(text[start:end])]
    except yaml.YAMLError:
        yield from _mapping(text)
    else:
        yield from one_by_one


def _spans(text: str) -> Iterator[tuple[int, int]]:
    starts = [match.start() for match in KEY_AT_THE_MARGIN.finditer(text)]
    yield from pairwise([*starts, len(text)])


def _refuse_depth(text: str) -> None:
    """Raises ValueError for nesting so deep that the C loader, which calls itself, would overflow the stack."""
    if text.count("[") + text.count("{") <= DEEPEST and not MAYBE_DEEP.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError("nested too deeply")


def _mapping(text: str) -> Iterator[tuple[str, Described]]:
    _refuse_depth(text)
    content = yaml.load(text, Loader=_TextLoader)  # it makes nothing but text, lists and dicts
    if content is not None and not isinstance(content, dict):
        raise ValueError("not a mapping")
    for name, entry in (content or {}).items():
        if str(name).startswith(KEY) and not set(str(name)) & {"/", "\0"}:
            yield str(name), _described(entry)


def _described(entry: Any) -> Described:
    fields = entry if isinstance(entry, dict) else {}
    submitters = _get(fields, "submitters")
    people = tuple(_person(one) for one in submitters) if isinstance(submitters, list) else ()
    return Described(people, _text(_get(fields, "created_at")), _earlier(fields))


def _person(fields: Any) -> Person:
    if not isinstance(fields, dict):
        return Person(_text(fields))
    return Person(*(_text(_get(fields, key)) for key in ("name", "sid", "email")))


def _earlier(fields: dict[str, Any]) -> Earlier:
    results = _get(fields, "results")
    results = results if isinstance(results, dict) else {}
    score = _get(fields, "score")
    score = _get(results, "score") if score is None else score
    tests = _get(results, "tests")
    numbered = [test for test in tests if isinstance(test, dict)] if isinstance(tests, list) else []
    marked = (test for test in numbered if None not in (_get(test, "number"), _get(test, "score")))
    parts = {_text(_get(test, "number")): test for test in marked}
    return Earlier(
        score=None if score is None else _text(score),
        parts={number: _text(_get(test, "score")) for number, test in parts.items()},
        outputs={number: _text(_get(test, "output")) for number, test in parts.items()},
    )


def _get(fields: dict[str, Any], key: str) -> Any:
    """A field by its name; Ruby writes a symbol's colon before most of them."""
    return fields.get(f":{key}", fields.get(key))


def _text(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
