"""The sentence for each kind of fact: a template filled in from the fact's data, or a function of the data.

They say what is wrong in kind and what to look at, never what is right.
"""

from collections.abc import Callable, Mapping
from typing import Any

Data = Mapping[str, Any]
Wording = str | Callable[[Data], str]

CRASH_REASONS = {
    "raised": "Your code raised {exception}{place}.",
    "import": "{module}.py could not be imported: it raised {exception}{place}.",
    "syntax": "{module}.py could not be imported: it has a syntax error{place}.",
    "exit": "Your code ended the process{place}; it must return instead.",
    "killed": "Your code took its process down{place}.",
    "memory": "Your code ran out of memory{place}.",
    "cpu": "Your code used up its processor time{place}.",
    "garbage": "The process that ran your code sent something that is not an answer.",
}
TIME_OUTS = {
    "import": "Importing {module}.py took longer than {seconds:g} seconds and was stopped.",
    "call": "Your code took longer than {seconds:g} seconds and was stopped.",
    "question": "The time for this question ({seconds:g} seconds) was used up before this part was run.",
    "run": "The time for the whole run was used up before this part was run.",
}
PATTERNS = {
    "sign": "All of them have the wrong sign.",
    "factor": "All of them are off by the same factor.",
    "offset": "All of them are off by the same amount.",
    "reordered": "They are the right numbers in another order.",
}


def crashed(data: Data) -> str:
    line = data.get("line")
    place = f" in line {line} of {data.get('module')}.py" if line and data.get("module") else ""
    return CRASH_REASONS[data["reason"]].format_map({**data, "place": place})


def timed_out(data: Data) -> str:
    return TIME_OUTS[data["during"]].format_map(data)


def unanswered(data: Data) -> str:
    line = data.get("line")
    return f"Not answered: the blank in line {line} of {data['module']}.py is not filled in." if line else "Not answered."


def values_differ(data: Data) -> str:
    share = f"{100 * float(data['share']):.3g} %"
    pattern = PATTERNS.get(data.get("pattern") or "", "")
    return f"The shape is right, but {share} of the numbers are not. {pattern}".rstrip()


def opaque(data: Data) -> str:
    detail = f" ({data['detail']})" if data.get("detail") else ""
    return f"Your code gave an object of type {data['type']}{detail}, which cannot be compared."


def not_finite(data: Data) -> str:
    return "The result has NaN in it." if data.get("nan") else "The result has infinite numbers in it."


SENTENCES: Mapping[str, Wording] = {
    "unanswered": unanswered,
    "missing": "{name} was not found in your submission.",
    "crashed": crashed,
    "timed_out": timed_out,
    "returned_none": "Your code returned None; is a return statement missing?",
    "returned_opaque": opaque,
    "wrong_type": "Your code gave {actual} where {expected} is needed.",
    "wrong_shape": "The result has shape {actual}; it should have shape {expected}.",
    "wrong_dtype": "The result has dtype {actual}; it should be {expected}.",
    "not_finite": not_finite,
    "values_differ": values_differ,
    "value_differs": "It has another value than it should.",
    "tuple_returned": "Your code returned {items} values; the first is what is asked for. Return that alone.",
    "attribute_differs": "{name} should be {expected} here.",
    "entry_differs": "The entry {key!r} is not right.",
    "not_a_pair": "{name} should be a pair of whole numbers (layer, head).",
    "pair_out_of_range": "{name} is outside your data, which has (layers, heads) = {limits}; count from 0.",
    "another_kernel": "Products of your features are not the values of the kernel, and no weights of your features are.",
    "wrong_weights": "",
    "features_shape": "For inputs of shape {input} your features have shape {actual}; one row of features an input row.",
    "work_grows": "The work of your function grows like N^{exponent:g} (counted, not timed).",
    "work_not_counted": "Much of the work was not done in torch, so it cannot be counted.",
    "malformed_arrays": "Missing or malformed in q5_attention.npz: {names}.",
    "claim_without_data": "{claim} cannot be checked: {array} is missing or malformed in your data.",
    "claim_contradicts_data": "{claim} is not what your captured attention shows.",
    "head_looks_elsewhere": "The head puts {mass:.0%} of its mass there on average; more than half is needed.",
    "person_may_read": "Provisional: a person may read it.",
    "hours_implausible": "The number of hours is not plausible.",
    "hours_unreadable": "The hours could not be read as a number.",
    "did_not_run": "This part was not run.",
    "grader_failed": "",
    "feedback": "{text}",
}
NOTES: Mapping[str, str] = {}
