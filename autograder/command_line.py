"""The command line's arguments: which commands there are, what each takes, and its help. Nothing runs here."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from autograder.settings import Homework

ENGINE = Path(__file__).resolve().parent.parent
PROGRAM = "python -m autograder"
WITH_ANSWERS = ("read", "try")


class Command(NamedTuple):
    """What `--help` says of a command, and how its arguments are declared."""

    describe: Callable[[argparse.ArgumentParser], None]
    help: str
    example: str


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of one command; `name` is the command's. Without a command, it is `grade`."""
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        arguments = ["grade", *arguments]
    if arguments[0] in WITH_ANSWERS:
        arguments = answers_last(arguments)
    asked = {name: COMMANDS[name] for name in arguments[:1] if name in COMMANDS}
    return build_parser(asked or COMMANDS).parse_args(arguments)


def answers_last(arguments: list[str]) -> list[str]:
    """The same arguments with options first and `--` before the rest: an answer may begin with a minus sign, and may
    stand after an option.
    """
    options: list[str] = []
    rest: list[str] = []
    waiting = list(arguments[1:])
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            rest += waiting
            break
        if argument.startswith("--") or argument == "-h":
            options.append(argument)
            options += [waiting.pop(0)] if argument == "--homework" and waiting else []
        else:
            rest.append(argument)
    return [arguments[0], *options, "--", *rest]


def homework_here() -> Path:
    """The homework to work with if none is named: the current folder, or else the one beside the engine. An engine
    that was installed has none beside it.
    """
    here = Path.cwd()
    return next((root for root in (here, ENGINE) if Homework(root).declarations.is_file()), here)


def build_parser(described: Mapping[str, Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Marks a homework part by part. Without a command, grades a submission.",
        epilog="example: python -m autograder my_answers.zip --only 4",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, prog=PROGRAM)
    for name, about in described.items():
        epilog = f"example: {about.example}"
        command = commands.add_parser(name, help=about.help, description=about.help, epilog=epilog)
        command.add_argument(
            "--homework", type=Path, default=homework_here(), metavar="DIR", help="the homework's folder; default: here"
        )
        about.describe(command)
        command.set_defaults(name=name)
    return parser


def describe_grade(command: argparse.ArgumentParser) -> None:
    command.add_argument("submission", nargs="?", type=Path, default=Path(), help="a folder or a zip; default: here")
    command.add_argument("--only", action="append", default=[], metavar="PART", help="a question or a part: 4, 4.g")
    command.add_argument("--json", metavar="FILE", help="write Gradescope's results.json to FILE; - prints it alone")
    command.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page to FILE")
    command.add_argument("--watch", action="store_true", help="grade again when a file is saved, until Ctrl-C")
    describe_unsafe(command)


def describe_unsafe(command: argparse.ArgumentParser) -> None:
    text = "run student code even where it cannot be kept in (see doctor); every result says so"
    command.add_argument("--unsafe", action="store_true", help=text)


def describe_read(command: argparse.ArgumentParser) -> None:
    command.add_argument("part", help="a written part, such as 4.f")
    command.add_argument("answer", help="the answer, in quotes")


def describe_try(command: argparse.ArgumentParser) -> None:
    command.add_argument("part", help="a written part, such as 4.f")
    command.add_argument("answers", nargs="*", metavar="ANSWER", help="without one, standard input, one a line")
    command.add_argument("--json", action="store_true", help="JSON strings in, one JSON object a line out")


def describe_regrade(command: argparse.ArgumentParser) -> None:
    command.add_argument("export", type=Path, help="a Gradescope export (zip or folder), or a folder of submissions")
    command.add_argument("--out", type=Path, required=True, metavar="RUN", help="the folder for the grades")
    command.add_argument("--workers", type=int, metavar="N", help="graders at work at once; default: one a core")
    command.add_argument("--scheduler", metavar="ADDRESS", help="grade on this Dask cluster: tcp://10.0.0.1:8786")
    command.add_argument("--only", action="append", default=[], metavar="PART", help="a question or a part: 4, 4.g")
    command.add_argument("--manual", type=Path, metavar="CSV", help="a person's grades: submission_id,number,score,...")
    command.add_argument("--against", type=Path, metavar="RUN", help="the run to compare with; default: the export")
    describe_unsafe(command)
    command.add_argument("--due", metavar="TIME", help="when it was due: 2026-04-24T23:59-07:00; default: the rubric's")
    command.add_argument("--late", metavar="COST", help="what a day late costs: 10%% of what was earned, or points")
    command.add_argument("--grace", type=int, metavar="MINUTES", help="so late is not late")


def describe_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, metavar="RUN_A", help="the earlier run's folder")
    command.add_argument("new", type=Path, metavar="RUN_B", help="the later run's folder")
    command.add_argument("--json", action="store_true", help="one JSON object a line")


