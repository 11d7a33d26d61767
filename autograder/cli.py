"""The command line: arguments, where output goes, exit codes. The only place that prints.

Exit codes: 0 done, whatever the score; 2 wrong usage or unreadable input; 3 done, but a part is undecided or the
grader itself failed. Imports stand inside the commands, so that `--help` needs neither torch nor SymPy.
"""

import argparse
import io
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import EngineError, UsageError
from autograder.settings import Homework, Limits

if TYPE_CHECKING:
    from autograder.scoring.sheet import ScoreSheet

DONE, WRONG_USAGE, NOT_ALL_DECIDED, INTERRUPTED = 0, 2, 3, 130
HERE = Path(__file__).resolve().parent.parent
STANDARD_OUTPUT = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    print_whatever_comes()
    options = parse(list(sys.argv[1:] if arguments is None else arguments))
    try:
        code: int = options.command(options)
        return code
    except UsageError as error:
        return complain(str(error), WRONG_USAGE)
    except EngineError as error:
        return complain(f"The grader itself failed: {error}", NOT_ALL_DECIDED)
    except KeyboardInterrupt:
        return complain("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        return DONE
    except Exception:
        traceback.print_exc()
        return complain("The grader itself failed; please report the lines above. No work was lost.", NOT_ALL_DECIDED)


def print_whatever_comes() -> None:
    """A character that a terminal does not know, or that is none, is printed as an escape, and never raises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(sentence: str, code: int) -> int:
    print(f"autograder: {sentence}", file=sys.stderr)
    return code


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = build_parser()
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        arguments = ["grade", *arguments]
    return parser.parse_args(arguments)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder",
        description="Marks a homework part by part. Without a command, grades a submission.",
        epilog="example: python -m autograder my_answers.zip --only 4",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (describe, run, help_text, example) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text, epilog=f"example: {example}")
        command.add_argument("--homework", type=Path, default=HERE, metavar="DIR", help="the homework's folder")
        describe(command)
        command.set_defaults(command=run)
    return parser


def describe_grade(command: argparse.ArgumentParser) -> None:
    command.add_argument("submission", nargs="?", type=Path, default=Path(), help="a folder or a zip; default: here")
    command.add_argument("--only", action="append", default=[], metavar="PART", help="a question or a part: 4, 4.g")
    command.add_argument("--json", metavar="FILE", help="write Gradescope's results.json to FILE; - prints it alone")
    describe_unsafe(command)


def describe_unsafe(command: argparse.ArgumentParser) -> None:
    text = "run student code even where it cannot be kept in (see doctor); every result says so"
    command.add_argument("--unsafe", action="store_true", help=text)


def run_grade(options: argparse.Namespace) -> int:
    from autograder.pipeline import grade
    from autograder.reports.gradescope import results, to_json
    from autograder.reports.results_file import write_results
    from autograder.reports.terminal import progress, render, terminal

    with progress() as shown:
        sheet = grade(
            options.submission,
            Homework(options.homework),
            only=options.only,
            unsafe=options.unsafe,
            on_start=shown.start,
            on_row=shown.advance,
        )
    if options.json == STANDARD_OUTPUT:
        sys.stdout.write(to_json(results(sheet)))
    else:
        terminal().print(render(sheet))
    if options.json and options.json != STANDARD_OUTPUT:
        write_results(Path(options.json), results(sheet))
    return code_of(sheet)


def code_of(sheet: "ScoreSheet") -> int:
    """The exit code of a grading, with what failed on our side on standard error, for staff."""
    for trace in sheet.own_failures:
        print(trace, file=sys.stderr)
    return NOT_ALL_DECIDED if sheet.undecided or sheet.own_failures else DONE


def describe_read(command: argparse.ArgumentParser) -> None:
    command.add_argument("part", help="a written part, such as 4.f")
    command.add_argument("answer", help="the answer, in quotes")


def run_read(options: argparse.Namespace) -> int:
    from autograder.answers.reading import Refusal
    from autograder.reports.refusals import refusal_with_caret
    from autograder.scoring.homework import load_declarations
    from autograder.scoring.reading import read_answer

    part = load_declarations(Homework(options.homework)).part(options.part)
    read = read_answer(options.answer, part.vocabulary)
    if isinstance(read, Refusal):
        return complain(refusal_with_caret(options.answer, read), WRONG_USAGE)
    print(read.read_as)
    return DONE


def describe_try(command: argparse.ArgumentParser) -> None:
    command.add_argument("part", help="a written part, such as 4.f")
    command.add_argument("answers", nargs="*", metavar="ANSWER", help="without one, standard input, one a line")
    command.add_argument("--json", action="store_true", help="JSON strings in, one JSON object a line out")


def run_try(options: argparse.Namespace) -> int:
    from autograder.reports.trial import as_json, as_text
    from autograder.scoring.trial import trial

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # what is no UTF-8 is an answer that cannot be read
    lines = options.answers or (line.rstrip("\n") for line in sys.stdin)
    write = as_json if options.json else as_text
    undecided = False
    for tried in trial(Homework(options.homework), options.part, lines, json_in=options.json and not options.answers):
        print(write(tried), flush=True)
        if tried.trace:
            print(tried.trace, file=sys.stderr)
        undecided |= tried.verdict.relation == "undecided"
    return NOT_ALL_DECIDED if undecided else DONE


def describe_regrade(command: argparse.ArgumentParser) -> None:
    command.add_argument("export", type=Path, help="a Gradescope export (zip or folder), or a folder of submissions")
    command.add_argument("--out", type=Path, required=True, metavar="RUN", help="the folder for the grades")
    command.add_argument("--workers", type=int, metavar="N", help="graders at work at once; default: one a core")
    command.add_argument("--only", action="append", default=[], metavar="PART", help="a question or a part: 4, 4.g")
    command.add_argument("--manual", type=Path, metavar="CSV", help="a person's grades: submission_id,number,score,...")
    command.add_argument("--against", type=Path, metavar="RUN", help="the run to compare with; default: the export")


def run_regrade(options: argparse.Namespace) -> int:
    from autograder.regrade.commands import order_of, told
    from autograder.regrade.run import regrade
    from autograder.reports.class_progress import class_progress

    with class_progress() as watcher:
        finished = regrade(order_of(options), watcher)
    for trace in finished.traces:
        print(trace, file=sys.stderr)
    for line in told(finished, options.out):
        print(line)
    return DONE if finished.count("graded") == len(finished.grades) else NOT_ALL_DECIDED


def describe_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, metavar="RUN_A", help="the earlier run's folder")
    command.add_argument("new", type=Path, metavar="RUN_B", help="the later run's folder")
    command.add_argument("--json", action="store_true", help="one JSON object a line")


def run_compare(options: argparse.Namespace) -> int:
    from autograder.regrade.commands import comparison

    for line in comparison(options.old, options.new, as_json=options.json):
        print(line)
    return DONE


def describe_sheet(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", type=Path, metavar="RUN", help="a folder that regrade has written")


def run_sheet(options: argparse.Namespace) -> int:
    from autograder.regrade.commands import sheet

    sys.stdout.write(sheet(options.run))
    return DONE


def describe_package(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="DIST", help="the folder for the two zips")


def run_package(options: argparse.Namespace) -> int:
    from autograder.packaging.autograder_zip import make_autograder_zip
    from autograder.packaging.student_zip import make_student_zip

    homework = Homework(options.homework)
    for make, name in ((make_autograder_zip, "autograder.zip"), (make_student_zip, "student.zip")):
        print(make(homework, options.out / name))
    return DONE


def describe_gradescope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, default=Path("/autograder"), metavar="DIR", help="default: /autograder")
    describe_unsafe(command)


def run_gradescope(options: argparse.Namespace) -> int:
    from autograder.gradescope import grade_container

    sheet = grade_container(options.root, Homework(options.homework), Limits(), unsafe=options.unsafe)
    return code_of(sheet)


def describe_doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print it as JSON")


def run_doctor(options: argparse.Namespace) -> int:
    from autograder.doctor import examine
    from autograder.reports.layers import layers_as_json, render_layers
    from autograder.reports.terminal import terminal

    found = examine(Limits())
    if options.json:
        sys.stdout.write(layers_as_json(found.layers, found.lacking, root=found.root, system=found.system))
    else:
        terminal().print(render_layers(found.layers, found.lacking, root=found.root, system=found.system))
    return NOT_ALL_DECIDED if found.lacking else DONE


Describe = Callable[[argparse.ArgumentParser], None]
Run = Callable[[argparse.Namespace], int]
COMMANDS: dict[str, tuple[Describe, Run, str, str]] = {
    "grade": (
        describe_grade,
        run_grade,
        "mark a submission, or check it where there is no reference",
        "python -m autograder grade my_answers --only 4.g",
    ),
    "read": (
        describe_read,
        run_read,
        "show how an answer is read, before it counts",
        "python -m autograder read 4.f 'O(b^2 d/n + sqrt d)'",
    ),
    "try": (describe_try, run_try, "mark single answers", "python -m autograder try 6.c.space 'O(N^2)'"),
    "regrade": (
        describe_regrade,
        run_regrade,
        "grade a class, or what has changed since; may be stopped and gone on with",
        "python -m autograder regrade assignment_123_export.zip --out grades",
    ),
    "compare": (
        describe_compare,
        run_compare,
        "show what changed between two runs, and why",
        "python -m autograder compare grades_before grades",
    ),
    "sheet": (
        describe_sheet,
        run_sheet,
        "print the CSV in which a person grades words, for regrade --manual",
        "python -m autograder sheet grades > words.csv",
    ),
    "package": (
        describe_package,
        run_package,
        "make autograder.zip for Gradescope and student.zip",
        "python -m autograder package --out dist",
    ),
    "gradescope": (
        describe_gradescope,
        run_gradescope,
        "grade inside a Gradescope container",
        "python -m autograder gradescope --root /autograder",
    ),
    "doctor": (
        describe_doctor,
        run_doctor,
        "show what this machine gives to keep student code in",
        "python -m autograder doctor --json",
    ),
}
