"""The formulas of questions 4 and 6 beside what the reference's code does: operations, traffic and memory, counted.

For each formula the code runs at sizes that double along several directions (which sizes grow, and how fast). Along
every direction the count and the formula must grow alike. For every term of the formula there is a direction along
which that term leads; without the term the formula falls behind there, so no term can be left out. Nothing is timed.
"""

import math
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import sympy as sp
import torch
from sympy.parsing.sympy_parser import convert_xor, implicit_multiplication, parse_expr, standard_transformations
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

ROOT = Path(__file__).parents[2]
SLACK = 0.25  # of an exponent, for the terms of lower order that a formula leaves out
Sizes = Mapping[str, int]


def load(name):
    return SimpleNamespace(**runpy.run_path(str(ROOT / "reference" / f"{name}.py")))


Q4, Q6 = load("q4_decoding"), load("q6_linear")


# --- counting ---


def tensors_in(tree):
    if isinstance(tree, torch.Tensor):
        return [tree]
    return [tensor for item in tree for tensor in tensors_in(item)] if isinstance(tree, tuple | list) else []


class Counter(TorchDispatchMode):
    """Multiply-adds, numbers read and written, and the most numbers held at once, while torch runs inside it.

    `on_chip` says of a tensor's shape that it never leaves the chip, so that moving it costs nothing.
    """

    PRODUCTS = ("mm", "bmm", "mv")

    def __init__(self, on_chip: Callable[[tuple[int, ...]], bool] = lambda shape: False) -> None:
        super().__init__()
        self.on_chip = on_chip
        self.multiply_adds = self.moved = self.most_held = 0
        self.held: dict[StorageWeakRef, int] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        read, written = tensors_in(args), tensors_in(result)
        storages = {tensor.untyped_storage().data_ptr() for tensor in read if tensor.numel()}
        made = [tensor for tensor in written if tensor.untyped_storage().data_ptr() not in storages]
        if made:  # not a view
            self.multiply_adds += self._work(func.overloadpacket.__name__, read, made)
            self.moved += sum(tensor.numel() for tensor in (*read, *made) if not self.on_chip(tuple(tensor.shape)))
        self.hold(*made)
        return result

    def _work(self, name, read, made):
        if name in self.PRODUCTS:
            left, right = read
            return left.numel() * (right.shape[-1] if right.dim() > 1 else 1)
        assert name not in ("addmm", "baddbmm", "dot", "einsum"), "a product that would be counted as element-wise"
        return 0 if name in ("clone", "_to_copy", "copy_", "cat") else max(tensor.numel() for tensor in (*read, *made))

    def hold(self, *made: torch.Tensor) -> None:
        """Adds tensors to those that are held; looks for those that are gone only if there may be a new maximum."""
        self.held |= {
            StorageWeakRef(tensor.untyped_storage()): tensor.untyped_storage().nbytes() // 4 for tensor in made
        }
        if sum(self.held.values()) > self.most_held:
            self.held = {storage: size for storage, size in self.held.items() if not storage.expired()}
            self.most_held = max(self.most_held, sum(self.held.values()))


def test_the_counter_counts_a_product_as_one_does_by_hand():
    with Counter() as counter:
        torch.randn(3, 4) @ torch.randn(4, 5)
    assert counter.multiply_adds - 12 - 20 == 3 * 4 * 5  # making a random number counts as one
    assert counter.moved == 12 + 20 + (12 + 20 + 15)
    assert counter.most_held == 12 + 20 + 15


def test_the_counter_forgets_what_is_freed_and_takes_views_for_free():
    with Counter() as counter:
        for _ in range(5):
            torch.ones(10).view(2, 5).transpose(0, 1)
    assert counter.most_held == 10
    assert counter.moved == 50


# --- what is run ---


