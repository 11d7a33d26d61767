"""What crosses the channel is exact, and nothing else is accepted."""

import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from autograder.errors import ProtocolViolated
from autograder.sandbox.outcome import Crashed, Missing, Opaque, SymbolicObject, TimedOut, Value
from autograder.sandbox.protocol import array_digest, frames, plain, replies, requests
from autograder.sandbox.protocol.frames import MAGIC, NUMBER_TYPES, Caps
from autograder.sandbox.protocol.opaque import DETAILS, LIBRARY_TYPES
from autograder.sandbox.protocol.programs import (
    Attribute,
    Call,
    Code,
    Counted,
    Linear,
    Loaded,
    ModuleAttribute,
    Parameters,
    Snippet,
    StandIn,
    module_of,
    names_of,
)

CAPS = Caps(header_bytes=1 << 21, array_bytes=1 << 20)

identifiers = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,10}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
arrays = st.sampled_from(NUMBER_TYPES).flatmap(
    lambda name: arrays_of.arrays(
        np.dtype(name), arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    )
)
leaves = st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | texts | arrays
data = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(texts, inner, max_size=4)
        | st.builds(SymbolicObject, identifiers, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Opaque, st.sampled_from(sorted(LIBRARY_TYPES)), st.sampled_from(sorted(DETAILS)))
    ),
    max_leaves=12,
)


def through(body, held):
    """Write a frame to bytes and read it back."""
    return read(frames.pack(body, held))


def read(content, caps=CAPS):
    position = 0

    def exactly(size):
        nonlocal position
        piece = content[position : position + size]
        position += size
        return piece

    return frames.read(exactly, caps)


def same(left, right):
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.dtype == right.dtype and left.tobytes() == right.tobytes()
    if isinstance(left, tuple | list):
        return type(right) is tuple and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, SymbolicObject):
        return left.operation == right.operation and same(left.arguments, right.arguments)
    if isinstance(left, float):
        return type(right) is float and (struct.pack("d", left) == struct.pack("d", right) or math.isnan(left))
    return type(left) is type(right) and left == right


@given(data)
@settings(max_examples=150, deadline=None)
def test_plain_data_arrives_as_it_left(value):
    held = []
    frame = through(plain.encode(value, held), held)
    assert same(value, plain.decode(frame.body, frame.arrays))


def test_a_truth_value_is_never_an_integer():
    assert plain.decode(plain.encode(True, []), ()) is True
    assert type(plain.decode(plain.encode(1, []), ())) is int


def test_arrays_of_text_arrive():
    held = []
    frame = through(plain.encode(np.array(["[CLS]", "naïve"]), held), held)
    assert plain.decode(frame.body, frame.arrays).tolist() == ["[CLS]", "naïve"]


def test_arrived_arrays_cannot_be_written_to():
    frame = through(["a", 0], [np.ones(3)])
    with pytest.raises(ValueError, match="read-only"):
        frame.arrays[0][0] = 2.0


@pytest.mark.parametrize("value", [object(), {1: 2}, {1, 2}, b"bytes", 2**5000, 1j, np.float32(1)])
def test_what_is_not_plain_data_does_not_travel(value):
    with pytest.raises(TypeError):
        plain.encode(value, [])


@pytest.mark.parametrize("array", [np.array([object()]), np.zeros(2, "V8"), np.zeros(2, ">f4"), np.zeros(1, "M8[s]")])
def test_arrays_of_other_types_do_not_travel(array):
    with pytest.raises(TypeError):
        frames.pack(["a", 0], [array])


def header(text, body=b"", magic=MAGIC):
    content = text.encode() if isinstance(text, str) else text
    return struct.pack("!4sIQ", magic, len(content), len(body)) + content + body


