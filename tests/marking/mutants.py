"""Marks every single-point change of the reference's code: `python -m tests.marking.mutants [MODULE ...]`.

The changes are Cosmic Ray's, and those of `mutation`. A mutant is killed if it loses a point. One that is not must stand in mutants_equivalent.toml with a reason; the others
are printed, and the exit code is 1. Question 1 is not here: what its derivation gives is judged, not its code.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.marking.bench import ROOT, Bench, open_bench
from tests.marking.cosmic import cosmic_mutants
from tests.marking.mutation import Mutant, mutants_of, plain

HEADS = "scaled_dot_product_attention", "split_heads", "combine_heads", "forward"
PLACES: dict[str, tuple[str, ...]] = {
    "q2_argmax": ("argmax_attention",),
    "q3_multihead": (
        *(f"MultiHeadAttention.{name}" for name in ("__init__", *HEADS)),
        *(f"WideValueMultiHeadAttention.{name}" for name in ("__init__", "split_heads", "combine_heads")),
    ),
    "q4_decoding": ("multiquery_attention_incremental",),
    "q6_linear": ("feature_map", "kernel_attention"),
}
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.toml")


def known_equivalents() -> dict[str, str]:
    """Reasons by module and name of the mutant."""
    table = tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}
    return {f"{module}.{name}": reason for module, names in table.items() for name, reason in names.items()}


def all_mutants(modules: list[str]) -> Iterator[tuple[str, Mutant]]:
    for module, functions in PLACES.items():
        if not modules or module in modules:
            source = (ROOT / "reference" / f"{module}.py").read_text()
            known: dict[str, Mutant] = {}
            for mutant in (*cosmic_mutants(source, functions), *mutants_of(source, functions)):
                known.setdefault(plain(mutant.text), mutant)
            yield from ((module, mutant) for mutant in known.values())


def survives(bench: Bench, reference: dict[str, bytes], module: str, mutant: Mutant) -> bool:
    """Whether the mutant still has every point of its question."""
    marked = bench.mark({**reference, f"{module}.py": mutant.text.encode()}, (module[1],))
    return all(row.points == row.most for row in marked.values())


def main(modules: list[str]) -> int:
    equivalent, survivors, count = known_equivalents(), [], 0
    with open_bench() as bench:
        reference = bench.files("reference")
        for module, mutant in all_mutants(modules):
            count += 1
            if survives(bench, reference, module, mutant):
                survivors.append(f"{module}.{mutant.name}")
    unexplained = [name for name in survivors if name not in equivalent]
    explained = len(survivors) - len(unexplained)
    for name in unexplained:
        print(f"survived: {name}")
    stale = [
        name for name in equivalent if name not in survivors and (not modules or name.partition(".")[0] in modules)
    ]
    for name in stale:
        print(f"listed as equivalent, and killed or no mutant any more: {name}")
    print(f"{count} mutants: {count - len(survivors)} killed, {explained} equivalent, {len(unexplained)} survived")
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
