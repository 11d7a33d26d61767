"""Reading a student's .npz file: never more bytes than allowed, and never a pickle."""

import io
import struct
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.answers.arrays import ArrayRefusal, array_of, read_arrays
from autograder.settings import MEBI, Limits

LIMITS = Limits()


def npz(compress=True, **arrays_):
    stream = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(stream, **arrays_)
    return stream.getvalue()


def npy(array, version=None):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), version)
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_dot_", "."), data)
    return stream.getvalue()


def with_header(text, data=b"", version=b"\x01\x00"):
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text.encode() + data


def same(left, right):
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()


@pytest.mark.parametrize("compress", [True, False])
def test_attention_and_tokens_are_read(compress):
    attention = np.random.default_rng(0).random((2, 3, 4, 4)).astype(np.float32)
    tokens = np.array(["[CLS]", "the", "Ġcat", "🐈"])
    read = read_arrays(npz(compress, gpt=attention, gpt_tokens=tokens), LIMITS)
    assert same(read["gpt"], attention)
    assert read["gpt_tokens"].tolist() == tokens.tolist()


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8", ">i8", "u1", "bool", "<U3", ">U3"])
def test_every_plain_kind_of_number_and_text_is_read_in_either_byte_order(dtype):
    array = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype)
    read = read_arrays(npz(a=array), LIMITS)["a"]
    assert read.dtype.isnative
    assert read.tolist() == array.tolist()


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("array", [np.float32(3), np.zeros((0, 3)), np.asfortranarray(np.arange(6.0).reshape(2, 3))])
def test_every_version_shape_and_order_is_read(version, array):
    read = array_of(npy(array, version))
    assert read.tolist() == array.tolist()
    assert read.shape == array.shape


@given(arrays(st.sampled_from([np.float32, np.float64, np.int64]), array_shapes(max_side=4)))
def test_every_array_is_read_back(array):
    assert same(array_of(npy(array)), array)


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (np.array([{"a": 1}], dtype=object), "pickled"),
        (np.array(["the", "cat"], dtype=object), "pickled"),
        (np.array([b"the", b"cat"]), "dtype"),
        (np.array([1j]), "dtype"),
        (np.array(["2026-01-01"], dtype="M8[D]"), "dtype"),
        (np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]), "dtype"),
        (np.array([(None, 2.0)], dtype=[("a", "O"), ("b", "f4")]), "pickled"),
        (np.zeros(3, dtype="V8"), "dtype"),
    ],
)
def test_other_kinds_of_array_are_refused_by_name(array, kind):
    refusal = read_arrays(npz(fine=np.ones(2), tokens=array), LIMITS)
    assert (refusal.kind, refusal.data["array"]) == (kind, "tokens")


def test_a_pickle_in_an_npy_is_never_opened(tmp_path):
    class Gadget:
        def __reduce__(self):
            return (open, (str(tmp_path / "trace"), "w"))

    assert read_arrays(npz(a=np.array([Gadget()], dtype=object)), LIMITS).kind == "pickled"
    assert list(tmp_path.iterdir()) == []


def test_only_the_arrays_that_are_asked_for_are_looked_at():
    content = npz(gpt=np.ones(2), notes=np.array([None], dtype=object))
    assert set(read_arrays(content, LIMITS, names={"gpt", "bert"})) == {"gpt"}


def test_a_file_that_opens_to_too_much_is_refused():
    content = npz(a=np.zeros(20 * MEBI, dtype=np.uint8))
    assert len(content) < 200_000
    assert read_arrays(content, replace(LIMITS, data_file_bytes=10 * MEBI)).kind == "too_large"


def test_arrays_are_refused_that_are_too_much_together():
    content = npz(False, **{f"a{number}": np.ones(100_000, dtype=np.uint8) for number in range(12)})
    refusal = read_arrays(content, replace(LIMITS, data_file_bytes=MEBI))
    assert (refusal.kind, refusal.data) == ("too_large", {"array": "a10", "limit": MEBI})


def test_too_many_arrays_are_refused():
    assert read_arrays(npz(**{f"a{number}": np.ones(1) for number in range(65)}), LIMITS).kind == "too_many"


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (HEADER.replace("(2,)", "(3,)"), "damaged"),
        (HEADER.replace("(2,)", "(1,)"), "damaged"),
        (HEADER.replace("(2,)", "(99999999999999, 99999999999999)"), "damaged"),
        (HEADER.replace("(2,)", "(-2,)"), "not_npy"),
        (HEADER.replace("(2,)", "(2.0,)"), "not_npy"),
        (HEADER.replace("(2,)", "(__import__('os').getpid(),)"), "not_npy"),
        (HEADER.replace("(2,)", f"({'1, ' * 8}2)"), "damaged"),
        (HEADER.replace("<f4", "<f9"), "dtype"),
        (HEADER.replace("'<f4'", "'<f4' * 2"), "not_npy"),
        (HEADER.replace("<f4", "<U99999999999"), "dtype"),
        (HEADER.replace("<f4", "<U0"), "damaged"),
        (HEADER.replace("(2,)", "(0, 999999999999999999)"), "damaged"),
        (HEADER.replace("False", "0"), "not_npy"),
        ("{}", "not_npy"),
        ("[" * 3000, "not_npy"),
        (HEADER + " " * 5000, "not_npy"),
    ],
)
def test_a_header_that_lies_is_refused_before_anything_is_allocated(header, kind):
    assert array_of(with_header(header, bytes(8))).kind == kind


def test_an_honest_header_written_by_hand_is_read():
    assert array_of(with_header(HEADER, struct.pack("<2f", 1.5, -2))).tolist() == [1.5, -2]


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00", b"\x93NUMPY\x09\x00aaaa", b"PK" * 50])
def test_what_is_no_npy_is_refused(content):
    assert array_of(content).kind == "not_npy"
    assert read_arrays(content, LIMITS) == ArrayRefusal("not_npz")


def test_a_text_that_is_no_unicode_is_refused():
    content = npy(np.array(["ab"])).replace("b".encode("utf-32-le"), b"\xff\xff\xff\x7f")
    assert array_of(content).kind == "damaged"


def test_a_member_that_is_no_array_is_refused():
    assert read_arrays(zipped(notes_dot_txt=b"hello"), LIMITS) == ArrayRefusal("not_npy", {"array": "notes.txt"})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_is_there_twice_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.npy", npy(np.ones(1)))
        archive.writestr("a.npy", npy(np.zeros(1)))
    assert read_arrays(stream.getvalue(), LIMITS).kind == "duplicate"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused_and_nothing_else(data):
    content = bytearray(npz(False, gpt=np.ones((2, 2), dtype=np.float32), tokens=np.array(["a", "b"])))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read = read_arrays(bytes(content), LIMITS)
    assert isinstance(read, ArrayRefusal) or all(isinstance(array, np.ndarray) for array in read.values())
