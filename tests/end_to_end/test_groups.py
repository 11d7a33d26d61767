"""Who would miss it: the TA who found one answer that the rubric forgot, and sixty students who gave it."""

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .conftest import command

ONLY = ("--only", "1.a", "--only", "2.a.code", "--only", "2.b", "--only", "6.a", "--only", "6.c.time", "--workers", "2")
LEAST = """
import torch
def argmax_attention(q, K, V):
    return V[torch.argmin(K @ q)]
"""
LEAST_OTHERWISE = """
import torch
def argmax_attention(query, keys, values):
    scores = torch.mv(keys, query)  # one score a key
    best = torch.argmax(-scores)
    return values[best]
"""
FIRST = """
def argmax_attention(q, K, V):
    return V[0]
"""
FIRST_OTHERWISE = """
def argmax_attention(q, K, V):
    "The first one."
    chosen = V[:1]
    return chosen.squeeze(0)
"""
REACHES = "gradient_reaches = {'queries': False, 'keys': True, 'values': True}\n"
# name: (1.a, module 2, 6.a, 6.c.time)
CLASS = {
    "ada": ("d*mu^2 + sigma", LEAST, "sim(q, k) > 0", "O(N^2 (D + M))"),
    "bob": (r"\sigma + d\mu^2", LEAST_OTHERWISE, "all similarities are positive", r"\mathcal{O}(N^2 D + N^2 M)"),
    "cyd": ("sigma + mu^2 d", FIRST, "sim(q, k) >= 0", "O(M N)"),
    "dee": ("||mu||^2", FIRST_OTHERWISE, "0 <= sim(q, k)", "3 N*M + N"),
    "eve": ("mu^T mu", "", "sim(q, k) >= -1", r"$\Theta(NM)$"),
    "fay": ("d*mu^2 + 2*sigma", "", "", "O(N^3)"),
    "guy": ("a lot, I think", "", "the sum is something", "N^2 * D"),
}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export")
    for name, (expectation, argmax, condition, time) in CLASS.items():
        folder = place / name
        folder.mkdir()
        (folder / "q1_scaling.py").write_text(f"expectation = {expectation!r}\n")
        (folder / "q2_argmax.py").write_text(argmax + REACHES)
        (folder / "q6_linear.py").write_text(f"finite_condition = {condition!r}\nsoftmax_time = {time!r}\n")
    return place


