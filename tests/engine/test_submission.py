"""Taking files in: from a folder or a zip, by expected names only, and never following what leads away."""

import os
import socket
from pathlib import Path

import pytest

from autograder.errors import SubmissionUnreadable
from autograder.submission.model import shown
from tests.engine.handing_in import EXPECTED, LIMITS, MODULES, SMALL, kinds, read, write, write_zip


@pytest.fixture(params=["folder", "zip"])
def hand_in(request, tmp_path):
    """Makes a submission of some files, as a folder or as a zip."""

    def make(files):
        if request.param == "folder":
            (tmp_path / "hw").mkdir()
            return write(tmp_path / "hw", files)
        return write_zip(tmp_path / "hw.zip", files)

    return make


def test_files_at_the_top_are_taken_as_they_are(hand_in):
    submission = read(hand_in({**MODULES, "data.npz": b"PK..."}))
    assert dict(submission.files) == {**MODULES, "data.npz": b"PK..."}
    assert (submission.name, submission.problems) == ("hw", ())


def test_files_in_one_folder_below_are_taken(hand_in):
    submission = read(hand_in({f"my homework/{name}": data for name, data in MODULES.items()}))
    assert dict(submission.files) == MODULES
    assert submission.problems == ()


def test_leavings_of_file_managers_and_editors_are_passed_over(hand_in):
    junk = {
        "__MACOSX/q1.py": b"junk",
        "__MACOSX/hw/._q1.py": b"junk",
        ".DS_Store": b"junk",
        ".ipynb_checkpoints/q1.py": b"old",
        "__pycache__/q1.py": b"junk",
        "._q1.py": b"junk",
    }
    submission = read(hand_in({**junk, **{f"hw/{name}": data for name, data in MODULES.items()}}))
    assert dict(submission.files) == MODULES
    assert submission.problems == ()


def test_the_place_with_more_modules_is_chosen_and_said(hand_in):
    submission = read(hand_in({"q1.py": b"top", "hw/q1.py": b"1", "hw/q2.py": b"2"}))
    assert dict(submission.files) == {"q1.py": b"1", "q2.py": b"2"}
    (problem,) = submission.problems
    assert (problem.kind, problem.data["chosen"], problem.data["others"]) == ("several_places", "hw", ("",))


def test_the_top_is_chosen_of_two_places_that_hold_as_much(hand_in):
    submission = read(hand_in({"q1.py": b"top", "a/q1.py": b"a", "b/q1.py": b"b"}))
    assert submission.files["q1.py"] == b"top"
    assert submission.problems[0].data["others"] == ("a", "b")


def test_places_are_never_mixed_but_what_lies_elsewhere_is_said(hand_in):
    submission = read(hand_in({"q1.py": b"1", "q2.py": b"2", "old/q3.py": b"3"}))
    assert set(submission.files) == {"q1.py", "q2.py"}
    assert kinds(submission) == ["several_places", "elsewhere"]
    assert submission.problems[1].data == {"files": ("q3.py",), "place": "old"}


def test_a_missing_module_costs_only_itself(hand_in):
    assert set(read(hand_in({"q1.py": b"", "q3.py": b""})).files) == {"q1.py", "q3.py"}


def test_nothing_expected_is_an_empty_submission(hand_in):
    submission = read(hand_in({"essay.txt": b"hello"}))
    assert dict(submission.files) == {}
    assert kinds(submission) == ["nothing_found"]


def test_files_two_folders_below_are_not_taken_but_found(hand_in):
    submission = read(hand_in({"hw/hw/q1.py": b"1"}))
    assert dict(submission.files) == {}
    assert submission.problems[-1].data == {"place": "hw/hw"}


@pytest.mark.parametrize("slip", ["Q1.py", "q1 (1).py", "q1 copy.py", "q_1.py", "Q1.PY"])
def test_a_slip_in_a_name_is_pointed_out_and_the_file_is_not_taken(hand_in, slip):
    submission = read(hand_in({slip: b"1", "q2.py": b"2"}))
    assert set(submission.files) == {"q2.py"}
    problem = next(problem for problem in submission.problems if problem.kind == "similar_name")
    assert problem.data == {"found": slip, "expected": "q1.py"}


def test_no_slip_is_pointed_out_for_a_module_that_is_there(hand_in):
    assert "similar_name" not in kinds(read(hand_in({**MODULES, "q1 (1).py": b"old"})))


def test_other_modules_are_not_taken_and_are_named(hand_in):
    submission = read(hand_in({**MODULES, "helper.py": b"", "torch.py": b"", "conftest.py": b"", "notes.md": b""}))
    assert dict(submission.files) == MODULES
    assert submission.problems[0].data == {"files": ("conftest.py", "helper.py", "torch.py")}


def test_modules_that_the_homeworks_modules_import_are_taken_along(hand_in):
    files = {
        **MODULES,
        "q1.py": b"import numpy, my_math as m\nif True:\n    from layers import Head\n",
        "my_math.py": b"from deeper import pi\n",
        "layers.py": b"import layers, q2\n",
        "deeper.py": b"pi = 3\n",
        "unused.py": b"",
    }
    submission = read(hand_in(files))
    assert dict(submission.files) == {name: data for name, data in files.items() if name != "unused.py"}
    assert [dict(problem.data) for problem in submission.problems] == [{"files": ("unused.py",)}]


