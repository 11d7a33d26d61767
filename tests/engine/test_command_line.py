"""Who would miss it: whoever types an answer that begins with a minus sign, or an option in front of one."""

from pathlib import Path

import pytest

from autograder.command_line import parse


@pytest.mark.parametrize(
    "arguments",
    [
        ["read", "1.c", "-sqrt(d)"],
        ["read", "--homework", "there", "1.c", "-sqrt(d)"],
        ["read", "1.c", "--homework", "there", "-sqrt(d)"],
        ["read", "1.c", "-sqrt(d)", "--homework=there"],
        ["read", "1.c", "--", "-sqrt(d)"],
    ],
)
def test_an_answer_may_begin_with_a_minus_sign_and_stand_anywhere(arguments: list[str]) -> None:
    options = parse(arguments)
    assert (options.part, options.answer) == ("1.c", "-sqrt(d)")
    assert options.homework == Path("there") or "there" not in " ".join(arguments)


def test_answers_to_try_may_stand_behind_an_option() -> None:
    options = parse(["try", "1.c", "--json", "-d", "--homework", "there", "-1/d", "d"])
    assert (options.part, options.answers, options.json) == ("1.c", ["-d", "-1/d", "d"], True)


def test_what_is_meant_as_an_option_is_not_taken_for_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(["try", "1.c", "--jsn", "d"])
    assert stopped.value.code == 2
    assert "--jsn" in capsys.readouterr().err


def test_the_current_folder_is_the_homework_if_it_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declarations = tmp_path / "tests" / "graded" / "homework.toml"
    declarations.parent.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    beside_the_engine = parse(["grade"]).homework
    declarations.touch()
    assert (beside_the_engine, parse(["grade"]).homework) == (Path(__file__).resolve().parents[2], tmp_path)


def test_an_installed_engine_has_no_homework_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.command_line.ENGINE", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    assert parse(["grade"]).homework == tmp_path