BAD_FRAMES = {
    "another magic": header('{"arrays":[],"body":1}', magic=b"GET "),
    "not JSON": header("spam"),
    "not a dictionary": header("[]"),
    "a key too many": header('{"arrays":[],"body":1,"more":1}'),
    "a key too few": header('{"body":1}'),
    "keys in another order": header('{"body":1,"arrays":[]}'),
    "a second body in the list of arrays": header('{"arrays":[],"body":1,"arrays":[],"body":1}'),
    "something after the body": header('{"arrays":[],"body":1 2}'),
    "an integer of 21 digits": header('{"arrays":[],"body":' + "9" * 21 + "}"),
    "a key twice": header('{"arrays":[],"body":1,"body":2}'),
    "NaN": header('{"arrays":[],"body":NaN}'),
    "Infinity": header('{"arrays":[],"body":-Infinity}'),
    "a number beyond every float": header('{"arrays":[],"body":1e999}'),
    "an endless integer": header('{"arrays":[],"body":' + "9" * 5000 + "}"),
    "not ASCII": header('{"arrays":[],"body":"é"}'),
    "a million values": header('{"arrays":[],"body":[' + "0," * 510_000 + "0]}"),
    "deep nesting": header('{"arrays":[],"body":' + "[" * 100_000 + "]" * 100_000 + "}"),
    "an object type": header('{"arrays":[["object",[1]]],"body":1}', bytes(8)),
    "text wider than allowed": header('{"arrays":[["text99999",[1]]],"body":1}', bytes(399_996)),
    "a negative length": header('{"arrays":[["int8",[-1]]],"body":1}'),
    "a length that is a truth value": header('{"arrays":[["int8",[true]]],"body":1}', b"1"),
    "a length that is a float": header('{"arrays":[["int8",[1.0]]],"body":1}', b"1"),
    "fewer bytes than the shape says": header('{"arrays":[["float64",[2]]],"body":1}', bytes(8)),
    "more bytes than the shape says": header('{"arrays":[["float64",[2]]],"body":1}', bytes(24)),
    "a shape beyond all memory": header('{"arrays":[["float64",[1099511627776,1099511627776]]],"body":1}'),
    "no entries, and a shape beyond NumPy": header('{"arrays":[["int8",[0,1099511627776,1099511627776]]],"body":1}'),
    "text without a width": header('{"arrays":[["text0",[1099511627776]]],"body":1}'),
    "text that is not Unicode": header('{"arrays":[["text1",[1]]],"body":1}', b"\xff\xff\xff\xff"),
    "truth values that are neither": header('{"arrays":[["bool",[1]]],"body":1}', b"\x07"),
    "arrays that are no list": header('{"arrays":7,"body":1}'),
    "an array without a shape": header('{"arrays":[["int8"]],"body":1}'),
}


@pytest.mark.parametrize("content", BAD_FRAMES.values(), ids=BAD_FRAMES)
def test_a_frame_that_is_not_strict_is_refused(content):
    with pytest.raises(ProtocolViolated):
        read(content)


@pytest.mark.parametrize("prefix", [(2**31, 0), (10, 2**40)])
def test_a_frame_beyond_the_caps_is_refused_before_it_is_read(prefix):
    def exactly(size):
        assert size == 16
        return struct.pack("!4sIQ", MAGIC, *prefix)

    with pytest.raises(ProtocolViolated):
        frames.read(exactly, CAPS)


BAD_BODIES = [
    *([], ["x"], [1], ["a", 0], ["a", True], ["a", "0"], ["i", "12"], ["i", "0x" + "f" * 2000], ["f", "1.0"], {}),
    *(["d", ["k"]], ["d", ["k", 1], ["k", 2]], ["d", [1, 2]], ["s"], ["s", "no name"], ["s", "x" * 200]),
    *(["o", "a b", ""], ["o", "list", "\x1b[31m"], ["o", "list", "é"], ["o", "list"], ["p", "module", "a", "b"]),
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: json.dumps(body)[:40])
def test_a_body_that_encode_would_not_write_is_refused(body):
    with pytest.raises(ProtocolViolated):
        plain.decode(body, ())


