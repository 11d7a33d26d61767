"""What each part's marks depend on, as digests: a mark is kept as long as none of them changes.

All of it is read off the text, and read generously: a part depends on the suite file that judges it, with every file
of the suites that it may import; on the rubric's entries for each part that this file names; on the reference's and the
template's modules that these files name, with the modules that those import; on homework.toml; and on the engine.
"""

import ast
import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import HomeworkInvalid
from autograder.settings import Homework, Limits

if TYPE_CHECKING:  # a run that finds nothing to do needs none of these
    from autograder.scoring.course import Course
    from autograder.scoring.homework import Declarations
    from autograder.scoring.rubric import PartRubric, Rubric

ENGINE = Path(__file__).resolve().parents[1]
# What decides what student code answers, and what decides what that earns. Reports and commands do neither.
ANSWERING = ("sandbox", "settings.py")
NOTING = ("regrade/encoding.py", *(f"regrade/groups/{name}.py" for name in ("answer", "observe", "signature")))
JUDGING = ("submission", "sandbox", "answers", "checks", "scoring", "settings.py", "pipeline.py", *NOTING)
SOURCES = frozenset({".py", ".html", ".css"})
TELLING = ("regrade", "reports", "errors.py")
LIBRARIES_THAT_ANSWER = ("torch", "numpy", "sympy")
LIBRARIES_THAT_JUDGE = ("numpy", "sympy", "mpmath")
OWN_NUMBER = re.compile(r"@number\([^)]*\)")
DESCRIBES = ".dist-info"
WORD = re.compile(r"\w+")
QUOTED = re.compile(r"""(?=["']([^"'\n]+)["'])""")  # overlapping: what stands between two quotes that follow each other


@dataclass(frozen=True)
class PartKey:
    """The digests of what one part's marks depend on.

    `test` is the file that judges the part and `entry` its rubric by points, criteria, alternatives, ...; they are kept
    to say what changed, and are no part of the key.
    """

    number: str
    rubric: str
    suite: str
    reference: str
    template: str
    homework: str
    engine: str
    test: str = ""
    entry: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        parts = (self.number, self.rubric, self.suite, self.reference, self.template, self.homework, self.engine)
        return digest_of(*parts)


@dataclass(frozen=True)
class Texts:
    """The files that marks depend on, as they are now."""

    suites: Mapping[str, str]
    reference: Mapping[str, bytes]
    template: Mapping[str, bytes]
    homework: str
    engine: str


def digest_of(*pieces: str | bytes) -> str:
    """SHA-256 over pieces, each with its length in front."""
    sha = hashlib.sha256()
    for piece in pieces:
        content = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
        sha.update(len(content).to_bytes(8, "big"))
        sha.update(content)
    return sha.hexdigest()


def part_keys(course: "Course", homework: Homework) -> dict[str, PartKey]:
    """The keys of all parts that the course grades, in its order."""
    if course.rubric is None or course.reference is None:
        raise HomeworkInvalid(f"{homework.reference} is missing; a class is graded against the reference")
    texts = Texts(
        suites=suite_texts(homework.suites),
        reference=course.reference,
        template=course.template,
        homework=digest_of(homework.declarations.read_bytes()),
        engine=engine_digest(),
    )
    suites = {file: _suite(file, texts.suites) for file in {_file_of(test) for test in course.tests}}
    found = {}
    for test in course.tests:
        file = _file_of(test)
        found[test.number] = _part_key(test.number, file, suites[file], texts, course.declarations, course.rubric)
    return found


def part_modules(course: "Course", homework: Homework) -> dict[str, frozenset[str]]:
    """The modules of a submission that each part may ask, read off the suites as generously as the keys are."""
    suites = suite_texts(homework.suites)
    files = {test.number: _file_of(test) for test in course.tests}
    texts = {file: "\n".join(_suite_of(file, suites).values()) for file in set(files.values())}
    return {n: frozenset(_named_modules(n, texts[file], course.declarations)) for n, file in files.items()}


def _file_of(test: object) -> str:
    return "/".join(type(test).__module__.split(".")[1:]) + ".py"


@dataclass(frozen=True)
class _Suite:
    """A suite file with all that it may import, as one text and as a digest."""

    text: str
    digest: str


def _suite(file: str, suites: Mapping[str, str]) -> _Suite:
    found = _suite_of(file, suites)
    return _Suite("\n".join(found.values()), digest_of(*(piece for item in sorted(found.items()) for piece in item)))


def _part_key(
    number: str, file: str, suite: _Suite, texts: Texts, declarations: "Declarations", rubric: "Rubric"
) -> PartKey:
    text = suite.text
    modules = _named_modules(number, text, declarations)
    return PartKey(
        number=number,
        rubric=_rubric_digest(number, text, rubric),
        suite=suite.digest,
        reference=_files_digest(modules, texts.reference, declarations),
        template=_files_digest(modules, texts.template, declarations),
        homework=texts.homework,
        engine=texts.engine,
        test=file,
        entry=_entry(rubric.part(number)),
    )


def _entry(part: "PartRubric") -> dict[str, str]:
    """What a part's rubric says, each thing by a name that staff know."""
    shown = {item.name for item in fields(part) if item.repr} - {"number", "alternatives"}
    said = {name: repr(getattr(part, name)) for name in sorted(shown)}
    named = {f"alternative {entry.answer or entry.relation}": repr(entry) for entry in part.alternatives}
    return said | named


