"""Judges answers with other people's parsers. Run by readers.py, in a process that may be ended at any moment.

    python benchmarks/other_readers.py METHOD < questions > verdicts

A question is a line of JSON: part, form, names, equalities, references (the right answer in several spellings), answer.
A verdict is a line of JSON: one of the words of `try`, or null where the method refused. Several of these parsers run
what they read as Python: no hostile answer may ever come here.

Each method is given all the help that a careful grader would give it: wrappers such as O(...) and dollars are taken
off, names are declared positive, what k = d/h says is put in, an equation counts as its right-hand side, names that
the part does not declare are refused, and the right answer counts in whatever spelling the method can read best.
"""

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sympy as sp

Question = Mapping[str, Any]
Parser = Callable[[str, Question], Any]

WRAPPER = re.compile(
    r"^(?:\\mathcal\{?\s*O\s*\}?|\\Theta|\\Omega|[OΘΩ])\s*(?:\\left)?\s*\((?P<inside>.*?)(?:\\right)?\)$", re.DOTALL
)
DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))


class Refused(Exception):
    """The method has no reading of the answer."""


def main() -> None:
    parse = PARSERS[sys.argv[1]]
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(verdict(question, parse)), flush=True)


def verdict(question: Question, parse: Parser) -> str | None:
    """The method's verdict; whatever goes wrong inside a parser is a refusal."""
    try:
        if question["form"] == "growth":
            return by_limits(question, parse)
        if parse is math_verify:
            return by_verification(question)
        return by_simplification(question, parse)
    except Exception:  # a parser may raise anything at all
        return None


def by_simplification(question: Question, parse: Parser) -> str:
    actual = value(bare(question["answer"]), question, parse)
    for expected in references(question, parse):
        if sp.simplify(actual - expected) == 0:
            return "equal"
    return "not_equal"


def by_verification(question: Question) -> str:
    from math_verify import parse, verify

    answer = parse(dollars(question["answer"]))
    if not answer:
        raise Refused
    return "equal" if any(verify(parse(dollars(text)), answer) for text in question["references"]) else "not_equal"


def by_limits(question: Question, parse: Parser) -> str:
    """The limit of the ratio along one variable at a time, the others held: a one-variable grader, gone on with."""
    actual = value(unwrapped(bare(question["answer"])), question, parse)
    expected = next(references(question, parse))
    names = sorted((actual / expected).free_symbols, key=str)
    limits = [sp.limit(actual / expected, name, sp.oo) for name in names]
    larger, smaller = sp.oo in limits, sp.S.Zero in limits
    if larger and smaller:
        return "incomparable"
    return "upper_bound" if larger else "lower_bound" if smaller else "equal"


def references(question: Question, parse: Parser) -> Iterator[sp.Expr]:
    for text in question["references"]:
        with contextlib.suppress(Exception):  # the next spelling may be one that the method can read
            yield value(text, question, parse)


def value(text: str, question: Question, parse: Parser) -> sp.Expr:
    """The expression with positive names, and with the equalities put in."""
    found = parse(text, question)
    if isinstance(found, sp.Equality):
        found = found.rhs
    if not isinstance(found, sp.Expr):
        raise Refused
    positive = {name: sp.Symbol(str(name).strip("\\"), positive=True) for name in found.free_symbols}
    found = found.xreplace(positive)
    if not {str(name) for name in found.free_symbols} <= set(question["names"]):
        raise Refused
    return found.subs({sp.Symbol(name, positive=True): equal(text) for name, text in question["equalities"].items()})


def equal(text: str) -> sp.Expr:
    """What an equality of homework.toml says: trusted text."""
    found = sp.sympify(text)
    return found.xreplace({name: sp.Symbol(str(name), positive=True) for name in found.free_symbols})


def bare(text: str) -> str:
    text = text.strip().removesuffix(".")
    for opening, closing in DELIMITERS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening) + len(closing):
            return text[len(opening) : -len(closing)].strip()
    return text


def unwrapped(text: str) -> str:
    found = WRAPPER.match(text)
    return found["inside"] if found else text


def dollars(text: str) -> str:
    return f"${bare(text)}$"


def sympify(text: str, question: Question) -> Any:
    return sp.sympify(text, locals=symbols(question), convert_xor=True)


def implicit_products(text: str, question: Question) -> Any:
    from sympy.parsing import sympy_parser

    transformations = (
        *sympy_parser.standard_transformations,
        sympy_parser.convert_xor,
        sympy_parser.implicit_multiplication_application,
    )
    return sympy_parser.parse_expr(text, local_dict=symbols(question), transformations=transformations)


def latex_by_antlr(text: str, question: Question) -> Any:
    from sympy.parsing.latex import parse_latex

    return parse_latex(text)


def latex_by_antlr_strictly(text: str, question: Question) -> Any:
    from sympy.parsing.latex import parse_latex

    return parse_latex(text, strict=True)


def latex_by_lark(text: str, question: Question) -> Any:
    from sympy.parsing.latex import parse_latex

    return parse_latex(text, backend="lark")


def math_verify(text: str, question: Question) -> Any:
    from math_verify import parse

    return next((found for found in parse(dollars(text)) if isinstance(found, sp.Basic)), None)


def our_reader(text: str, question: Question) -> Any:
    """This project's reader before the limits: what is left is the judge's own share of the mistakes."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from autograder.answers.reader import read
    from autograder.answers.reading import Refusal
    from autograder.answers.vocabulary import Declared, Vocabulary

    found = read(text, Vocabulary("growth", tuple(Declared(name) for name in question["names"])))
    if isinstance(found, Refusal):
        raise Refused
    return as_sympy(found.tree)


def as_sympy(node: Any) -> sp.Expr:
    """A tree of a growth answer, built by constructors."""
    from autograder.answers.tree import Add, Call, Mul, Name, Number, Pow

    match node:
        case Number(value=number):
            return sp.Rational(number.numerator, number.denominator)
        case Name(name=name):
            return sp.Symbol(name)
        case Add(terms=parts) | Mul(factors=parts):
            return (sp.Add if isinstance(node, Add) else sp.Mul)(*map(as_sympy, parts))
        case Pow(base=base, exponent=exponent):
            return as_sympy(base) ** as_sympy(exponent)
        case Call(function=("max" | "min" | "log" | "exp") as name, arguments=arguments):
            functions = {"max": sp.Max, "min": sp.Min, "log": sp.log, "exp": sp.exp}
            return functions[name](*map(as_sympy, arguments))
    raise Refused


def symbols(question: Question) -> dict[str, sp.Symbol]:
    return {name: sp.Symbol(name, positive=True) for name in question["names"]}


PARSERS: dict[str, Parser] = {
    "sympify": sympify,
    "parse_expr": implicit_products,
    "antlr": latex_by_antlr,
    "antlr_strict": latex_by_antlr_strictly,
    "lark": latex_by_lark,
    "math_verify": math_verify,
    "our_reader": our_reader,
}


if __name__ == "__main__":
    main()
