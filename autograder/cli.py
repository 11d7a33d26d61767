"""The commands: where output goes, and exit codes. The only place that prints; command_line.py has the arguments.

Exit codes: 0 done, whatever the score; 2 wrong usage or unreadable input; 3 done, but a part is undecided or the
grader itself failed. Imports stand inside the commands, so that `--help` needs neither torch nor SymPy.
"""

import argparse
import io
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.command_line import parse
from autograder.errors import EngineError, UsageError
from autograder.settings import Homework, Limits

if TYPE_CHECKING:
    from autograder.scoring.sheet import ScoreSheet

DONE, WRONG_USAGE, NOT_ALL_DECIDED, INTERRUPTED = 0, 2, 3, 130
STANDARD_OUTPUT = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    print_whatever_comes()
    try:
        options = parse(list(sys.argv[1:] if arguments is None else arguments))
        return RUNS[options.name](options)
    except UsageError as error:
        return complain(str(error), WRONG_USAGE)
    except EngineError as error:
        return complain(f"The grader itself failed: {error}", NOT_ALL_DECIDED)
    except KeyboardInterrupt:
        return stopped("Stopped.")
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


def stopped(sentence: str) -> int:
    """From here on Ctrl-C does nothing more: what is left to do is to say so."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return complain(sentence, INTERRUPTED)


def run_grade(options: argparse.Namespace) -> int:
    if options.watch:
        return run_watch(options)
    from autograder.pipeline import grade
    from autograder.reports.gradescope import results, to_json
    from autograder.reports.terminal import progress, render, terminal

    with progress() as shown:
        sheet = grade(
            options.submission,
            Homework(options.homework),
            only=options.only,
            unsafe=options.unsafe,
            checks=options.html is not None,
            on_start=shown.start,
            on_row=shown.advance,
        )
    if options.json == STANDARD_OUTPUT:
        sys.stdout.write(to_json(results(sheet)))
    else:
        terminal().print(render(sheet))
    write_files(options, sheet)
    return code_of(sheet)


def write_files(options: argparse.Namespace, sheet: "ScoreSheet") -> None:
    """The files that `grade` was asked for."""
    from autograder.reports.gradescope import results
    from autograder.reports.results_file import write_results, write_text
    from autograder.reports.sheet_page import sheet_page
    from autograder.scoring.homework import load_declarations

    if options.json and options.json != STANDARD_OUTPUT:
        write_results(Path(options.json), results(replace(sheet, checks=())))
    if options.html:
        write_text(options.html, sheet_page(sheet, load_declarations(Homework(options.homework))))


def run_watch(options: argparse.Namespace) -> int:
    from autograder.reports.terminal import render, terminal
    from autograder.watch import Regraded, watch

    if options.json == STANDARD_OUTPUT:
        raise UsageError("--watch and --json - do not go together; give --json a file, which is written at every save")
    shown = terminal()
    saved = watch(
        options.submission,
        Homework(options.homework),
        only=options.only,
        unsafe=options.unsafe,
        checks=options.html is not None,
    )
    try:
        for graded in saved:
            if isinstance(graded, Regraded):
                shown.clear()
                shown.print(render(graded.sheet))
                write_files(options, graded.sheet)
                parts = ", ".join(graded.judged) or "nothing that counts"
                print(f"{graded.seconds:.2f} s for {parts}. Watching; Ctrl-C ends.", flush=True)
            else:
                print(f"autograder: {graded}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        return DONE
    return DONE


def code_of(sheet: "ScoreSheet") -> int:
    """The exit code of a grading, with what failed on our side on standard error, for staff."""
    for trace in sheet.own_failures:
        print(trace.partition("\n")[2], file=sys.stderr)
    return NOT_ALL_DECIDED if sheet.undecided or sheet.own_failures else DONE


def run_read(options: argparse.Namespace) -> int:
    from autograder.answers.reading import Refusal
    from autograder.reports.refusals import refusal_with_caret
    from autograder.scoring.homework import load_declarations
    from autograder.scoring.reading import read_part

    part = load_declarations(Homework(options.homework)).part(options.part)
    read = read_part(options.answer, part)
    if isinstance(read, Refusal):
        return complain(refusal_with_caret(options.answer, read), WRONG_USAGE)
    print(read.read_as)
    return DONE


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


def run_regrade(options: argparse.Namespace) -> int:
    try:
        from autograder.regrade.commands import order_of, told
        from autograder.regrade.run import regrade
        from autograder.reports.class_watcher import class_progress

        with class_progress() as watcher:
            summary = regrade(order_of(options), watcher)
    except KeyboardInterrupt:
        return stopped("Stopped. Give the same command again to go on.")
    for trace in summary.traces:
        print(trace, file=sys.stderr)
    for line in told(summary, options.out):
        print(line)
    return NOT_ALL_DECIDED if summary.attention else DONE


def run_compare(options: argparse.Namespace) -> int:
    from autograder.regrade.commands import comparison

    for line in comparison(options.old, options.new, as_json=options.json):
        print(line)
    return DONE


def run_sheet(options: argparse.Namespace) -> int:
    from autograder.regrade.commands import sheet

    sys.stdout.write(sheet(options.run))
    return DONE


def run_groups(options: argparse.Namespace) -> int:
    from autograder.regrade.groups.commands import asked_for, decided, groups_in
    from autograder.regrade.groups.lines import line_of
    from autograder.reports.answer_groups import groups_as_json, render_groups
    from autograder.reports.terminal import terminal

    asked = asked_for(options)
    groups = groups_in(asked)
    if asked.accept is not None:
        for line in decided(asked, groups):
            print(line)
    elif options.json:
        sys.stdout.write(groups_as_json([line_of(group) for group in groups]))
    else:
        terminal().print(render_groups(asked.number, [line_of(group) for group in groups]))
    return DONE


def run_package(options: argparse.Namespace) -> int:
    from autograder.packaging.autograder_zip import make_autograder_zip
    from autograder.packaging.student_zip import make_student_zip

    homework = Homework(options.homework)
    for make, name in ((make_autograder_zip, "autograder.zip"), (make_student_zip, "student.zip")):
        print(make(homework, options.out / name))
    return DONE


def run_new(options: argparse.Namespace) -> int:
    from autograder.packaging.new_homework import make_new_homework

    made = make_new_homework(options.folder).root
    print(f"{made} is ready; {made / 'README.md'} says what comes next. To begin with, its own reference:")
    print(f"    python -m autograder grade {made / 'reference'} --homework {made}")
    return DONE


def run_gradescope(options: argparse.Namespace) -> int:
    from autograder.gradescope import grade_container

    sheet = grade_container(options.root, Homework(options.homework), Limits(), unsafe=options.unsafe)
    return code_of(sheet)


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


RUNS: dict[str, Callable[[argparse.Namespace], int]] = {
    "grade": run_grade,
    "read": run_read,
    "try": run_try,
    "regrade": run_regrade,
    "compare": run_compare,
    "sheet": run_sheet,
    "groups": run_groups,
    "package": run_package,
    "new": run_new,
    "gradescope": run_gradescope,
    "doctor": run_doctor,
}