def suite_texts(suites: Path) -> dict[str, str]:
    """All Python files of the graded suites by their path, such as `hidden/inputs.py`."""
    files = sorted(path for path in suites.rglob("*.py") if "__pycache__" not in path.parts)
    return {path.relative_to(suites).as_posix(): path.read_text(encoding="utf-8") for path in files}


def _suite_of(file: str, suites: Mapping[str, str]) -> dict[str, str]:
    """A suite file with every file that it may import: those that hold no tests, and tests that are named."""
    helpers = [name for name in suites if not _stem(name).startswith("test_")]
    found = {name: suites[name] for name in (file, *helpers)}
    waiting = list(found)
    while waiting:
        said = _words(found[waiting.pop()])
        for name in suites:
            if name not in found and _stem(name) in said:
                found[name] = suites[name]
                waiting.append(name)
    return found


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))


@cache
def _quoted(text: str) -> frozenset[str]:
    """What stands in quotes, but for the numbers by which tests name their own part."""
    return frozenset(QUOTED.findall(OWN_NUMBER.sub("", text)))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".py")


def _rubric_digest(number: str, text: str, rubric: "Rubric") -> str:
    """The seed, the part's own entry, and the entries of parts that the suite names besides in its decorators."""
    named = [other for other in rubric.parts if other != number and other in _quoted(text)]
    return digest_of(str(rubric.seed), *(repr(rubric.part(part)) for part in (number, *named)))


def _named_modules(number: str, text: str, declarations: "Declarations") -> list[str]:
    """The modules of the part's question, of parts that are named, and those named themselves."""
    written = {part.module for other, part in declarations.parts.items() if other in _quoted(text)}
    question = declarations.question_of(number)
    own = {question.module} if question else set()
    return [name for name in declarations.modules if name in own | written or name in _words(text)]


def _files_digest(modules: Sequence[str], files: Mapping[str, bytes], declarations: "Declarations") -> str:
    """The modules with all that they import of each other, and the data files of their questions."""
    reached = _reached(modules, files)
    data = [name for q in declarations.questions if q.module in reached for name in q.data if name in files]
    names = [*(f"{module}.py" for module in reached), *data]
    return digest_of(*(piece for name in sorted(names) for piece in (name, files[name])))


def _reached(modules: Iterable[str], files: Mapping[str, bytes]) -> set[str]:
    found: set[str] = set()
    waiting = [name for name in modules if f"{name}.py" in files]
    while waiting:
        name = waiting.pop()
        found.add(name)
        imported = _imported(files[f"{name}.py"])
        waiting += [other for other in imported - found if f"{other}.py" in files]
    return found


@cache
def _imported(source: bytes) -> frozenset[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError) as error:
        raise HomeworkInvalid(f"a module of the homework's own is not Python: {error}") from error
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return frozenset(name.partition(".")[0] for name in names)


@cache
def engine_digest() -> str:
    """What judges: our own code, and the libraries that it judges with."""
    return digest_of(platform.python_version(), *_versions(LIBRARIES_THAT_JUDGE), *_sources(JUDGING))


@cache
def program_digest() -> str:
    """All of this program that has a hand in a run and its files: what judges, and what puts it into words."""
    return digest_of(engine_digest(), *_sources(TELLING))


def environment_digest(limits: Limits) -> str:
    """What decides what student code answers: the sandbox, its limits, the libraries and the machine's kind."""
    machine = (platform.python_version(), platform.machine(), platform.system())
    return digest_of(*machine, repr(asdict(limits)), *_versions(LIBRARIES_THAT_ANSWER), *_sources(ANSWERING))


def versions(limits: Limits) -> dict[str, str]:
    """What must be the same wherever a class is graded, by names that a person knows."""
    libraries = dict.fromkeys((*LIBRARIES_THAT_ANSWER, *LIBRARIES_THAT_JUDGE))
    return {
        "Python": platform.python_version(),
        "a processor": platform.machine(),
        **{name: _version(name) for name in libraries},
        "this program in the version": digest_of(engine_digest(), environment_digest(limits))[:12],
    }


def _versions(libraries: Iterable[str]) -> list[str]:
    return [f"{name} {_version(name)}" for name in libraries]


@cache
def _version(name: str) -> str:
    """The version of an installed library, off the name of the folder that describes it: to load importlib.metadata
    would take a tenth of a run that finds nothing to do.
    """
    for place in sys.path:
        with suppress(OSError):
            for entry in sorted(os.listdir(place or ".")):
                if entry.startswith(f"{name}-") and entry.endswith(DESCRIBES):
                    return entry[len(name) + 1 : -len(DESCRIBES)]
    from importlib import metadata

    return metadata.version(name)


def _sources(places: Iterable[str]) -> list[bytes]:
    paths = [path for place in places for path in _python_files(ENGINE / place)]
    return [piece for path in paths for piece in (str(path.relative_to(ENGINE)).encode(), path.read_bytes())]


def _python_files(place: Path) -> list[Path]:
    """The program's own files below a place; templates and styles of pages are among them."""
    if place.is_file():
        return [place]
    return sorted([path for path in place.rglob("*") if path.suffix in SOURCES])
