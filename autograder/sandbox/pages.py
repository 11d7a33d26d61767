"""Makes forks cheap where many follow: gaps in the zygote's memory are filled, and it is moved into huge pages.

A fork copies an entry for each page that the process has written to, and the worker's end gives each back: some 36,000
of 4 KiB, or 70 of 2 MiB. And a worker gets a copy of each page that it writes to, one in five because what it allocates
lies in gaps all over the heap. Both cost as much as a few dozen forks save, so this is for a whole class.
"""

from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.limits import syscalls

HUGE = 2 << 20
LARGEST_GAP = 1 << 16
SMALL_GAP, STEP = 1032, 16  # up to the first the C library keeps a list of gaps for every so many bytes


def fill_gaps() -> None:
    """Allocate what is free in the heap below its top, for good: then workers allocate side by side, above it."""
    top = syscalls.heap_top()
    if top is not None:
        for size in _gap_sizes():
            while syscalls.malloc_below(top, size):
                pass


def _gap_sizes() -> Iterator[int]:
    """Sizes from large to small: a gap that is larger than asked for is divided."""
    size = LARGEST_GAP
    while size > SMALL_GAP:
        yield size
        size = size * 3 // 4
    yield from range(SMALL_GAP, STEP, -STEP)


def gather() -> int:
    """Move this process's own writable memory into huge pages, where the kernel can (6.1); return the bytes moved."""
    moved = 0
    for start, end in _own_memory():
        try:
            syscalls.madvise(start, end - start, syscalls.MADV_COLLAPSE)
        except OSError:  # the kernel is older, or has no such page left: only time is lost
            continue
        moved += end - start
    return moved


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield the ranges of the heap and of anonymous memory, as far as they are whole huge pages."""
    try:
        lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        span, rights, _, _, _, *name = line.split(None, 5)
        start, end = (int(address, 16) for address in span.split("-"))
        start, end = -(-start // HUGE) * HUGE, end // HUGE * HUGE
        if rights.startswith("rw") and name in ([], ["[heap]"]) and start < end:
            yield start, end