def decoding(sizes: Sizes, *, scores_on_chip: bool = False) -> Counter:
    b, n, h, k = (sizes[name] for name in "bnhk")
    d = h * k
    shapes = [(b, d), (b, n, k), (b, n, k), (h, d, k), (d, k), (d, k), (h, k, d)]
    inputs = [torch.randn(shape) for shape in shapes]
    scores = {(b, h, n + 1), (b, n + 1, h), (b, h, 1, n + 1), (b, h, n + 1, 1)}
    with Counter(lambda shape: scores_on_chip and shape in scores) as counter, torch.no_grad():
        Q4.multiquery_attention_incremental(*inputs)
    return counter


def attention(attend: Callable[..., torch.Tensor], sizes: Sizes, *, backward: bool = False) -> Counter:
    """Counts attend(Q, K, V), and holds its inputs and, with `backward`, all that the gradient needs."""
    N, D, M = sizes["N"], sizes["D"], sizes.get("M", sizes["D"])
    inputs = [torch.randn(shape, requires_grad=backward) for shape in ((N, D), (N, D), (N, M))]
    with Counter() as counter:
        counter.hold(*inputs)
        output = attend(*inputs)
        if backward:
            output.sum().backward()
    return counter


def kernel(Q, K, V):
    return Q6.kernel_attention(Q, K, V, Q6.feature_map)


def recomputing_kernel(Q, K, V):
    return Q6.recomputing_kernel_attention(Q, K, V, Q6.feature_map)


# --- formulas ---


def formula(text: str) -> sp.Expr:
    """One of our own formulas, multiplied out, in b, n, h, k or N, D, M."""
    names = {name: sp.Symbol(name, positive=True) for name in "bnhkNDM"}
    names["d"] = names["h"] * names["k"]
    transformations = (*standard_transformations, implicit_multiplication, convert_xor)
    return sp.expand(parse_expr(text.strip().removeprefix("O"), local_dict=names, transformations=transformations))


def value(expression: sp.Expr, sizes: Sizes) -> float:
    return float(expression.subs({sp.Symbol(name, positive=True): size for name, size in sizes.items()}))


@dataclass(frozen=True)
class Claim:
    """A formula, what it counts, the sizes to start from, and for each term a direction along which it leads.

    A direction gives the number of doublings of each size in one step; sizes that it does not name stay.
    """

    text: str
    count: Callable[[Sizes], float]
    start: Sizes
    leads: Mapping[str, Mapping[str, int]]
    steps: int = 4

    def along(self, direction: Mapping[str, int]) -> list[Sizes]:
        return [
            {name: size * 2 ** (step * direction.get(name, 0)) for name, size in self.start.items()}
            for step in range(self.steps)
        ]


def exponent(counts: list[float]) -> float:
    """By how many doublings a count grows in the last step."""
    return math.log2(counts[-1] / counts[-2])


STEP = {"b": 1, "n": 2, "h": 3, "k": 5}
CLAIMS = {
    "4.f": Claim(
        Q4.computation,
        lambda sizes: decoding(sizes).multiply_adds,
        {**STEP, "b": 2, "n": 8},
        {"b*d^2": {"k": 1}, "b*n*d": {"n": 2}},
    ),
    "4.g, scores on the chip": Claim(
        Q4.memory_access,
        lambda sizes: decoding(sizes, scores_on_chip=True).moved,
        STEP,
        {"d^2": {"h": 1, "k": 1}, "b*d": {"b": 3, "h": 1, "k": 1}, "b*n*k": {"n": 3, "k": 1}},
    ),
    "4.g, scores counted": Claim(
        f"{Q4.memory_access.removesuffix(')')} + b h n)",
        lambda sizes: decoding(sizes).moved,
        STEP,
        {
            "d^2": {"h": 1, "k": 1},
            "b*d": {"b": 3, "h": 1, "k": 1},
            "b*n*k": {"n": 3, "k": 1},
            "b*h*n": {"n": 3, "h": 1},
        },
    ),
    "6.c.time": Claim(
        Q6.softmax_time,
        lambda sizes: attention(Q6.softmax_attention, sizes).multiply_adds,
        {"N": 6, "D": 8, "M": 9},
        {"N^2*D": {"D": 2}, "N^2*M": {"M": 2}},
    ),
    "6.c.space": Claim(
        Q6.softmax_space,
        lambda sizes: attention(Q6.softmax_attention, sizes, backward=True).most_held,
        {"N": 6, "D": 5, "M": 7},
        {"N^2": {"N": 2}, "N*D": {"D": 2}, "N*M": {"M": 2}},
    ),
    "6.d.time": Claim(
        Q6.linear_time,
        lambda sizes: attention(kernel, sizes).multiply_adds,
        {"N": 5, "D": 12},
        {"N*D^3": {"D": 1}},
    ),
    "6.d.space, features recomputed": Claim(
        Q6.linear_space,
        lambda sizes: attention(recomputing_kernel, sizes, backward=True).most_held,
        {"N": 2, "D": 4},
        {"N*D": {"N": 2}, "D^3": {"D": 1}},
        steps=5,
    ),
    "6.d.space, features stored": Claim(
        "O(N D^2 + D^3)",
        lambda sizes: attention(kernel, sizes, backward=True).most_held,
        {"N": 2, "D": 6},
        {"N*D^2": {"N": 2}, "D^3": {"D": 1}},
        steps=5,
    ),
}
TERMS = [(claim, term) for claim in CLAIMS for term in CLAIMS[claim].leads]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_direction_is_given_for_every_term_of_the_formula(claim):
    terms = set(formula(CLAIMS[claim].text).as_ordered_terms())
    assert {formula(term) for term in CLAIMS[claim].leads} == terms


