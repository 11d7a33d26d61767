"""Frozen limits and paths, handed from the edge inwards; nothing reads a global."""

from dataclasses import dataclass
from pathlib import Path

KIBI = 1024
MEBI = 1024 * KIBI
GIBI = 1024 * MEBI


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are wall-clock on the grader's clock unless named otherwise."""

    import_seconds: float = 6.0
    call_seconds: float = 4.0
    hung_call_seconds: float = 1.0  # of a module that has used up a call's time before
    hangs: int = 2  # what has used up its time so often is not called again
    question_seconds: float = 30.0
    run_seconds: float = 480.0
    worker_cpu_seconds: int = 60
    worker_memory_bytes: int = GIBI
    worker_open_files: int = 64
    worker_processes: int = 16
    frame_bytes: int = 8 * MEBI
    header_bytes: int = 4 * MEBI
    reply_bytes: int = 64 * MEBI
    text_characters: int = 200_000
    source_bytes: int = 512 * KIBI
    data_file_bytes: int = 64 * MEBI
    archive_members: int = 65_535  # as many as a plain zip can list; those that are not expected are passed over
    own_modules: int = 20  # further ones, that the homework's modules import
    archive_bytes: int = 256 * MEBI


@dataclass(frozen=True)
class Homework:
    """A homework's folder. `reference` is absent on a student's machine."""

    root: Path

    @property
    def reference(self) -> Path:
        return self.root / "reference"

    @property
    def template(self) -> Path:
        return self.root / "student_template"

    @property
    def suites(self) -> Path:
        return self.root / "tests" / "graded"

    @property
    def declarations(self) -> Path:
        return self.suites / "homework.toml"

    @property
    def rubric(self) -> Path:
        return self.reference / "rubric.toml"
