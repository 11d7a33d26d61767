"""The process that searches through the sources of a class for near-identical code."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

WORKER = Path(__file__).resolve().parent / "similar_worker.py"
SECONDS = 1_800


class SearchProcess:
    """One run of the tool. Its hashes are Python's own, so the seed of those is set: equal classes, equal pairs."""

    def __init__(self, sources: Iterable[tuple[str, Mapping[str, bytes]]], template: Mapping[str, bytes]) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close
        self._process: subprocess.Popen[bytes] | None = None
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        with suppress(OSError), tempfile.TemporaryFile() as asked:
            asked.writelines(piece.encode() for piece in _question(sources, template))
            asked.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, str(WORKER)],
                stdin=asked,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                env=environment,
            )

    def answer(self) -> str | None:
        """Waits for it. None where it failed."""
        try:
            if self._process is None or self._process.wait(SECONDS):
                return None
            self._answer.seek(0)
            made = self._answer.read().decode()
            json.loads(made)
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        return made

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._answer.close()


def _question(sources: Iterable[tuple[str, Mapping[str, bytes]]], template: Mapping[str, bytes]) -> Iterator[str]:
    """The question as JSON in pieces, so that never more than one submission of a class is held for it."""
    given = {name: text.decode("utf-8", "replace") for name, text in template.items() if name.endswith(".py")}
    yield f'{{"template": {json.dumps(given)}, "sources": {{'
    for at, (digest, files) in enumerate(sources):
        texts = {name: text.decode("utf-8", "replace") for name, text in files.items() if name in template}
        yield f"{',' if at else ''}{json.dumps(digest)}: {json.dumps(texts)}"
    yield "}}"
