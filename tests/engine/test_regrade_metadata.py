"""The metadata of an export: what looks like a number stays text, and what breaks YAML readers does not break this."""

import time

import pytest

from autograder.errors import ExportUnreadable
from autograder.regrade.metadata import Person, read_metadata

ENTRY = "{name}:\n  :submitters:\n  - :name: {who}\n    :sid: {sid}\n"


def read(text):
    return read_metadata(text.encode())


def person(text):
    (only,) = read(text).values()
    return only.people[0]


@pytest.mark.parametrize("text", ["0123", "NO", "1_000", "12e4", "on", "0x1F", "1:30", "2026-04-26", "Null", "=", "<<"])
def test_a_plain_scalar_stays_the_text_it_was(text):
    assert person(ENTRY.format(name="submission_1", who=text, sid=text)) == Person(text, text, "")


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_no_text(nothing):
    assert person(ENTRY.format(name="submission_1", who=nothing, sid="'~'")) == Person("", "~", "")


@pytest.mark.parametrize("marker", ["...", "---", "...  ", "...\r"])
def test_a_document_end_between_or_within_entries_changes_nothing(marker):
    first = ENTRY.format(name="submission_1", who="Ada", sid="01")
    second = ENTRY.format(name="submission_2", who="Bo", sid="02")
    within = first.replace("    :sid", f"{marker}\n    :sid")
    assert read(f"---\n{within}{marker}\n{second}{marker}\n") == read(first + second)


def test_an_entry_that_stands_there_twice_is_refused():
    entry = ENTRY.format(name="submission_1", who="Ada", sid="01")
    with pytest.raises(ExportUnreadable, match="submission_1 twice"):
        read(f"{entry}...\n{entry}")


def test_what_is_not_yaml_is_refused_with_its_line():
    with pytest.raises(ExportUnreadable, match="line 2"):
        read("submission_1:\n  [: {")


@pytest.mark.parametrize(
    "deep",
    ["[" * 100_000, "- " * 100_000 + "a", "? " * 100_000 + "a", "".join(f"\n{' ' * i}a:" for i in range(1, 3000))],
)
def test_nesting_that_would_overflow_the_stack_is_refused(deep):
    with pytest.raises(ExportUnreadable, match="not the YAML of an export"):
        read(f"submission_1:\n  {deep}")


def test_brackets_in_a_text_are_no_nesting():
    read_entries = read(f"submission_1:\n  :results: {{output: '{'[' * 1000}'}}\n  :score: 1\n")
    assert read_entries["submission_1"].earlier.score == "1"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n...\n"])
def test_metadata_may_be_empty(text):
    assert read(text) == {}


def test_references_from_one_entry_to_another_are_followed():
    read_entries = read("submission_1:\n  :submitters: &a\n  - :name: Ada\nsubmission_2:\n  :submitters: *a\n")
    assert [entry.people for entry in read_entries.values()] == [(Person("Ada"),), (Person("Ada"),)]


def test_tags_make_nothing_but_text():
    tagged = "  - :name: !!python/object/apply:os.getcwd []\n    :sid: !ruby/object:X 'y'\n"
    assert person(f"submission_1:\n  :submitters:\n{tagged}") == Person("", "y", "")


def test_many_references_to_many_references_take_no_time():
    lines = ["submission_1:", "  a0: &a0 [x, x]"]
    lines += [f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    started = time.process_time()
    read("\n".join(lines))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("entry", "score", "parts"),
    [
        ("  :score: 2.0\n", "2.0", {}),
        ("  :score:\n  :results: {score: 3.5, tests: }\n", "3.5", {}),
        ("  :results: {tests: [{number: '1.a', score: 1.5, output: hi}, {name: x}, 7]}\n", None, {"1.a": "1.5"}),
        ("  :results:\n", None, {}),
        ("  :results: 7\n  :submitters: 9\n", None, {}),
    ],
)
def test_earlier_scores_are_those_of_the_active_submission(entry, score, parts):
    history = "  :history:\n  - :score: 99.0\n    :results: {tests: [{number: '1.a', score: 9.0}]}\n"
    earlier = read(f"submission_1:\n{entry}{history}")["submission_1"].earlier
    assert (earlier.score, earlier.parts) == (score, parts)