def describe_sheet(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", type=Path, metavar="RUN", help="a folder that regrade has written")


def describe_groups(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", type=Path, metavar="RUN", help="a folder that regrade has written")
    command.add_argument("part", metavar="PART", help="a part, such as 4.g")
    command.add_argument("--json", action="store_true", help="print the groups as JSON")
    command.add_argument("--accept", metavar="GROUP", help="decide for this group, named by its id")
    command.add_argument("--credit", type=float, metavar="SHARE", help="the share of the points for it, 0 to 1")
    command.add_argument("--note", metavar="TEXT", help="what its students read")
    command.add_argument("--rubric", type=Path, metavar="FILE", help="write the rule there; default: rubric.toml")
    command.add_argument("--manual", type=Path, metavar="CSV", help="write grades by hand there, in place of a rule")


def describe_package(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="DIST", help="the folder for the two zips")


def describe_new(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="the folder to make; if it is there, it must be empty"
    )


def describe_gradescope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, default=Path("/autograder"), metavar="DIR", help="default: /autograder")
    describe_unsafe(command)


def describe_doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print it as JSON")


COMMANDS: dict[str, Command] = {
    "grade": Command(
        describe_grade,
        "mark a submission, or check it where there is no reference",
        "python -m autograder grade my_answers --only 4.g",
    ),
    "read": Command(
        describe_read,
        "show how an answer is read, before it counts",
        "python -m autograder read 4.f 'O(b^2 d/n + sqrt d)'",
    ),
    "try": Command(
        describe_try,
        "mark single answers",
        "python -m autograder try 6.c.space 'O(N^2)'",
    ),
    "regrade": Command(
        describe_regrade,
        "grade a class, or what has changed since; may be stopped and gone on with",
        "python -m autograder regrade assignment_123_export.zip --out grades",
    ),
    "compare": Command(
        describe_compare,
        "show what changed between two runs, and why",
        "python -m autograder compare grades_before grades",
    ),
    "sheet": Command(
        describe_sheet,
        "print the CSV in which a person grades words, for regrade --manual",
        "python -m autograder sheet grades > words.csv",
    ),
    "groups": Command(
        describe_groups,
        "show who gave the same answer to a part, and decide once for all of them",
        'python -m autograder groups grades 4.g --accept 3f2a --credit 0.5 --note "a looser bound"',
    ),
    "package": Command(
        describe_package,
        "make autograder.zip for Gradescope and student.zip",
        "python -m autograder package --out dist",
    ),
    "new": Command(
        describe_new,
        "make a small homework that works, to begin another one with",
        "python -m autograder new my_homework",
    ),
    "gradescope": Command(
        describe_gradescope,
        "grade inside a Gradescope container",
        "python -m autograder gradescope --root /autograder",
    ),
    "doctor": Command(
        describe_doctor,
        "show what this machine gives to keep student code in",
        "python -m autograder doctor --json",
    ),
}
