"""Who would miss it: staff who mark a class. What makes forks cheap changes nothing in what a process can do."""

import subprocess
import sys

import pytest

from autograder.sandbox.limits import syscalls

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the heap's top is only told by glibc")

FILL = """
import ctypes
from autograder.sandbox import pages
from autograder.sandbox.limits import syscalls
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_size_t
blocks = [libc.malloc(ctypes.c_size_t(size)) for size in [200, 3000, 20000] * 500]
for block in blocks[::2]:
    libc.free(ctypes.c_void_p(block))
top = syscalls.heap_top()
pages.fill_gaps()
"""
ALLOCATE = """
above = [size for size in (100, 200, 1500, 3000, 15000) if not 0 < libc.malloc(ctypes.c_size_t(size)) < top]
print(len(above))
"""


def run(source: str) -> str:
    return subprocess.run([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True, check=True).stdout


@linux_only
def test_what_is_allocated_after_the_gaps_are_filled_lies_above_them() -> None:
    if syscalls.heap_top() is None:
        pytest.skip("glibc is older than 2.33")
    assert int(run(FILL.replace("pages.fill_gaps()", "") + ALLOCATE)) < int(run(FILL + ALLOCATE)) == 5


def test_filling_twice_is_harmless_and_memory_can_still_be_had_and_given_back() -> None:
    source = FILL + "pages.fill_gaps()\npages.gather()\nprint(len(bytes(10**7)) + len([0] * 10**6))"
    assert int(run(source)) == 11_000_000
