"""Words a refusal of the reader: where reading stopped, what was understood up to there, what to do.

Kinds and their data are listed in answers/refusals.py; a test checks that each has a sentence here.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from autograder.answers.reading import Refusal

SHOWN = 60  # characters of the student's text that are shown around the place

SENTENCES: Mapping[str, str] = {
    "empty": "Nothing was written.",
    "placeholder": "A placeholder stands where the answer should be.",
    "not_text": "Write the answer as text or as a SymPy object; this is {type_name}.",
    "prose": "Words cannot be read here: write the expression alone.",
    "too_long": "The answer is longer than any answer needs to be ({length} characters; at most {limit} are read).",
    "too_many_symbols": "The answer has more symbols than any answer needs (at most {limit}).",
    "too_deep": "There are too many brackets within brackets (at most {limit}).",
    "too_many_terms": "Multiplied out, this would have too many terms (at most {limit}). Write it more simply.",
    "number_too_long": "This number has too many digits (at most {limit}).",
    "exponent_too_large": "This exponent is too large to be meant (at most {limit}).",
    "binomial_lower": "The lower entry of a binomial coefficient has to be a whole number (at most {limit}).",
    "factorial_too_large": "The factorial of so large a number is not computed (at most {limit}).",
    "sum_limit": "The limit of this sum is not a whole number, or too large.",
    "lookalike_letter": "This letter is {name}; it only looks like {resembles}. Type it again on the keyboard.",
    "foreign_letter": "This letter ({name}) is neither Latin nor Greek.",
    "invisible_character": "An invisible character stands here ({name}). Delete it, or type the answer again.",
    "bidi_control": "A character that changes the direction of writing stands here ({name}). Delete it.",
    "control_character": "A control character stands here ({name}). Delete it.",
    "combining_mark": "A letter has a mark on it here ({name}). Write the letter alone.",
    "unknown_character": "This character ({name}) has no meaning here.",
    "undeclared_name": "{name} is not one of {declared}.{meant_hint}",
    "unknown_word": "“{name}” is not one of {declared}, and no function that is known here.",
    "unknown_function": "{name} is no function that can be used here.",
    "unknown_command": "The LaTeX command {name} has no meaning here.",
    "unknown_option": "The function has no argument that is called {name}.",
    "attribute": "A dot and a name have no meaning here.",
    "index_of_scalar": "{name} is not a vector, so it has no components.",
    "unbalanced": "A bracket or bar has no partner.",
    "empty_brackets": "There is nothing between these brackets.",
    "unexpected": "This sign cannot stand here.",
    "unexpected_end": "The answer ends where something has to follow.",
    "missing_operand": "Something is missing before this sign.",
    "double_operator": "Two signs of operation follow each other.",
    "stray_full_stop": "This full stop ends nothing.",
    "stray_backslash": "This backslash begins no command.",
    "math_delimiters": "The dollars or \\( \\) around the answer do not pair up.",
    "numbers_side_by_side": "Two numbers stand side by side; write the sign between them.",
    "number_after_name": "A number stands straight after a letter. Write ^ for a power or * for a product.",
    "ambiguous_argument": "It is not clear how far the argument of {function} goes; put brackets around it.",
    "function_without_brackets": "Put brackets around the argument of {name}.",
    "wrong_number_of_arguments": "{name} has another number of arguments.",
    "root_index": "The degree of this root is not a whole number from 1 on.",
    "infinity": "Infinity is not a value here.",
    "two_answers": "There are several answers here; write one.",
    "equation": "This is an equation; write what it is solved for.",
    "relation": "This is a comparison; write a value.",
    "not_worked_out": "{name}(...) still has to be worked out.",
    "wrapper_not_expected": "{name} belongs to growth answers; write the value itself here.",
    "wrapper_without_brackets": "Put brackets after {name}.",
    "wrapper_inside": "{name} stands where it says nothing of the whole; put it around everything.",
    "mixed_wrappers": "Ω together with O or Θ says two things; write one bound.",
    "little_o": "A small o is another relation; write a capital O.",
    "zero_for_o": "The digit 0 stands where the letter O must be meant.",
    "power_of_vector": "{name} is a vector, which has no powers. Write a norm, an inner product or a sum.",
    "vector_product": "Two vectors stand side by side; write a transpose or a dot between them.",
    "cross_product": "A cross between two vectors is not an inner product; write a dot.",
    "division_by_vector": "One cannot divide by a vector or a matrix.",
    "division_by_zero": "This divides by 0.",
    "kinds_differ": "A number and a vector, or a row and a column, cannot be added.",
    "lengths_differ": "These vectors have different lengths.",
    "matrix_product": "Products of matrices are not followed this far; write it with vectors or sums.",
    "not_a_scalar": "A number must stand here, not a {kind_found}.",
    "not_a_vector": "A vector must stand here, not a number.",
    "not_a_matrix": "A trace needs a matrix, not a vector.",
    "norm_of_matrix": "The norm of a matrix is not read here.",
    "norm_of_scalar": "A number has no p-norm; write its absolute value.",
    "norm_order": "The order of a norm is a number from 1 on, or infinity.",
    "transpose_of_scalar": "{name} is a number, which has no transpose.",
    "vector_as_index": "{name} is a vector and cannot be an index.",
    "index_from_one": "Components are counted 1, 2, ..., d.",
    "sum_index": "It is not clear which index this sum has, or over what it runs.",
    "sum_range_unknown": "It is not clear how far this sum goes; write its limits.",
    "which_index": "The sum does not say over which index it runs.",
    "unclear_dots": "It is not clear what the dots stand for.",
    "sympy_node": "SymPy's {name} has no meaning here.",
    "sympy_order": "SymPy's Order drops terms by itself; write O(...) as text.",
    "condition_word": "The word “{name}” cannot be read here. Short statements such as “sim(q, k) < 1” are read best.",
    "condition_sign": "“{name}” cannot stand here in a condition.",
    "condition_possibility": "“{name}” says what may be so; a condition says what has to be so.",
    "condition_negation": "It is not clear how much of the sentence is denied; split it into two statements.",
    "condition_set": "This set of numbers is not known here; write an inequality.",
    "condition_sum_over": "The denominator is a sum over the keys; this sum is over something else ({name}).",
    "condition_same_arguments": "This is the similarity of something to itself; write a condition on any two vectors.",
    "condition_some_query": "This says something of some queries only; the output has to be finite for all.",
    "condition_definition": "This says what the similarity is; write which condition it has to meet.",
    "condition_two": "This is not the same as what stands before it; write one condition.",
    "condition_numbers": "There are more numbers here than a condition needs (at most {limit}).",
    "not_a_shape": "Write the sizes in order, for instance as [a, b, c].",
    "shape_product": "This is a product; write the sizes as a list.",
    "nested_shape": "This is a list within a list; write one list of sizes.",
}

NOTES: Mapping[str, str] = {
    "left_side_dropped": "What stands before the = sign was taken as a name.",
    "steps_dropped": "What stands before the last statement was taken as steps towards it.",
    "power_before_division": "The power was read before the division: a^1/2 is (a^1)/2. Put an exponent in brackets.",
    "division_order": "The product after the fraction was read as standing above the line: 1/2d is (1/2)·d.",
    "lg_is_log2": "lg was read as the logarithm to base 2.",
    "index_of_sum": "The sum was read as running over {index}.",
    "counted_from_zero": "Components counted from 0 were read as counted from 1.",
}


def refusal_sentence(kind: str, data: Mapping[str, Any]) -> str:
    """One refusal in words. `data` is the refusal's own, with `found` and `understood`."""
    plain = {key: printable(value) if isinstance(value, str) else value for key, value in data.items()}
    known = {**plain, "declared": _listed(data.get("declared")), "meant_hint": _hint(data.get("meant"))}
    text = SENTENCES[kind].format_map(_Known(known))
    found = data.get("found")
    at = f" Reading stopped at “{_cut(str(found))}”." if found and kind not in SAYS_WHERE else ""
    understood = data.get("understood")
    return f"{text}{at}" + (f" Understood until there: {_cut(str(understood))}." if understood else "")


