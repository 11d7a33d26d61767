"""What student code raised, as a Crashed: a built-in's name and a line, never the message."""

import builtins
from types import TracebackType

from autograder.sandbox.outcome import Crashed

NO_MEMORY = ("can't allocate memory", "not enough memory", "std::bad_alloc")


def crashed(error: BaseException, module: str, file: str, *, importing: bool, lacks: str | None) -> Crashed:
    """Describe what was raised while `module` was imported or used. `file` is the path of its source.
    `lacks` names the module whose stand-in was used.
    """
    reason = _reason(error, importing=importing)
    name = "MemoryError" if reason == "memory" else "ModuleNotFoundError" if lacks else _name(error)
    line = _syntax_line(error, file) if reason == "syntax" else _deepest_line(error.__traceback__, file)
    return Crashed(name, module, line, reason, lacks)


def _reason(error: BaseException, *, importing: bool) -> str:
    if isinstance(error, SystemExit):
        return "exit"
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and _says_no_memory(error)):
        return "memory"
    if isinstance(error, SyntaxError):
        return "syntax"
    return "import" if importing else "raised"


def _says_no_memory(error: RuntimeError) -> bool:
    return any(phrase in str(error)[:1000] for phrase in NO_MEMORY)


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if getattr(builtins, kind.__name__, None) is kind else "Exception"


def _deepest_line(traceback: TracebackType | None, file: str) -> int | None:
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _syntax_line(error: BaseException, file: str) -> int | None:
    """A syntax error in the module itself has its own line; one in a module that it imports, the line of the import."""
    if isinstance(error, SyntaxError) and error.filename == file and type(error.lineno) is int:
        return error.lineno if error.lineno > 0 else None
    return _deepest_line(error.__traceback__, file)
