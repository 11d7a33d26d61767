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
from collections.abc import Iterator, Sequence, Set
from types import ModuleType
from typing import Any, NoReturn


class Absent:
    """What is taken out of a library that is not there. It can be named, subscripted and passed on, not used.

    While a module is imported, calling it does nothing: `matplotlib.use("Agg")`, or a decorator.
    """

    def __init__(self, module: str, used: list[str]) -> None:
        self._module = module
        self._used = used

    def __getitem__(self, _: Any) -> "Absent":
        return self  # in annotations: Float[Tensor, "n d"]

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        if sys._getframe(1).f_code.co_name != "<module>":
            self.refuse()
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self

    def __mro_entries__(self, _: Any) -> NoReturn:
        self.refuse()

    @classmethod
    def __torch_function__(cls, _function: Any, _types: Any, arguments: Any = (), keywords: Any = None) -> NoReturn:
        """PyTorch asks this of what is passed to its functions."""
        next(_absent_in([*arguments, *(keywords or {}).values()])).refuse()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        """`plt.rcParams["figure.dpi"] = 100` sets nothing."""

    def refuse(self) -> NoReturn:
        """Raise, and write down that it was used: PyTorch makes a TypeError of what is raised within its calls."""
        self._used.append(self._module)
        raise ModuleNotFoundError(f"No module named {self._module!r}", name=self._module)


def _absent_in(values: Sequence[Any]) -> Iterator[Absent]:
    for value in values:
        if type(value) is Absent:
            yield value
        elif isinstance(value, list | tuple):
            yield from _absent_in(value)


def _refusing(self: Absent, *_: Any) -> NoReturn:
    self.refuse()


ARITHMETIC = "add radd sub rsub mul rmul matmul rmatmul truediv rtruediv pow neg"
AS_NUMBERS = "bool int float index array lt gt le ge"
AS_OTHERS = "iter len contains enter next instancecheck subclasscheck"
for _use in f"{ARITHMETIC} {AS_NUMBERS} {AS_OTHERS}".split():
    setattr(Absent, f"__{_use}__", _refusing)


class AbsentLibraries(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty package for each library that turned out not to be there, and everything below it."""

    def __init__(self, loaded: Set[str] = sys.stdlib_module_names) -> None:
        """`loaded` are libraries that are known to be there: see `loaded_libraries`."""
        self.names: set[str] = set()
        self.used: list[str] = []  # modules whose stand-ins were used, since it was last cleared
        self._there = loaded

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

    def lacked(self, error: BaseException) -> str | None:
        """The module without which `error` would not have been raised, as far as its stand-in was used."""
        if isinstance(error, ModuleNotFoundError):
            return error.name if error.name and error.name.partition(".")[0] in self.names else None
        return self.used[-1] if self.used and isinstance(error, TypeError | ValueError) else None

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.names:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        absent = Absent(module.__name__, self.used)

        def missing(name: str) -> Absent:
            if name.startswith("__"):
                raise AttributeError(name)
            return absent

        module.__dict__["__getattr__"] = missing


def loaded_libraries() -> Set[str]:
    """The libraries that this process has imported. The zygote asks once: it costs a worker its memory to look."""
    return {module.partition(".")[0] for module in sys.modules} | sys.stdlib_module_names


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