def test_an_array_stands_in_one_place_only():
    """Else a reply of a megabyte could weigh a thousand when it is kept."""
    with pytest.raises(ProtocolViolated):
        plain.decode(["t", ["a", 0], ["a", 0]], (np.ones(3),))


def test_a_body_nested_deeply_is_refused():
    body = 1
    for _ in range(400):
        body = ["t", body]
    with pytest.raises(ProtocolViolated):
        plain.decode(body, ())


def test_lone_surrogates_do_not_get_through():
    assert plain.decode("a\ud800b", ()) == "a?b"


MODULE = ModuleAttribute("q3_multihead", "MultiHeadAttention")
WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)
PROGRAMS = [
    MODULE,
    Attribute(Call(MODULE, (8, 2)), "split_heads"),
    Call(MODULE, (WEIGHT, (1, 2.5, None), MODULE), (("mask", np.ones(2, bool)), ("f", Snippet("lambda x: x")))),
    Loaded(Call(MODULE, (8, 2)), (("W_q.weight", WEIGHT), ("W_q.bias", WEIGHT[0]))),
    Parameters(Call(MODULE, (8, 2))),
    Code("q4_decoding", "q = x\n", "q", (("x", WEIGHT), ("self", StandIn((("W_q", Linear(WEIGHT)),))))),
    Linear(WEIGHT, WEIGHT[:, 0]),
    Counted(Call(MODULE)),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: type(program).__name__)
def test_a_program_arrives_as_it_left(program):
    held = []
    frame = through(requests.encode(program, held), held)
    arrived = requests.decode(frame.body, frame.arrays)
    assert type(arrived) is type(program)
    assert requests.digest(arrived) == requests.digest(program)


@pytest.mark.parametrize(
    "program", [*PROGRAMS, Attribute(PROGRAMS[5], "x")], ids=lambda program: type(program).__name__
)
def test_what_is_written_down_once_is_what_would_be_written_each_time(program):
    held = []
    body = requests.encode(program, held)
    for _ in range(2):
        request = requests.encoded(program)
        assert request.body.text == frames.json_of(body)
        assert [*map(id, request.arrays)] == [*map(id, held)]
        assert frames.pack(request.body, request.arrays) == frames.pack(body, held)


def test_different_requests_have_different_digests():
    others = [Call(MODULE, (value,)) for value in (1, True, 1.0, "1", (1,))]
    others += [Call(MODULE, (np.zeros(2, dtype),)) for dtype in NUMBER_TYPES]
    others += [Call(MODULE, (np.zeros((1, 2)),)), Call(MODULE, (np.array([0.0, -0.0]),))]
    digests = [requests.digest(program) for program in [*PROGRAMS, *others]]
    assert len(set(digests)) == len(digests)


def test_a_digest_is_the_same_in_every_run():
    program = Call(
        ModuleAttribute("q2_argmax", "f"), (np.arange(3, dtype=np.float32), "x", 1, (None, True)), (("k", 0.5),)
    )
    assert requests.digest(program) == "2017c1e3a027456e546524e6da416c86558496a1f4ecbbf0dd3ce32935b2730f"


def test_an_array_that_can_still_be_changed_is_looked_at_each_time():
    array = np.arange(6.0)
    view = array[2:]
    view.flags.writeable = False
    before = [requests.digest(Call(MODULE, (part,))) for part in (array, view)]
    array[3] = 7
    after = [requests.digest(Call(MODULE, (part,))) for part in (array, view)]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_an_array_that_cannot_be_changed_is_looked_at_once_and_forgotten_when_it_is_gone():
    array = np.arange(6.0)
    other = requests.digest(Call(MODULE, (array,)))
    array.flags.writeable = False
    known = len(array_digest._KNOWN)
    assert [requests.digest(Call(MODULE, (part,))) for part in (array, array)] == [other, other]
    assert len(array_digest._KNOWN) == known + 1
    del array
    assert len(array_digest._KNOWN) == known