SAYS_WHERE = frozenset({"undeclared_name", "unknown_word", "unknown_function", "unknown_command", "prose"})


def refusal_with_caret(answer: str, refusal: Refusal) -> str:
    """The sentence, and below it the student's text with a caret where reading stopped."""
    text = refusal_sentence(refusal.kind, {**refusal.data, "found": "", "understood": refusal.understood})
    if refusal.position is None:
        return text
    start = max(0, refusal.position - SHOWN // 2)
    window = answer[start : start + SHOWN]
    before = printable(window[: refusal.position - start])
    return f"{text}\n  {printable(window)}\n  {' ' * columns(before)}^"


def columns(text: str) -> int:
    """How many columns a text takes in a terminal: two for a wide letter, none for a mark above one."""
    wide = sum(unicodedata.east_asian_width(character) in ("W", "F") for character in text)
    marks = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - marks


def _listed(names: Any) -> str:
    return ", ".join(names) if names else "the names of this part"


def _hint(meant: Any) -> str:
    return f" Did you mean {meant}?" if meant else ""


def _cut(text: str) -> str:
    return printable(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def printable(text: str) -> str:
    """A student's text as it can be shown: nothing in it commands the terminal or turns the direction of writing."""
    return "".join(character if character.isprintable() else "�" for character in text)


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