@cache
def counted(claim: str, direction: frozenset[tuple[str, int]]) -> list[float]:
    return [CLAIMS[claim].count(sizes) for sizes in CLAIMS[claim].along(dict(direction))]


def said(claim: str, direction: Mapping[str, int], *, without: str = "0") -> list[float]:
    expression = formula(CLAIMS[claim].text) - formula(without)
    return [value(expression, sizes) for sizes in CLAIMS[claim].along(direction)]


@pytest.mark.parametrize(("claim", "name"), [(claim, name) for claim in CLAIMS for name in CLAIMS[claim].start])
def test_count_and_formula_stay_within_a_constant_factor(claim, name):
    pairs = zip(counted(claim, frozenset({(name, 1)})), said(claim, {name: 1}), strict=True)
    ratios = [count / formula_value for count, formula_value in pairs]
    assert max(ratios) / min(ratios) < 5


@pytest.mark.parametrize(("claim", "term"), TERMS)
def test_the_code_grows_as_the_formula_where_the_term_leads(claim, term):
    direction = CLAIMS[claim].leads[term]
    counts = counted(claim, frozenset(direction.items()))
    assert exponent(counts) == pytest.approx(exponent(said(claim, direction)), abs=SLACK)


@pytest.mark.parametrize(("claim", "term"), [(claim, term) for claim, term in TERMS if len(CLAIMS[claim].leads) > 1])
def test_without_the_term_the_formula_falls_behind_the_code(claim, term):
    direction = CLAIMS[claim].leads[term]
    counts = counted(claim, frozenset(direction.items()))
    assert exponent(counts) > exponent(said(claim, direction, without=term)) + 1.5 * SLACK


@pytest.mark.parametrize(
    ("claim", "looser", "direction"),
    [
        ("4.f", "b*h*n*d", {"n": 2, "h": 1}),
        ("4.g, scores on the chip", "b*n*d", {"n": 3, "h": 1}),
        ("4.g, scores counted", "b*n*d", {"n": 3, "h": 1, "k": 1}),
        ("6.c.space", "N^2*D", {"N": 1, "D": 1}),
        ("6.d.time", "N*D^4", {"D": 1}),
        ("6.d.space, features recomputed", "N*D^2", {"N": 2, "D": 1}),
    ],
)
def test_a_looser_formula_runs_ahead_of_the_code(claim, looser, direction):
    case = CLAIMS[claim]
    ahead = [value(formula(case.text) + formula(looser), sizes) for sizes in case.along(direction)]
    counts = counted(claim, frozenset(direction.items()))
    assert ahead[-1] / counts[-1] > 2 * ahead[0] / counts[0]
