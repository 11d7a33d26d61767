"""Libraries that are not installed here: an import that nothing needs costs nothing, and what uses one says so.

Many modules begin with `import matplotlib.pyplot as plt`, for a picture that nobody draws when they are graded. Only
after importing a student's module failed at such a line does an empty library stand in for the one that it names, and
only under that name; what is taken out of it raises ModuleNotFoundError as soon as it is used.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn


class Absent:
    """What is taken out of a library that is not there. It can be named, subscripted and passed on, not used.

    While a module is imported, calling it does nothing: `matplotlib.use("Agg")`, or a decorator.
    """

    def __init__(self, library: str) -> None:
        self._library = library

    def __getitem__(self, _: Any) -> "Absent":
        return self  # in annotations: Float[Tensor, "n d"]

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        if sys._getframe(1).f_code.co_name != "<module>":
            self._refuse()
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self

    def __mro_entries__(self, _: Any) -> NoReturn:
        self._refuse()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        """`plt.rcParams["figure.dpi"] = 100` sets nothing."""

    def _refuse(self) -> NoReturn:
        raise ModuleNotFoundError(f"No module named {self._library!r}", name=self._library)


def _refusing(self: Absent, *_: Any) -> NoReturn:
    self._refuse()


for _use in ("add", "radd", "sub", "rsub", "mul", "rmul", "matmul", "rmatmul", "truediv", "rtruediv", "pow", "neg"):
    setattr(Absent, f"__{_use}__", _refusing)
for _use in ("iter", "len", "bool", "int", "float", "index", "lt", "gt", "le", "ge", "contains", "enter", "next"):
    setattr(Absent, f"__{_use}__", _refusing)


class AbsentLibraries(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty package for each library that turned out not to be there, and everything below it."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._there = {module.partition(".")[0] for module in sys.modules} | sys.stdlib_module_names

    def stands_in_after(self, error: BaseException, file: str) -> bool:
        """Whether importing `file` failed at an import line because of a library that from now on is found."""
        name = _library_not_there(error, file)
        if name is None or name in self.names or name in self._there:
            return False
        self.names.add(name)
        for loaded in [module for module in sys.modules if module.partition(".")[0] == name]:
            del sys.modules[loaded]  # half loaded
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
        return True

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.names:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        absent = Absent(module.__name__.partition(".")[0])

        def missing(name: str) -> Absent:
            if name.startswith("__"):
                raise AttributeError(name)
            return absent

        module.__dict__["__getattr__"] = missing


def _library_not_there(error: BaseException, file: str) -> str | None:
    """The library that is not installed, or (matplotlib) that cannot work without a folder to write in."""
    line = _line_that_raised(error, file)
    words = line.replace(",", " ").replace(";", " ").split()
    if words[:1] not in (["import"], ["from"]):
        return None
    if isinstance(error, ModuleNotFoundError):
        return (error.name or "").partition(".")[0] or None
    return words[1].partition(".")[0] if isinstance(error, OSError) and len(words) > 1 else None


def _line_that_raised(error: BaseException, file: str) -> str:
    places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    try:
        with open(file, encoding="utf-8", errors="replace") as source:
            lines = source.readlines()
    except OSError:
        return ""
    place = places[-1] if places else None
    return lines[place - 1] if place and place <= len(lines) else ""
