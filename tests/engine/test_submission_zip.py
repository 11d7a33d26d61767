"""Zips whose members lead away from the folder, are not files, or are not what their headers say."""

import io
import os
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionUnreadable
from autograder.settings import MEBI
from autograder.submission.archive import open_archive
from tests.engine.handing_in import EXPECTED, LIMITS, MODULES, SMALL, kinds, read, write_zip


@pytest.mark.parametrize(
    "name", ["/q1.py", "../q1.py", "hw/../../q1.py", "hw\\q1.py", "C:/q1.py", "..", "hw/..\\q1.py"]
)
def test_members_whose_path_leaves_the_folder_are_refused(tmp_path, name):
    submission = read(write_zip(tmp_path / "hw.zip", {name: b"evil", "q2.py": b"2"}))
    assert dict(submission.files) == {"q2.py": b"2"}
    assert kinds(submission) == ["unsafe_member"]


def test_a_name_with_a_null_is_refused(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {"q1.pyX": b"evil", "q2.py": b"2"})
    path.write_bytes(path.read_bytes().replace(b"q1.pyX", b"q1.py\0"))
    assert dict(read(path).files) == {"q2.py": b"2"}


@pytest.mark.parametrize(
    ("mode", "kind"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "not_a_file"), (stat.S_IFCHR, "not_a_file")]
)
def test_members_that_are_not_regular_files_are_refused(tmp_path, mode, kind):
    info = zipfile.ZipInfo("q1.py")
    info.external_attr = (mode | 0o644) << 16
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
        archive.writestr("q2.py", b"2")
    submission = read(tmp_path / "hw.zip")
    assert dict(submission.files) == {"q2.py": b"2"}
    assert kinds(submission, "q1.py") == [kind]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "hw.zip", "w") as archive:
        for name, data in (("q1.py", b"one"), ("q2.py", b"2"), ("./q1.py", b"other")):
            archive.writestr(name, data)
    submission = read(tmp_path / "hw.zip")
    assert (set(submission.files), kinds(submission, "q1.py")) == ({"q2.py"}, ["duplicate"])


def changed(path: Path, offset_from: bytes, offset: int, data: bytes) -> Path:
    """Overwrites bytes behind the first place where `offset_from` stands."""
    content = bytearray(path.read_bytes())
    start = content.index(offset_from) + offset
    content[start : start + len(data)] = data
    path.write_bytes(content)
    return path


def test_an_encrypted_member_is_refused(tmp_path):
    path = changed(write_zip(tmp_path / "hw.zip", {"q1.py": b"1"}), b"PK\x01\x02", 8, b"\x01\x00")
    assert kinds(read(path), "q1.py") == ["encrypted"]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_member_in_another_compression_is_refused(tmp_path, method):
    assert kinds(read(write_zip(tmp_path / "hw.zip", {"q1.py": b"1"}, method)), "q1.py") == ["compression"]


def test_a_member_with_a_wrong_checksum_is_refused(tmp_path):
    path = changed(
        write_zip(tmp_path / "hw.zip", {"q1.py": b"unique text"}, zipfile.ZIP_STORED), b"unique text", 0, b"U"
    )
    assert kinds(read(path), "q1.py") == ["damaged"]


def test_a_member_that_unpacks_far_is_refused_before_it_is_unpacked(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {"data.npz": bytes(20 * MEBI), "q1.py": b"1"})
    submission = read(path)
    assert (set(submission.files), kinds(submission, "data.npz")) == ({"q1.py"}, ["ratio"])


def test_a_size_that_lies_is_found_while_reading(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {"q1.py": b"#" * 5000})
    changed(path, b"PK\x01\x02", 24, struct.pack("<L", 50))
    submission = read(path, SMALL)
    assert dict(submission.files) == {}
    assert kinds(submission, "q1.py")[0] in {"damaged", "too_large"}


def test_thousands_of_files_beside_the_homework_are_passed_over(tmp_path):
    others = {f"venv/lib/{number}.py": b"" for number in range(3000)}
    assert dict(read(write_zip(tmp_path / "hw.zip", {**others, **MODULES})).files) == MODULES


def test_a_zip_of_too_many_files_is_refused_before_its_list_is_read(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {f"{number}.txt": b"" for number in range(51)})
    with pytest.raises(SubmissionUnreadable, match="more than 50 files"):
        read(path, SMALL)


def test_a_zip_that_lies_about_its_number_of_files_is_refused(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {f"{number}.txt": b"" for number in range(51)})
    changed(path, b"PK\x05\x06", 8, struct.pack("<HH", 1, 1))
    with pytest.raises(SubmissionUnreadable, match="more than 50 files"):
        read(path, SMALL)


def test_a_zip_with_an_endless_list_of_members_is_refused_before_it_is_read(tmp_path):
    path = write_zip(tmp_path / "hw.zip", MODULES)
    changed(path, b"PK\x05\x06", 12, struct.pack("<L", 0xFFFFFFFF))
    with pytest.raises(SubmissionUnreadable):
        read(path)


def test_a_zip_that_is_too_large_is_refused(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {"x.bin": os.urandom(3000)})
    with pytest.raises(SubmissionUnreadable, match="larger than"):
        read(path, replace(LIMITS, archive_bytes=2000))


@pytest.fixture(scope="module")
def plain_zip(tmp_path_factory):
    return write_zip(tmp_path_factory.mktemp("zip") / "hw.zip", {"q1.py": b"1", "hw/q2.py": b"2"}).read_bytes()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_zip_with_any_damage_is_read_or_refused_and_nothing_else(plain_zip, tmp_path_factory, data):
    content = bytearray(plain_zip)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    try:
        submission = read(path)
    except SubmissionUnreadable:
        return
    assert set(submission.files) <= set(EXPECTED.names)


def test_nothing_is_written_beside_what_is_read(tmp_path):
    path = write_zip(tmp_path / "hw.zip", {"../q1.py": b"evil", "hw/q2.py": b"2"})
    read(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["hw.zip"]


def test_an_archive_in_memory_is_opened_like_one_on_disk(tmp_path):
    data = write_zip(tmp_path / "hw.zip", MODULES).read_bytes()
    with open_archive(io.BytesIO(data), "hw.zip", LIMITS) as archive:
        assert len(archive.filelist) == 3
