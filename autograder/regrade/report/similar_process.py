"""The process that searches through the sources of a class for near-identical code."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

WORKER = Path(__file__).resolve().parent / "similar_worker.py"
SECONDS = 1_800


class SearchProcess:
    """One run of the tool. Its hashes are Python's own, so the seed of those is set: equal classes, equal pairs."""

    def __init__(self, sources: Mapping[str, Mapping[str, bytes]], template: Mapping[str, bytes]) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close
        self._process: subprocess.Popen[bytes] | None = None
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        with suppress(OSError), tempfile.TemporaryFile() as asked:
            asked.write(json.dumps(_question(sources, template)).encode())
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


def _question(sources: Mapping[str, Mapping[str, bytes]], template: Mapping[str, bytes]) -> Mapping[str, Any]:
    return {
        "template": {name: text.decode("utf-8", "replace") for name, text in template.items() if name.endswith(".py")},
        "sources": {
            digest: {name: text.decode("utf-8", "replace") for name, text in files.items() if name in template}
            for digest, files in sources.items()
        },
    }
