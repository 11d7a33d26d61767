"""One zygote and one reference for the whole bank."""

from collections.abc import Iterator

import pytest

from tests.marking.bench import Bench, open_bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with open_bench() as opened:
        yield opened


@pytest.fixture(scope="session")
def base(bench: Bench) -> dict[str, bytes]:
    """A right submission, in which a case replaces one module."""
    return bench.files("examples/different")