@pytest.mark.parametrize("name", ["torch", "numpy", "json", "conftest", "sitecustomize", "pytest"])
def test_no_module_is_taken_in_place_of_a_library(hand_in, name):
    submission = read(hand_in({**MODULES, "q1.py": f"import {name}\n".encode(), f"{name}.py": b"evil = 1"}))
    assert set(submission.files) == set(MODULES)


def test_imported_modules_share_the_size_of_one_module_and_are_not_many(hand_in):
    chain = {f"a{i}.py": f"import a{i + 1}\n".encode() for i in range(40)}
    submission = read(hand_in({**MODULES, **chain, "q1.py": b"import a0"}))
    assert len(submission.files) == len(MODULES) + LIMITS.own_modules


def test_an_imported_module_that_is_too_large_is_said_to_be(hand_in):
    large = read(hand_in({"q1.py": b"import big, small", "big.py": b"#" * 101, "small.py": b""}), SMALL)
    assert set(large.files) == {"q1.py", "small.py"}
    assert large.problems_of("big.py")[0].kind == "too_large"


def test_commands_to_a_notebook_in_a_module_become_comments(hand_in):
    text = (
        "get_ipython().system('pip install torch')\n%matplotlib inline\n!ls\n%%time\n"
        "try:\n    get_ipython().run_line_magic('load_ext', 'autoreload')\nexcept NameError:\n    pass\n"
        "a = 7\nb = (a\n% 4)\nc = get_ipython\n"
    )
    submission = read(hand_in({**MODULES, "q1.py": text.encode()}))
    code = submission.files["q1.py"].decode()
    assert compile(code.replace("c = get_ipython", ""), "q1", "exec")
    assert code.count("\n") == text.count("\n")
    assert [problem.data for problem in submission.problems_of("q1.py")] == [{"left_out": 5}]


@pytest.mark.parametrize(
    "name", ["results.json", "run_autograder", "sitecustomize.py", "x.pth", "submission_metadata.json"]
)
def test_files_that_mean_something_to_others_are_never_taken(hand_in, name):
    assert dict(read(hand_in({**MODULES, name: b"{}"})).files) == MODULES


def test_a_file_too_large_is_refused_and_the_others_are_taken(hand_in):
    submission = read(hand_in({**MODULES, "q2.py": b"#" * 101, "data.npz": b"0" * 1000}), SMALL)
    assert set(submission.files) == {"q1.py", "q3.py", "data.npz"}
    assert submission.problems_of("q2.py")[0].data == {"limit": 100}


@pytest.mark.parametrize(
    ("data", "kind", "details"),
    [
        ("a = 'ä'".encode("latin-1"), "not_utf8", {"line": 1}),
        (b"a = 1\n# \xff\n", "not_utf8", {"line": 2}),
        ("a = 1".encode("utf-16"), "utf16", {}),
        ("a = 1".encode("utf-16-le"), "utf16", {}),
        (b"a = 1\n\0b = 2", "nul_bytes", {"line": 2}),
        (b"# coding: rot13\nn = 1", "coding", {"coding": "rot13"}),
        (b"# -*- coding: ascii -*-\na = '\xc3\xa4'", "not_utf8", {"line": 2}),
    ],
)
def test_bytes_that_python_cannot_read_are_kept_with_a_problem(hand_in, data, kind, details):
    submission = read(hand_in({**MODULES, "q2.py": data}))
    assert submission.files == {**MODULES, "q2.py": data}
    (problem,) = submission.problems
    assert (problem.kind, problem.name, problem.data) == (kind, "q2.py", details)


@pytest.mark.parametrize(
    "data",
    [
        "a = 'μ²'\r\nb = 2\r\n".encode(),
        "a = 'μ'".encode("utf-8-sig"),
        "# coding: latin-1\na = 'ä'".encode("latin-1"),
        b"",
    ],
)
def test_bytes_that_python_can_read_are_no_problem(hand_in, data):
    submission = read(hand_in({"q1.py": data}))
    assert (submission.files["q1.py"], submission.problems) == (data, ())


def test_equal_submissions_have_equal_digests_wherever_they_come_from(tmp_path):
    folder, archive = write(tmp_path / "a", MODULES), write_zip(tmp_path / "b.zip", MODULES)
    assert read(folder).digest == read(archive).digest
    swapped = {"q1.py": MODULES["q2.py"], "q2.py": MODULES["q1.py"]}
    assert read(write(tmp_path / "c", swapped)).digest != read(folder).digest


def test_a_submission_cannot_be_changed(tmp_path):
    submission = read(write(tmp_path, MODULES))
    with pytest.raises(TypeError):
        submission.files["q1.py"] = b""


# Nothing to read


