"""Reads homework.toml: the questions of a homework, and for each written answer where it stands and what it may use.

It is public: students have it too, so it never holds an answer. What contradicts itself is refused with its line.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.answers.vocabulary import Vocabulary
from autograder.errors import HomeworkInvalid, PartUnknown
from autograder.scoring.declarations import declared_otherwise, declared_vocabulary
from autograder.scoring.numbering import belongs
from autograder.scoring.toml_source import TomlTable, load_toml
from autograder.settings import Homework

TOP_KEYS = ("title", "questions", "parts")
QUESTION_KEYS = ("number", "module", "title", "data")
PART_KEYS = ("answer", "form", "names", "equalities", "inequalities", "functions", "or_names")
TAKEN = frozenset({*sys.stdlib_module_names, "autograder", "numpy", "sympy", "torch"})


@dataclass(frozen=True)
class Question:
    """One question and the module that answers it; `data` are the names of its data files."""

    number: str
    module: str
    title: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenPart:
    """A part that is answered in writing: `module.attribute` holds it, `vocabulary` says what may stand there.

    `otherwise` says what may stand there if the answer cannot be read so: some of its names are declared otherwise.
    """

    number: str
    module: str
    attribute: str
    vocabulary: Vocabulary
    otherwise: Vocabulary | None = None

    @property
    def read_otherwise(self) -> tuple[str, ...]:
        """The names that `otherwise` declares anew."""
        names = self.otherwise.names if self.otherwise else ()
        return tuple(name.name for name in names if name not in self.vocabulary.names)


@dataclass(frozen=True)
class Declarations:
    """homework.toml as a value."""

    title: str
    questions: tuple[Question, ...]
    parts: Mapping[str, WrittenPart]

    @property
    def modules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(question.module for question in self.questions))

    @property
    def data_files(self) -> tuple[str, ...]:
        return tuple(name for question in self.questions for name in question.data)

    def question_of(self, number: str) -> Question | None:
        """The question that a part belongs to: of those that fit, the one with the longest number."""
        fitting = [question for question in self.questions if belongs(number, question.number)]
        return max(fitting, key=lambda question: len(question.number), default=None)

    def part(self, number: str) -> WrittenPart:
        if number not in self.parts:
            written = ", ".join(self.parts)
            known = f"they are {written}" if written else "it has none"
            raise PartUnknown(f"{number} is not a written part of this homework; {known}")
        return self.parts[number]


def load_declarations(homework: Homework) -> Declarations:
    if homework.root.is_dir() and not homework.declarations.exists():
        place = homework.declarations.relative_to(homework.root)
        raise HomeworkInvalid(
            f"{homework.root.resolve()} is no homework: {place} is missing. Name a homework's folder with --homework, "
            "or make one with: python -m autograder new DIR"
        )
    source = load_toml(homework.declarations)
    top = TomlTable(source, source.table)
    top.knows_only(TOP_KEYS)
    questions = _questions(top)
    modules = frozenset(question.module for question in questions)
    parts = {number: _part(number, table, modules) for number, table in top.named_tables("parts").items()}
    return Declarations(top.text("title"), questions, parts)


def _questions(top: TomlTable) -> tuple[Question, ...]:
    tables = top.tables("questions")
    questions = tuple(_question(table) for table in tables)
    if not questions:
        raise top.refuse("there is no question; write [[questions]] with number, module and title")
    for place, question in enumerate(questions):
        if question.number in (other.number for other in questions[:place]):
            raise tables[place].refuse(f"question {question.number} stands here a second time", "number")
    return questions


def _question(table: TomlTable) -> Question:
    table.knows_only(QUESTION_KEYS)
    question = Question(table.text("number"), table.text("module"), table.text("title"), table.texts("data"))
    if not question.module.isidentifier():
        raise table.refuse(f"module = {question.module!r} is not the name of a Python module", "module")
    if question.module in TAKEN:
        raise table.refuse(f"module = {question.module!r} is the name of another module; choose a new one", "module")
    for name in question.data:
        if "/" in name or "\\" in name or name.startswith("."):
            raise table.refuse(f"data: {name!r} is not a file's name; data files stand beside the modules", "data")
    return question


def _part(number: str, table: TomlTable, modules: frozenset[str]) -> WrittenPart:
    table.knows_only(PART_KEYS)
    module, _, attribute = table.text("answer").partition(".")
    if not (module.isidentifier() and attribute.isidentifier()):
        raise table.refuse("answer must be module.attribute", "answer")
    if module not in modules:
        raise table.refuse(f"answer: no question has the module {module}", "answer")
    vocabulary = declared_vocabulary(table)
    return WrittenPart(number, module, attribute, vocabulary, declared_otherwise(table, vocabulary))
