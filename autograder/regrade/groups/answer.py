"""What one submission answered in one part, as it is kept beside its mark: enough to find the same answers by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["formula", "unreadable", "words", "values", "mistake", "code", "right", "failed", "unanswered"]
KINDS = get_args(Kind)
LONGEST_TEXT = 2_000
LONGEST_KEY = 64
ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True)
class Answer:
    """Answers to one part of one kind with the same `key` are the same.

    kind        formula     written and read: an expression, a growth, a condition, a shape
                unreadable  written, and not read
                words       what a person may read; near texts are found later
                values      numbers and truth values that were stated
                right       code that does all that it should
                mistake     code that computes what a mistake with a name computes
                code        code that does something else: the same if the code is, or what it computes
                failed      code or an answer that gave nothing to compare
                unanswered
    text        as it was written, cut to a length
    read_as     how it was read
    exact       False: the same answers may have different keys, and the judge has to be asked
    names       names that an alternative declares anew, and by which alone it could be read
    code        the key of the code itself, where it has one
    computed    what the code computed, in a few numbers (signature.py)
    relation    the mistake's name, or what the judge calls its relation to the expected answer
    """

    kind: Kind
    key: str
    text: str = ""
    read_as: str = ""
    exact: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    computed: tuple[Any, ...] = ()
    relation: str = ""


def pack_answer(answer: Answer) -> str:
    """One answer as JSON, without what it does not have."""
    given = {name: value for name, value in vars(answer).items() if value or name in ("kind", "key")}
    return ENCODER.encode({"exact": answer.exact, **given, "text": answer.text[:LONGEST_TEXT]})


def unpack_answer(text: str) -> Answer | None:
    """None for a mark of an older version, which kept no answer."""
    if not text:
        return None
    read = json.loads(text)
    return Answer(**{"key": "", **read, "computed": tuple(read.get("computed", ()))})


def short(key: str) -> str:
    """A key that may stand in a table: itself, or its digest if it is long."""
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