@pytest.mark.parametrize("name", ["absent", "absent.zip"])
def test_a_path_that_is_not_there_is_said_in_one_sentence(tmp_path, name):
    with pytest.raises(SubmissionUnreadable, match=rf"{name} does not exist; give the folder or the zip"):
        read(tmp_path / name)


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 cut off", b"PK\x05\x06" + b"\xff" * 3])
def test_a_file_that_is_no_zip_is_said_in_one_sentence(tmp_path, data):
    path = tmp_path / "hw.zip"
    path.write_bytes(data)
    with pytest.raises(SubmissionUnreadable, match="not a zip that opens"):
        read(path)


def test_a_device_is_no_submission():
    with pytest.raises(SubmissionUnreadable, match="neither a folder nor a zip"):
        read(Path("/dev/null"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_said(tmp_path):
    tmp_path.chmod(0)
    try:
        with pytest.raises(SubmissionUnreadable, match="cannot be listed"):
            read(tmp_path)
    finally:
        tmp_path.chmod(0o700)


# Folders that lead away


def test_links_are_never_followed(tmp_path):
    secret = write(tmp_path / "secret", MODULES)
    folder = write(tmp_path / "hw", {"q2.py": b"2"})
    (folder / "q1.py").symlink_to(secret / "q1.py")
    (folder / "q3.py").symlink_to(folder / "q2.py")
    (folder / "below").symlink_to(secret, target_is_directory=True)
    submission = read(folder)
    assert dict(submission.files) == {"q2.py": b"2"}
    assert kinds(submission, "q1.py") == kinds(submission, "q3.py") == ["link"]


def test_a_folder_that_is_exchanged_for_a_link_while_it_is_read_is_not_followed(tmp_path):
    from autograder.submission.folder import places_in_folder

    secret = write(tmp_path / "secret", MODULES)
    folder = write(tmp_path / "hw", {"below/q1.py": b"1"})
    place = next(place for place in places_in_folder(folder, EXPECTED, LIMITS) if place.name == "below")
    (folder / "below").rename(folder / "moved")
    (folder / "below").symlink_to(secret, target_is_directory=True)
    assert place.read["q1.py"](1000) == "unreadable"


def test_a_hard_link_is_a_regular_file(tmp_path):
    folder = write(tmp_path / "hw", {"q1.py": b"1"})
    (folder / "q2.py").hardlink_to(folder / "q1.py")
    assert dict(read(folder).files) == {"q1.py": b"1", "q2.py": b"1"}


def test_pipes_sockets_and_folders_with_a_module_s_name_are_refused(tmp_path):
    os.mkfifo(tmp_path / "q1.py")
    (tmp_path / "q2.py").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "q3.py"))
        submission = read(tmp_path)
    assert dict(submission.files) == {}
    assert [kinds(submission, name) for name in MODULES] == [["not_a_file"]] * 3


def test_a_sparse_file_is_refused_by_its_size(tmp_path):
    with (tmp_path / "data.npz").open("wb") as stream:
        stream.truncate(1 << 40)
    assert kinds(read(tmp_path), "data.npz") == ["too_large"]


def test_thousands_of_files_do_not_hide_the_homework(tmp_path):
    write(tmp_path, {f"a{number}.txt": b"" for number in range(300)})
    write(tmp_path, MODULES)
    assert dict(read(tmp_path, SMALL).files) == MODULES


def test_names_that_are_no_unicode_do_no_harm(tmp_path):
    os.mkdir(os.fsencode(tmp_path) + b"/\xff\xfe")
    with open(os.fsencode(tmp_path) + b"/\xff.py", "wb"):
        pass
    assert dict(read(write(tmp_path, MODULES)).files) == MODULES


def test_names_are_shown_without_control_characters_or_direction_marks():
    assert shown("a\x1b[31m\u202eyp.1q\n") == "a\\u001b[31m\\u202eyp.1q\\u000a"
    assert len(shown("x" * 10_000)) == 80


# A zip that is all there is


def test_a_zip_alone_in_a_folder_is_opened_and_said(tmp_path):
    write_zip(tmp_path / "hw9.zip", {f"hw9/{name}": data for name, data in MODULES.items()})
    submission = read(tmp_path)
    assert dict(submission.files) == MODULES
    assert (submission.name, kinds(submission)) == (tmp_path.name, ["zip_inside"])


def test_a_zip_beside_other_files_is_left_alone(tmp_path):
    write_zip(write(tmp_path, {"q1.py": b"1"}) / "hw9.zip", {"q2.py": b"2"})
    assert dict(read(tmp_path).files) == {"q1.py": b"1"}


def test_a_zip_in_the_zip_in_the_folder_is_left_alone(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", MODULES).read_bytes()
    write_zip(tmp_path / "sub.zip", {"inner.zip": inner})
    (tmp_path / "inner.zip").unlink()
    assert dict(read(tmp_path).files) == {}


def test_a_broken_zip_alone_in_a_folder_is_an_empty_submission(tmp_path):
    (tmp_path / "hw9.zip").write_bytes(b"PK")
    assert kinds(read(tmp_path)) == ["nothing_found", "damaged"]
