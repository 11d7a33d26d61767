"""The student's modules: imported from their folder, each at its first use."""

import importlib
import os
import sys
from dataclasses import dataclass, field
from types import ModuleType

from autograder.sandbox.worker.absent import AbsentLibraries
from autograder.sandbox.worker.missing import Lacking


class ImportFailed(Exception):
    """Importing the student's module raised; the cause is what it raised."""


@dataclass(frozen=True)
class StudentModules:
    """The folder that holds one submission. It is last on sys.path, so that no file in it stands in for a library."""

    folder: str
    absent: AbsentLibraries = field(default_factory=AbsentLibraries)

    def file_of(self, name: str) -> str:
        """Return the path of a module's source, whether it exists or not."""
        return os.path.join(self.folder, f"{name}.py")

    def load(self, name: str) -> ModuleType:
        """Return the module, importing it if need be. Raises Lacking if there is no such file, else ImportFailed."""
        loaded = sys.modules.get(name)
        if loaded is not None and getattr(loaded, "__file__", None) == self.file_of(name):
            return loaded
        if not name.isidentifier() or not os.path.isfile(self.file_of(name)):
            raise Lacking(name)
        if self.folder not in sys.path:
            sys.path.append(self.folder)
        while True:  # once more for each library that is not there
            try:
                return importlib.import_module(name)
            except BaseException as error:
                if not self.absent.stands_in_after(error, self.file_of(name)):
                    raise ImportFailed(name) from error