@pytest.mark.parametrize(
    "body",
    [
        ["p"],
        ["p", "eval", "1"],
        ["p", "call", 1, [], []],
        ["p", "attribute", ["t"], "x"],
        ["t", 1],
        5,
        ["p", "module", 1],
    ],
    ids=str,
)
def test_what_is_not_a_program_is_refused(body):
    with pytest.raises(ProtocolViolated):
        requests.decode(body, ())


def test_the_module_of_a_program_is_the_first_that_it_names():
    assert module_of(Counted(Attribute(Call(MODULE), "x"))) == "q3_multihead"
    assert module_of(Call(Snippet("abs"), (Code("q4_decoding", "", "1"),))) == "q4_decoding"
    assert module_of(Snippet("1")) == ""


ASKED = replies.Asked("q1", frozenset(("q1", "q4_decoding.computation")), lines=9)
OUTCOMES = [
    Value((1, "x", None)),
    Missing("q4_decoding.computation"),
    Crashed("ValueError", "q1", 7, "raised"),
    Crashed("SyntaxError", "q1", None, "syntax"),
    Crashed("ModuleNotFoundError", "q1", 7, "raised", "einops.layers"),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_an_outcome_arrives_as_it_left(outcome):
    frame = through(replies.encode(outcome, []), [])
    assert replies.decode(frame.body, frame.arrays, ASKED) == outcome


def test_a_worker_cannot_report_a_time_out():
    with pytest.raises(TypeError):
        replies.encode(TimedOut("q1", 1.0, "call"), [])


BAD_REPLIES = [
    *(None, [], ["value"], ["value", 1, 2], ["missing", "a b"], ["missing", "<b>"], ["missing", "q1.hidden_1234"]),
    *(["crashed", "ValueError", True, "raised"], ["crashed", "ValueError", 0, "raised"], ["crashed", 1, 1, "raised"]),
    *(
        ["crashed", "ValueError", 10, "raised"],
        ["crashed", "ValueError", 1, "killed"],
        ["crashed", "ValueError", 1, "killed", "einops"],
        ["crashed", "ValueError", 1, "raised", "my secret"],
        ["crashed", "ValueError", 1, "\x1b"],
        ["timed_out"],
        ["value", {"a": 1}],
    ),
]


@pytest.mark.parametrize("body", BAD_REPLIES, ids=lambda body: json.dumps(body)[:40])
def test_a_reply_that_is_not_an_outcome_is_refused(body):
    with pytest.raises(ProtocolViolated):
        replies.decode(body, (), ASKED)


@pytest.mark.parametrize("name", ["Secret 42", "print", "NotThere", "eval", "<script>"])
def test_only_names_of_built_in_exceptions_are_believed(name):
    assert replies.decode(["crashed", name, None, "raised"], (), ASKED).exception == "Exception"


@pytest.mark.parametrize(
    ("body", "believed"),
    [
        (["o", "generator", ""], Opaque("generator")),
        (["o", "Tensor", "on meta"], Opaque("Tensor", "on meta")),
        (["o", "input_0_4967", "too large"], Opaque("object", "too large")),
        (["o", "Tensor", "0.4967, -0.1382"], Opaque("Tensor")),
        (["o", "__import__", "dtype 0.4967"], Opaque("object")),
    ],
    ids=str,
)
def test_only_known_types_and_reasons_are_told_of_an_object(body, believed):
    assert plain.decode(body, ()) == believed


def test_what_can_be_missing_are_the_names_that_a_program_says():
    model = Call(ModuleAttribute("q3", "Model"), (3,))
    program = Call(Attribute(Loaded(model, (("W_q.weight", np.zeros(2)),)), "forward"), (ModuleAttribute("q4", "f"),))
    assert set(names_of(program)) == {"q3", "q3.Model", "q3.Model.W_q.weight", "q3.Model.forward", "q4", "q4.f"}