@pytest.fixture(scope="module")
def run(export: Path, homework: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "run"
    done = command("regrade", export, "--out", out, *ONLY, "--homework", homework)
    assert done.returncode == 0, done.stderr
    return out


def groups(run: Path, part: str, homework: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return command("groups", run, part, "--homework", homework, *options)


def listed(run: Path, part: str, homework: Path) -> list[dict[str, Any]]:
    done = groups(run, part, homework, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def names(run: Path, homework: Path) -> Mapping[str, str]:
    """The group that each one's answer to 6.c.time is in."""
    found = listed(run, "6.c.time", homework)
    return {name: group_of(found, name)["group"] for name in CLASS}


def members(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [tuple(group["submission_ids"]) for group in found]


def group_of(found: list[dict[str, Any]], name: str) -> Mapping[str, Any]:
    return next(group for group in found if name in group["submission_ids"])


def test_the_same_answer_is_one_group_whatever_its_form(run: Path, homework: Path) -> None:
    assert members(listed(run, "6.c.time", homework)) == [("cyd", "dee", "eve"), ("ada", "bob"), ("guy",), ("fay",)]
    assert members(listed(run, "1.a", homework))[:2] == [("ada", "bob", "cyd"), ("dee", "eve")]
    assert members(listed(run, "6.a", homework))[:2] == [("ada", "bob"), ("cyd", "dee")]


def test_code_is_together_by_what_it_computes(run: Path, homework: Path) -> None:
    found = listed(run, "2.a.code", homework)
    assert {("ada", "bob"), ("cyd", "dee"), ("eve", "fay", "guy")} == set(members(found))
    assert group_of(found, "ada")["kind"] == "mistake"
    assert members(listed(run, "2.b", homework)) == [tuple(CLASS)]


def test_what_cannot_be_read_or_is_not_there_has_groups_too(run: Path, homework: Path) -> None:
    assert {group["kind"] for group in listed(run, "6.a", homework)} == {"formula", "unreadable", "unanswered"}


def test_groups_are_the_same_each_time_and_a_person_can_read_them(run: Path, homework: Path) -> None:
    shown = [groups(run, "6.c.time", homework).stdout for _ in range(2)]
    assert shown[0] == shown[1]
    assert "O(M N)" in shown[0] or "O(N·M)" in shown[0]
    assert "7 submissions in 4 groups" in shown[0]


NOTE = 'Half of it: "so" \\ und ünd'
DECISIONS = [
    ("6.c.time", "cyd", "1", "exact"),  # a growth; its bounds are others' answers
    ("1.a", "ada", "0.75", "names"),  # read only with names that an alternative declares anew
    ("6.a", "eve", "0.75", "answer"),  # a condition
    ("6.a", "cyd", "0.75", "credit"),  # an alternative that is in the rubric already
    ("2.a.code", "ada", "0.75", "relation"),  # a mistake with a name
]


def test_a_decision_holds_for_the_whole_group_and_for_nobody_else(
    run: Path, export: Path, homework: Path, tmp_path: Path
) -> None:
    mine, again = tmp_path / "homework", tmp_path / "run"
    shutil.copytree(homework, mine)
    shutil.copytree(run, again)
    parts = dict.fromkeys(part for part, *_ in DECISIONS)
    before = {part: listed(again, part, mine) for part in parts}
    expected = {(p, name): g["credit"] for p in parts for g in before[p] for name in g["submission_ids"]}
    changed = set()
    for part, of, credit, written in DECISIONS:
        group = group_of(before[part], of)
        done = groups(again, part, mine, "--accept", group["group"], "--credit", credit, "--note", NOTE)
        assert done.returncode == 0, done.stderr
        assert f"{written} = " in done.stdout
        count = f"{group['count']} submissions"
        assert f"group {group['group']}: {count}, credit {group['credit']:g} -> {credit}" in done.stdout
        expected |= {(part, name): float(credit) for name in group["submission_ids"]}
        changed |= {(name, part) for name in group["submission_ids"]}
    finished = command("regrade", export, "--out", again, *ONLY, "--homework", mine, "--against", again)
    assert finished.returncode == 0, finished.stderr
    after = {part: listed(again, part, mine) for part in parts}
    for part in parts:
        assert set(members(after[part])) == set(members(before[part]))
        assert {group["group"] for group in after[part]} == {group["group"] for group in before[part]}
    assert expected == {(p, name): g["credit"] for p in parts for g in after[p] for name in g["submission_ids"]}
    with (again / "changes.csv").open(newline="", encoding="utf-8") as file:
        changes = list(csv.DictReader(file))
    assert {(row["submission_id"], row["number"]) for row in changes} == changed
    assert all(NOTE in row["reason"] for row in changes)


def test_what_no_rule_can_speak_of_is_graded_by_hand(run: Path, homework: Path, export: Path, tmp_path: Path) -> None:
    again, sheet = tmp_path / "run", tmp_path / "by hand.csv"
    shutil.copytree(run, again)
    sheet.write_text("submission_id,number,score,comment\ncyd,2.a.code,2,older\nada,1.a,1,stays\n")
    name = group_of(listed(again, "2.a.code", homework), "cyd")["group"]
    decision = ("--accept", name, "--credit", "0.5", "--note", "the first, not the best")
    refused = groups(again, "2.a.code", homework, *decision)
    assert refused.returncode == 2
    assert "no rule of the rubric can speak of it" in refused.stderr
    assert "--manual" in refused.stderr
    assert groups(again, "2.a.code", homework, *decision, "--manual", str(sheet)).returncode == 0
    finished = command("regrade", export, "--out", again, *ONLY, "--homework", homework, "--manual", sheet)
    assert finished.returncode == 0, finished.stderr
    with (again / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["submission_id"]: row for row in csv.DictReader(file)}
    assert (rows["cyd"]["2.a.code"], rows["dee"]["2.a.code"], rows["ada"]["1.a"]) == ("1", "1", "1")
    assert rows["ada"]["2.a.code"] == "0"
    assert group_of(listed(again, "2.a.code", homework), "cyd")["graded_by_hand"] == 2


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--accept", "zzz", "--credit", "0.5", "--note", "x"), "is not a group of this part"),
        (("--accept", "{ada}", "--credit", "0.5", "--note", "x"), "the reference's own answer"),
        (("--accept", "{guy}", "--credit", "0.1", "--note", "x"), "would earn 0.25 and not 0.1"),
        (("--accept", "{cyd}", "--credit", "1.5", "--note", "x"), "not a share of the points"),
        (("--accept", "{cyd}", "--credit", "nan", "--note", "x"), "not a share of the points"),
        (("--accept", "{cyd}", "--credit", "0.5"), "needs --note"),
        (("--accept", "{cyd}", "--note", "x"), "needs --credit"),
        (("--credit", "0.5"), "belongs to --accept"),
        (("--accept", "{cyd}", "--credit", "0", "--note", "x", "--rubric", "a", "--manual", "b"), "one of them"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_nothing_is_written(
    run: Path, homework: Path, names: Mapping[str, str], options: tuple[str, ...], what: str
) -> None:
    rubric = homework / "reference" / "rubric.toml"
    before = rubric.read_bytes()
    filled = [option.format(**names) for option in options]
    done = groups(run, "6.c.time", homework, *filled)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
    assert rubric.read_bytes() == before


def test_a_rule_can_be_written_beside_the_rubric_first(run: Path, homework: Path, tmp_path: Path) -> None:
    before = (homework / "reference" / "rubric.toml").read_bytes()
    found = listed(run, "6.c.time", homework)
    place = tmp_path / "proposed.toml"
    for name, credit in (("cyd", "0.25"), ("guy", "0.5")):
        group = group_of(found, name)["group"]
        options = ("--accept", group, "--credit", credit, "--note", "so", "--rubric", str(place))
        assert groups(run, "6.c.time", homework, *options).returncode == 0
    assert (homework / "reference" / "rubric.toml").read_bytes() == before
    assert place.read_text().count('feedback = "so"') == 2


@pytest.mark.parametrize(("part", "what"), [("9.z", "there is no part 9.z"), ("1.b", "there is no part 1.b")])
def test_a_part_that_was_not_graded_is_refused(run: Path, homework: Path, part: str, what: str) -> None:
    done = groups(run, part, homework)
    assert (done.returncode, done.stdout) == (2, "")
    assert what in done.stderr
