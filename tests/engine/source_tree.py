"""The project's own source as trees: what test_architecture.py looks at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file. `module` is its dotted name: `autograder.checks.numeric`, a package's without `__init__`."""

    module: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def stage(self) -> str:
        """`checks` for `autograder.checks.numeric`, `cli` for `autograder.cli`, nothing for `autograder` itself."""
        return self.module.partition(".")[2].partition(".")[0]

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def functions(self) -> Iterator[Function]:
        return (node for node in self.nodes() if isinstance(node, Function))

    def at(self, node: ast.AST, finding: str) -> str:
        return f"{self.module}:{getattr(node, 'lineno', 1)}: {finding}"

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Every import, wherever it stands, with the dotted name of what is imported: `from a.b import c` is a.b.c."""
        for node in self.nodes():
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = self._origin(node)
                yield from ((node, f"{origin}.{alias.name}") for alias in node.names)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = self.module.split(".")
        up = here[: len(here) - node.level + self.is_package]
        return ".".join([*up, *([node.module] if node.module else [])])

    def docstrings(self) -> set[int]:
        """The identities of the nodes that are docstrings."""
        owners = (node for node in self.nodes() if isinstance(node, ast.Module | ast.ClassDef | Function))
        first = (owner.body[0] for owner in owners if owner.body)
        return {id(node.value) for node in first if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def read_sources(folder: Path, root: Path = PROJECT) -> tuple[Source, ...]:
    """All Python files below `folder`, in order."""
    return tuple(_read(path, root) for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def _read(path: Path, root: Path) -> Source:
    parts = path.relative_to(root).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    return Source(".".join(parts[:-1] if is_package else parts), path.read_text(encoding="utf-8"), is_package)


def imported_modules(source: Source, known: frozenset[str]) -> Iterator[tuple[ast.stmt, str]]:
    """The modules among `known` that a file imports: the longest known part of each imported name."""
    for node, name in source.imports():
        while name and name not in known:
            name = name.rpartition(".")[0]
        if name and name != source.module:
            yield node, name
