"""Looks through source text for calls that a person may want to see. Nothing is run, and nothing is judged by it."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.answers.code_form import imports_in
from autograder.answers.code_normal import imported_name
from autograder.answers.python_source import Unparsable, nodes_of, parse_source

# What a homework in mathematics has no use for; the sandbox refuses most of it.
SYSTEM = frozenset(
    {
        *("os.system", "os.popen", "os._exit", "os.kill", "os.fork", "sys._getframe", "sys.settrace", "sys.setprofile"),
        *("sys.exit", "subprocess", "socket", "ctypes", "signal", "multiprocessing", "gc", "inspect", "pickle"),
        *("marshal", "shelve", "importlib", "urllib", "requests", "http", "ftplib", "smtplib", "shutil", "builtins"),
        *("eval", "exec", "compile", "open", "__import__", "globals", "breakpoint"),
    }
)
HINT = re.compile(r"\b(?:" + "|".join(sorted({name.rpartition(".")[2] for name in SYSTEM})) + r")")


@dataclass(frozen=True)
class Found:
    """A name of interest in a file."""

    file: str
    line: int
    name: str


def library_calls(files: Mapping[str, bytes], wanted: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """Uses of the library's names that `wanted` lists by module: dotted names in full, such as `torch.nn.Linear`."""
    for module, names in wanted.items():
        source = files.get(f"{module}.py", b"")
        last = [name.rpartition(".")[2].encode() for name in names]
        if any(name in source for name in last):  # parsing takes long
            yield from (found for found in _uses(f"{module}.py", source) if found.name in names)


def system_use(files: Mapping[str, bytes]) -> Iterator[Found]:
    """What reaches for the machine, and not for the homework: the first use of each name in each file."""
    for file, source in files.items():
        if HINT.search(source.decode("latin-1")):
            seen: set[str] = set()
            for found in _uses(file, source):
                if _is_system(found.name) and found.name not in seen:
                    seen.add(found.name)
                    yield found


def places(found: Iterable[Found]) -> list[list[str]]:
    """Where each name stands first in each file, and the name."""
    lines: dict[tuple[str, str], list[int]] = {}
    for one in found:
        lines.setdefault((one.file, one.name), []).append(one.line)
    return [[f"{file}, line {min(at)}", name] for (file, name), at in lines.items()]


def _is_system(name: str) -> bool:
    return name in SYSTEM or any(name.startswith(f"{system}.") for system in SYSTEM) or name.startswith("os.exec")


def _uses(file: str, source: bytes) -> Iterator[Found]:
    tree = parse_source(source)
    if isinstance(tree, Unparsable):
        return
    nodes = nodes_of(tree)
    imported = imports_in(nodes)
    within: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Found(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (Found(file, node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute | ast.Name) and id(node) not in within:
            name = imported_name(node, imported)
            within.update(map(id, nodes_of(node)))
            if name is not None and not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
                yield Found(file, node.lineno, name)
