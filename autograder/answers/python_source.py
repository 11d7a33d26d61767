"""Python source text -> syntax tree, for text that nobody vouches for. Nothing is compiled or run.

What `ast.parse` does with hostile text, measured on CPython 3.11.7, 3.12.1 and 3.13.0 with an 8 MiB stack:
    100,000 nested brackets          SyntaxError at the 201st ("too many nested parentheses")
    100,000 unary signs, lambdas,    MemoryError at about 6000 levels: the parser counts its own depth
        ternaries, powers, elif
    3000 to 6000 of them, or more    RecursionError "during ast construction" (3.13 gives a tree at 3000)
        than 1000 of + . () []       (`a.a.a`: a million parts take 1.1 s and 340 MB before that)
    2000 of `.a`, lambda, elif       a tree, on which NodeVisitor, unparse and dump raise RecursionError
    `import a.a.a` of 100,000 parts  42 s and 10.8 GB: the dotted name is copied once for each part
    200,000 statements `a=1`         483 MB: about 2.4 KB for each statement
    indentation of 101 levels        IndentationError
    `1` of 5000 digits               SyntaxError; hexadecimal ones are read, and unparse raises ValueError
    NUL, half a surrogate            SyntaxError or ValueError (3.11.3 and before), UnicodeEncodeError
It never crashed, and 24,000 random nests of all constructs, half of them broken, took no time that grows faster than
the text. So: the text is bounded before it is parsed, everything that `ast.parse` raises is a value here, and a tree
deeper than `MOST_DEPTH` is refused, so that whoever walks a tree may do it by recursion.
"""

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar, TypeVarTuple

from autograder.submission.source_text import Undecodable, decode_source

MOST_CHARACTERS = 400_000
MOST_TOKENS = 60_000  # words and signs, those in texts and comments included; 60,000 of them make 40 MB of tree at most
MOST_DOTS = 2_000  # in a row in one dotted name
MOST_DEPTH = 80
TOKEN = re.compile(r"\w+|[^\w\s]")
MOST_TREES = 12  # that are kept: a submission's modules, to which its parts come back, and a few texts of blanks
LONG_CHARACTERS = 20_000  # of a module that is too large to keep several of
DOTTED = re.compile(r"(?P<dot>\.)|(?P<name>[\w\t \f]+|\\\r?\n)|\\|[^\w\t \f.\\]+")  # matches everything, in one pass

Node = TypeVar("Node", bound=ast.AST)
Further = TypeVarTuple("Further")
Result = TypeVar("Result")
NOTHING: tuple[int, dict[Any, Any]] = (0, {})


@dataclass(frozen=True)
class Unparsable:
    """Why there is no tree: "too_long", "too_deep", "syntax", "not_utf8", "utf16", "nul_bytes" or "coding"."""

    kind: str
    line: int | None = None


def parse_source(source: str | bytes) -> ast.Module | Unparsable:
    """Parse a module. The tree is shared between calls: look, but do not change it."""
    text = source if isinstance(source, str) else decode_source(source)
    if isinstance(text, Undecodable):
        return Unparsable(text.kind, text.line)
    return _parse_again(text) if len(text) <= LONG_CHARACTERS else _parse_long(text)


def _parse(text: str) -> ast.Module | Unparsable:
    refusal = _refusal(text)
    if refusal:
        return refusal
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\mu" in a text is worth a warning to its author, not to us
            tree = ast.parse(text)
    except SyntaxError as error:
        return Unparsable("syntax", error.lineno)
    except (RecursionError, MemoryError):
        return Unparsable("too_deep")
    except ValueError:
        return Unparsable("syntax")
    return Unparsable("too_deep") if depth(tree) > MOST_DEPTH else tree


_parse_again = lru_cache(maxsize=MOST_TREES)(_parse)
_parse_long = lru_cache(maxsize=2)(_parse)


def once_a_node(find: Callable[[Node, *Further], Result]) -> Callable[[Node, *Further], Result]:
    """Decorates a function of a node and of plain values: what it gave is kept as long as the node, and no longer.

    So no more is kept of a class's code than the trees that are looked at. What is given must not hold the node.
    """
    place = f"_{find.__module__}.{find.__name__}"

    @wraps(find)
    def found(node: Node, /, *further: *Further) -> Result:
        of, known = node.__dict__.get(place, NOTHING)
        if of != id(node):  # or it is what is known of another node, of which this one is a copy
            known = {}
            node.__dict__[place] = (id(node), known)
        if further not in known:
            known[further] = find(node, *further)
        return known[further]  # type: ignore[no-any-return]  # what `find` gave

    return found


def depth(tree: ast.AST) -> int:
    """Count the levels of a tree, without recursion."""
    levels = 0
    nodes: list[ast.AST] = [tree]
    while nodes:
        levels += 1
        nodes = [child for node in nodes if node.__dict__ for child in children(node)]
    return levels


def children(node: ast.AST) -> list[ast.AST]:
    """The same nodes as `ast.iter_child_nodes` gives, sooner. For trees of the parser, whose fields stand in order."""
    found: list[ast.AST] = []
    for value in node.__dict__.values():
        kind = type(value)
        if kind is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif kind is not int and kind is not str and isinstance(value, ast.AST):
            found.append(value)
    return found


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """The same nodes in the same order as `ast.walk` gives, sooner: the root, its children, theirs."""
    found = [tree]
    for node in found:
        if node.__dict__:  # operators and contexts have nothing in them
            found += children(node)
    return found


def _refusal(text: str) -> Unparsable | None:
    if len(text) > MOST_CHARACTERS:
        return Unparsable("too_long")
    if len(text) > MOST_TOKENS and sum(1 for _ in TOKEN.finditer(text)) > MOST_TOKENS:
        return Unparsable("too_long")
    return Unparsable("too_long") if text.count(".") > MOST_DOTS and _longest_dotted(text) > MOST_DOTS else None


def _longest_dotted(text: str) -> int:
    """Count the dots in the longest run of names and dots, which an `import` would take a long time over."""
    longest = run = 0
    for part in DOTTED.finditer(text):
        if part.lastgroup == "dot":
            run += 1
            longest = max(longest, run)
        elif part.lastgroup is None:
            run = 0
    return longest
