"""A program of its own: sources as JSON on standard input, pairs that are alike as JSON on standard output."""

import io
import json
import logging
import os
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from types import ModuleType

# Copydetect imports it for a picture that is not drawn here, and that would be half of the time for a small class.
sys.modules.setdefault("matplotlib.pyplot", ModuleType("matplotlib.pyplot"))
sys.modules.setdefault("matplotlib", ModuleType("matplotlib")).pyplot = sys.modules["matplotlib.pyplot"]  # type: ignore[attr-defined]

from copydetect import CodeFingerprint, compare_files  # noqa: E402
from copydetect.utils import get_token_coverage  # noqa: E402

NOISE, WINDOW = 25, 8  # characters of filtered code: shorter matches are chance; every one of 32 is found
COMMON_SHARE, COMMON_LEAST = 0.05, 3  # what more submissions have is nobody's own
SHARED_LEAST = 4  # fingerprints of their own that two have in common before they are compared
ALIKE, CHARACTERS = 0.7, 120  # of the smaller part that is own; of filtered code
MOST = 500
NICE = 10  # graders go first
Pair = tuple[str, str, str, float, int]


def main() -> None:
    os.nice(NICE)
    logging.disable()
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    pairs = [pair for name, text in sorted(asked["template"].items()) for pair in alike(name, text, asked["sources"])]
    json.dump(sorted(pairs, key=lambda pair: (-pair[3], -pair[4], pair))[:MOST], sys.stdout)


def alike(name: str, template: str, sources: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """The pairs that are alike in the module `name`."""
    boilerplate = list(fingerprint(name, template, window=1).hashes)
    texts = {digest: files[name] for digest, files in sources.items() if name in files and files[name] != template}
    prints = {digest: fingerprint(name, text, boilerplate=boilerplate) for digest, text in sorted(texts.items())}
    often = Counter(found for made in prints.values() for found in made.hashes)
    limit = max(COMMON_LEAST, int(COMMON_SHARE * len(sources)))
    for made in prints.values():
        without(made, {found for found in made.hashes if often[found] > limit})
    for left, right in candidates(prints):
        overlap, (one, other), _ = compare_files(prints[left], prints[right])
        share = min(one, other)
        if share >= ALIKE and overlap >= CHARACTERS:
            yield left, right, name, round(float(min(share, 1.0)), 3), int(overlap)


def fingerprint(name: str, text: str, *, window: int = WINDOW, boilerplate: list[int] | None = None) -> CodeFingerprint:
    return CodeFingerprint(name, NOISE, window, boilerplate, language="python", fp=io.StringIO(text))


def without(made: CodeFingerprint, common: set[int]) -> None:
    """Take fingerprints away that are nobody's own."""
    made.hashes -= common
    made.hash_idx = {found: places for found, places in made.hash_idx.items() if found not in common}
    made.token_coverage = max(get_token_coverage(made.hash_idx, made.k, len(made.filtered_code)), 1)


def candidates(prints: Mapping[str, CodeFingerprint]) -> list[tuple[str, str]]:
    """Pairs that have enough in common to be compared."""
    having: dict[int, list[str]] = defaultdict(list)
    for digest, made in prints.items():
        for found in made.hashes:
            having[found].append(digest)
    shared = Counter(pair for digests in having.values() for pair in combinations(sorted(digests), 2))
    return sorted(pair for pair, count in shared.items() if count >= SHARED_LEAST)


if __name__ == "__main__":
    main()
