"""What an export may hold. Who would miss it: the TA whose export was packed again by a Mac, a script or a joker."""

import io
import os
import stat
import zipfile

import pytest

from autograder.errors import ExportUnreadable
from autograder.regrade.export import open_export
from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles

EXPECTED = ExpectedFiles(("q1", "q2"))
TOP = "assignment_1_export/"
ADA = "submission_1:\n  :submitters:\n  - :name: Ada\n"


def zipped(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def member(name, kind):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def read(path):
    """What is found by submission: the people, and the content of q1.py; and what is told as unsafe."""
    with open_export(path, Limits()) as export:
        found = {
            entry.submission_id: (
                [person.name for person in entry.described.people],
                export.read(entry, EXPECTED).files.get("q1.py"),
            )
            for entry in export.entries
        }
        return found, export.container.unsafe()


INNER = zipped([("handed in/q1.py", "a = 1")])
ONE = {"1": (["Ada"], b"a = 1")}
ZIPS = {
    "as it comes": ([(TOP + "submission_metadata.yml", ADA), (TOP + "submission_1/q1.py", "a = 1")], ONE),
    "without the folder": ([("submission_metadata.yml", ADA), ("submission_1/q1.py", "a = 1")], ONE),
    "in a folder more": ([(f"x/{TOP}submission_metadata.yml", ADA), (f"x/{TOP}submission_1/q1.py", "a = 1")], ONE),
    "a zip inside": ([("submission_metadata.yml", ADA), ("submission_1/a.zip", INNER)], ONE),
    "a zip inside, by a Mac": (
        [
            ("submission_metadata.yml", ADA),
            ("submission_1/a.zip", INNER),
            ("submission_1/__MACOSX/._a.zip", "x"),
            ("__MACOSX/._submission_1", "x"),
            (".DS_Store", "x"),
        ],
        ONE,
    ),
    "no metadata": ([(TOP + "submission_1/q1.py", "a = 1")], {"1": ([], b"a = 1")}),
    "empty metadata": ([("submission_metadata.yml", ""), ("submission_1/q1.py", "a = 1")], {"1": ([], b"a = 1")}),
    "metadata that are a folder": (
        [("submission_metadata.yml/x", ""), ("submission_1/q1.py", "a = 1")],
        {"1": ([], b"a = 1")},
    ),
    "no folder, no metadata": (
        [("submission_metadata.yml", ADA), ("submission_2/q1.py", "b = 2")],
        {"1": (["Ada"], None), "2": ([], b"b = 2")},
    ),
    "a zip a student": (
        [("=cmd().zip", INNER), ("é b.zip", INNER), ("broken.zip", INNER[:40]), ("notes.txt", "x")],
        {"=cmd()": ([], b"a = 1"), "broken": ([], None), "é b": ([], b"a = 1")},
    ),
    "the first of two files": (
        [("submission_1/q1.py", "a = 1"), ("submission_1/q1.py", "a = 2"), ("submission_1/Q1.py", "a = 3")],
        {"1": ([], b"a = 1")},
    ),
    "a file where a folder is": (
        [
            ("submission_1/q1.py/x", ""),
            ("submission_1/q1.py", "a = 1"),
            ("submission_2", "x"),
            ("submission_2/q1.py", "b"),
        ],
        {"1": ([], None), "2": ([], b"b")},
    ),
    "names too long to be files": (
        [(f"submission_1/{'n' * 300}/q1.py", ""), ("submission_1/q1.py", "a = 1")],
        {"1": ([], b"a = 1")},
    ),
    "links, FIFOs and devices": (
        [
            (member("submission_1/q1.py", stat.S_IFLNK), "/etc/passwd"),
            (member("submission_2/q1.py", stat.S_IFIFO), ""),
            (member("submission_3/q1.py", stat.S_IFCHR), ""),
        ],
        {"1": ([], None), "2": ([], None), "3": ([], None)},
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_is_read_whatever_packed_it(tmp_path, name):
    members, expected = ZIPS[name]
    (tmp_path / "export.zip").write_bytes(zipped(members))
    assert read(tmp_path / "export.zip") == (expected, ())


def test_names_that_lead_out_of_the_folder_are_told_and_nothing_is_taken_from_them(tmp_path):
    names = ("/etc/evil", "../evil", "submission_1/../../evil", "C:\\evil", "submission_1\\q1.py")
    (tmp_path / "export.zip").write_bytes(zipped([*((name, "x") for name in names), ("submission_1/q1.py", "a = 1")]))
    found, unsafe = read(tmp_path / "export.zip")
    assert found == {"1": ([], b"a = 1")}
    assert set(unsafe) == set(names)


def test_members_in_zip64_are_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name, content in (("submission_metadata.yml", ADA), ("submission_1/q1.py", "a = 1")):
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                file.write(content.encode())
    assert read(tmp_path / "export.zip") == (ONE, ())


def encrypted(content):
    """The bytes of a zip with the mark of encryption on each member."""
    found = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := found.find(mark, start + 1)) >= 0:
            found[start + place] |= 1
    return bytes(found)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "not a zip"),
        (b"\x1f\x8b\x08", "not a zip"),
        (zipped(ZIPS["as it comes"][0])[:-30], "not a zip"),
        (encrypted(zipped(ZIPS["as it comes"][0])), "encrypted"),
        (zipped([("submission_metadata.yml", ADA), ("submission_metadata.yml", ADA)]), "there are two of it"),
        (zipped([("notes.txt", "x")]), "holds no submission"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path, content, what):
    (tmp_path / "export.zip").write_bytes(content)
    with pytest.raises(ExportUnreadable, match=what):
        read(tmp_path / "export.zip")


def test_in_a_folder_links_and_fifos_are_never_opened(tmp_path):
    for number in (1, 2, 3):
        (tmp_path / f"submission_{number}").mkdir()
    (tmp_path / "submission_1" / "q1.py").write_text("a = 1")
    os.mkfifo(tmp_path / "submission_2" / "q1.py")
    (tmp_path / "submission_3" / "q1.py").symlink_to(tmp_path / "submission_1" / "q1.py")
    (tmp_path / "submission_4").symlink_to(tmp_path / "submission_1")
    os.mkfifo(tmp_path / "submission_5.zip")
    (tmp_path / "submission_metadata.yml").symlink_to(tmp_path / "submission_1" / "q1.py")
    found, unsafe = read(tmp_path)
    assert {name: content for name, (_, content) in found.items() if content} == {"1": b"a = 1"}
    assert unsafe == ("submission_4", "submission_5.zip", "submission_metadata.yml")


def test_metadata_that_are_a_fifo_are_passed_over(tmp_path):
    (tmp_path / "submission_1").mkdir()
    os.mkfifo(tmp_path / "submission_metadata.yml")
    assert read(tmp_path) == ({"1": ([], None)}, ("submission_metadata.yml",))


def test_a_submission_that_was_read_ahead_is_not_opened_again_and_then_is(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "bob").mkdir()
    module = tmp_path / "ada" / "q1.py"
    module.write_text("a = 1")
    with open_export(tmp_path, Limits()) as export:
        entry = export.entries[0]
        first = export.read_ahead(entry, EXPECTED)
        module.write_text("a = 2")
        assert export.read(entry, EXPECTED) == first
        assert export.read(entry, EXPECTED).files["q1.py"] == b"a = 2"


def test_no_more_is_read_ahead_than_there_is_room_for(tmp_path):
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "q1.py").write_text("a = 1")
    with open_export(tmp_path, Limits()) as export:
        export._ahead.bytes_left = 8
        for entry in export.entries:
            export.read_ahead(entry, EXPECTED)
        assert list(export._ahead.submissions) == ["ada"]
        export.read(export.entries[0], EXPECTED)
        assert export._ahead.bytes_left == 8
