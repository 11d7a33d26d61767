"""The sentence for each kind of fact: a template filled in from the fact's data, or a function of the data.

They say what is wrong in kind and what to look at, never what is right.
"""

from collections.abc import Callable, Mapping
from typing import Any

from autograder.answers.render import plain

Data = Mapping[str, Any]
Wording = str | Callable[[Data], str]

CRASH_REASONS = {
    "raised": "Your code raised {exception}{place}.",
    "view": "Your code raised {exception}{place}: a tensor whose axes were swapped has no view in another shape.",
    "weights": "The weights that were given to your layer do not fit its {exception}, which has another shape{place}.",
    "import": "{module}.py could not be imported: it raised {exception}{place}.",
    "syntax": "{module}.py could not be imported: it has a syntax error{place}.",
    "exit": "Your code ended the process{place}; it must return instead.",
    "killed": "Your code took its process down{place}.",
    "memory": "Your code ran out of memory{place}.",
    "cpu": "Your code used up its processor time{place}.",
    "garbage": "The process that ran your code sent something that is not an answer.",
}
NOT_INSTALLED = (
    " {needs} not there when your code is graded: there are PyTorch, NumPy, SymPy and what"
    " comes with Python, and .py files of your own that lie beside the homework's."
)
FEW = 10
TIME_OUTS = {
    "import": "Importing {module}.py took longer than {time} and was stopped.",
    "call": "Your code took longer than {time} and was stopped.",
    "again": "Your code was stopped twice before for taking too long, so it was not run again.",
    "question": "The time for this question ({time}) was used up before this part was run.",
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
    text = CRASH_REASONS[data["reason"]].format_map({**data, "place": place})
    if data["exception"] != "ModuleNotFoundError":
        return text
    lacks = data.get("lacks")
    needs = f"It needs the module {lacks}, which is" if lacks else "That line needs a module that is"
    return text + NOT_INSTALLED.format(needs=needs)


def timed_out(data: Data) -> str:
    seconds = data["seconds"]
    time = f"{seconds:g} second{'' if seconds == 1 else 's'}"
    return TIME_OUTS[data["during"]].format(module=data["module"], time=time)


def unanswered(data: Data) -> str:
    line = data.get("line")
    return (
        f"Not answered: the blank in line {line} of {data['module']}.py is not filled in." if line else "Not answered."
    )


def blank_unfilled(data: Data) -> str:
    return f"Not answered: the blank in line {data['line']} is not filled in." if data.get("line") else "Not answered."


def values_differ(data: Data) -> str:
    share = f"{100 * float(data['share']):.3g} %"
    pattern = PATTERNS.get(data.get("pattern") or "", "")
    return f"The shape is right, but {share} of the numbers are not. {pattern}".rstrip()


def opaque(data: Data) -> str:
    detail = f" ({data['detail']})" if data.get("detail") else ""
    return f"Your code gave an object of type {data['type']}{detail}, which cannot be compared."


def not_finite(data: Data) -> str:
    return "The result has NaN in it." if data.get("nan") else "The result has infinite numbers in it."


WITNESSES = {
    "sign": "It has the wrong sign.",
    "factor": "It is off by a constant factor.",
    "free_index": "The index {index} is not bound by a sum, so there is no one value.",
    "length": "It is a vector of another length.",
    "undefined": "It has no value where it should have one.",
    "value": "It takes other values than it should.",
}


def expression_differs(data: Data) -> str:
    if data["witness"] == "kind":
        return (
            f"It is a {data['kind']}, which is not what was asked for." if data["kind"] != "mixed" else "Not one value."
        )
    return WITNESSES[data["witness"]].format_map(data)


def growth_upper_bound(data: Data) -> str:
    excess = data.get("excess", {})
    which = f"your term {plain(excess['term'])} is more than needed" if excess.get("term") else "it is more than needed"
    return f"It is true, but a looser bound: {direction(excess)}{which}."


def growth_lower_bound(data: Data) -> str:
    start = "It is too small" + (", though one of the leading terms is there" if data.get("leading_term") else "")
    return f"{start}: {direction(data.get('missing', {}))}the true cost grows faster than your bound."


def growth_incomparable(data: Data) -> str:
    """Too large one way, too small another: both directions are shown."""
    excess, missing = data.get("excess", {}), data.get("missing", {})
    which = f"your term {plain(excess['term'])}" if excess.get("term") else "your bound"
    return (
        f"It is neither an upper nor a lower bound: {direction(excess)}{which} grows faster than the true cost;"
        f" {direction(missing)}the true cost grows faster than your bound."
    )


def tuple_returned(data: Data) -> str:
    count = data["items"] if data["items"] < FEW else "many"  # a large number could carry a hidden input
    return f"Your code returned {count} values; the first is what is asked for. Return that alone."


def direction(excess: Data) -> str:
    """A ray in words: "let n grow like t^2, d and h grow like t, and everything else stay fixed; then "."""
    growing: dict[str, list[str]] = {}
    for name, exponent in excess.get("ray", {}).items():
        if exponent:
            growing.setdefault(power_of_t(exponent), []).append(name)
    if not growing:
        return ""
    moves = ", ".join(f"{' and '.join(names)} grow like {power}" for power, names in growing.items())
    return f"let {moves}, and everything else stay fixed; then "


def power_of_t(exponent: Any) -> str:
    return "t" if exponent == 1 else f"t^{exponent}" if exponent.denominator == 1 else f"t^({exponent})"


def counterexample(data: Data) -> str:
    row = ", ".join(data["values"])
    return f"Counterexample: the values {row} meet your condition, and their sum is 0."


def shape_length(data: Data) -> str:
    sizes = "1 size" if data["actual"] == 1 else f"{data['actual']} sizes"
    return f"It has {sizes}, which is not how many there are."


def shape_sizes(data: Data) -> str:
    places = ", ".join(str(place) for place in data["places"])
    return f"The number of sizes is right; look at size {places} again."


COUNTED = {
    "multiply_adds": "its multiply-adds grow",
    "bytes_moved": "the bytes that it reads and writes grow",
    "bytes_allocated": "the memory for its results grows",
}
SAME_EXPONENT = 0.5  # small sizes bend an exponent by terms of lower order; a wrong one is off by more


def work_beside_formula(data: Data) -> str:
    code, formula = data["code"], data["formula"]
    same = all(abs(code[name] - formula[name]) <= SAME_EXPONENT for name in code)
    says = "as your formula does" if same else f"your formula like {powers(formula)}"
    return f"For information, counted while your own code ran: {COUNTED[data['count']]} like {powers(code)}, {says}."


def powers(exponents: Mapping[str, float]) -> str:
    return ", ".join(f"{name}^{exponent:.1f}" for name, exponent in exponents.items())


SENTENCES: Mapping[str, Wording] = {
    "unanswered": unanswered,
    "blank_unfilled": blank_unfilled,
    "blank_elsewhere": "This blank was not found in your code; on Gradescope the function as a whole decides.",
    "blank_not_found": "This blank could not be found in your code, and the function as a whole is not right.",
    "blank_not_run": "In line {line}, {written} could not be run by itself, and the function as a whole is not right.",
    "blank_differs": "In line {line}, {written} does not give what belongs here.",
    "file_missing": "Not answered: {name} was not found in your submission.",
    "read_otherwise": "{names} was read as one number.",
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
    "tuple_returned": tuple_returned,
    "attribute_differs": "{name} should be {expected} here.",
    "entry_differs": "The entry {key!r} is not right.",
    "not_a_pair": "{name} should be a pair of whole numbers ({axes}).",
    "pair_out_of_range": "{name} is outside your data, which has {limits} of ({axes}); count from 0.",
    "another_kernel": "Products of your features are not the values of the kernel, whatever their weights.",
    "wrong_weights": "",
    "features_shape": "For inputs {input} your features have shape {actual}; each row needs its features.",
    "work_grows": "The work of your function grows like {size}^{exponent:g} (counted, not timed).",
    "work_beside_formula": work_beside_formula,
    "work_not_counted": "Much of the work was not done in torch, so it cannot be counted.",
    "person_may_read": "Provisional: a person may read it.",
    "hours_implausible": "The number of hours is not plausible.",
    "hours_unreadable": "The hours could not be read as a number.",
    "did_not_run": "This part was not run.",
    "grader_failed": "",
    "feedback": "{text}",
    "graded_by_a_person": lambda data: f"A person graded this part. {data['comment']}".rstrip(),
    "not_a_json_string": "This line is not a JSON string.",
    "comparison_undecided": "",
    "undecided": "",
    "two_answers": "The answers that you joined by = are not equal to each other; write one.",
    "expression_equal": "",
    "expression_differs": expression_differs,
    "growth_equal": "",
    "growth_upper_bound": growth_upper_bound,
    "growth_lower_bound": growth_lower_bound,
    "growth_incomparable": growth_incomparable,
    "growth_undecided": "",
    "condition_counterexample": counterexample,
    "condition_impossible": "No values whose sum is other than 0 can meet this condition.",
    "condition_stronger": "It asks for more than is needed, which is as good.",
    "shape_length": shape_length,
    "shape_order": "The sizes are the right ones, in another order.",
    "shape_sizes": shape_sizes,
    "entries_lacking": "Not answered: {keys}.",
    "not_answered": "Not answered.",
    "not_text": "Write the answer as text; this is {type}.",
    "question_repeated": "Not answered: this repeats the question.",
    "too_few_words": "Not answered: {words} words are too few (at least {least}).",
    "no_sentence": "Not answered: this is no sentence.",
}
ARRAYS: Mapping[str, str] = {
    "not_npz": "{name} is not an .npz file; write it with numpy.savez.",
    "too_many": "{name} holds more than {most} arrays.",
    "too_large": "{name} would take more than {limit} bytes of memory.",
    "not_npy": "{array} in {name} is not an array.",
    "pickled": "{array} in {name} holds Python objects; save numbers or texts.",
    "dtype": "{array} in {name} has dtype {dtype}; save floats, integers or texts.",
    "damaged": "{array} in {name} is damaged.",
    "duplicate": "{array} stands in {name} more than once.",
    "encrypted": "{array} in {name} is encrypted.",
    "compression": "{array} in {name} is compressed in a way that is not supported.",
    "link": "{array} in {name} is a link.",
    "not_a_file": "{array} in {name} is not a file.",
    "ratio": "{array} in {name} would grow far too much when it is unpacked.",
}
PROBLEMS: Mapping[str, str] = {
    "nothing_found": "None of the homework's files was found; hand in the modules under their given names.",
    "several_places": "Answers were found in several folders; those in {chosen} were graded ({others} were not).",
    "elsewhere": "{files} in {place} was not graded, because the other answers are in another folder.",
    "deeper": "Answers were found deeper down, in {place}; put them at the top or in one folder.",
    "zip_inside": "The answers were taken from the zip {file} inside your submission.",
    "similar_name": "{found} was ignored; did you mean {expected}?",
    "other_modules": "Only the homework's modules, and those that they import, are used; ignored: {files}.",
    "unsafe_member": "{file} was skipped: its name leads out of the folder, or it is not a plain file.",
    "damaged": "{file}{name} is damaged and was not taken.",
    "link": "{name} is a link and was not taken; hand in the file itself.",
    "not_a_file": "{name} is not a plain file and was not taken.",
    "too_large": "{name} is too large and was not taken (at most {limit} bytes).",
    "unreadable": "{name} could not be read.",
    "encrypted": "{name} is encrypted and was not taken.",
    "compression": "{name} is compressed in a way that is not supported; make the zip with the usual tools.",
    "ratio": "{name} would grow far too much when it is unpacked, and was not taken.",
    "duplicate": "{name} stands in the zip more than once and was not taken.",
    "not_utf8": "{name} is not UTF-8 text (line {line}); save it as UTF-8.",
    "utf16": "{name} is saved as UTF-16; save it as UTF-8.",
    "nul_bytes": "{name} has a NUL byte in line {line}.",
    "coding": "{name} names an encoding that is not known ({coding}); save it as UTF-8.",
    "notebook_commands": "{name} has {left_out} lines that are commands to a notebook; they were left out.",
    "from_notebook": "{name} was made from the code cells of a notebook; lines of commands left out: {left_out}.",
    "notebook_beside": "{name} was graded, and not the notebook of the same name beside it.",
    "notebook_unreadable": "The notebook in place of {name} could not be read; clear its outputs and save it again.",
}
