"""Whether a feature map has a given kernel: phi(q) . phi(k) = K(q, k), in any order, sign or redundant form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.failures import data_or_failure, tuple_returned, wrong_type
from autograder.checks.verdict import Fact, Verdict, right, wrong
from autograder.sandbox.outcome import Outcome, Value

Array = NDArray[Any]
Kernel = Callable[[Array, Array], Array]
RTOL, ATOL = 1e-3, 1e-3  # float32 features: products of up to a hundred terms
LEAST_WEIGHT = 1e-3
CUT_OFF = 1e-5  # below it two features are the same but for rounding
MOST_FEATURES = 512
MOST_TAKEN = 20_000  # whose products are computed at all: more would need more memory than a small container has


@dataclass(frozen=True)
class Gram:
    """Points (P, D) and their features (P, L)."""

    points: Array
    features: Array

    def agrees(self, kernel: Kernel) -> bool:
        """Whether products of features are the kernel's values at all pairs of points."""
        with np.errstate(all="ignore"):  # features of 1e308 are finite, their products are not
            products = self.features @ self.features.T
        return np.allclose(products, self._values(kernel), rtol=RTOL, atol=ATOL)

    def _values(self, kernel: Kernel) -> Array:
        """(P, P)."""
        return kernel(self.points, self.points)

    @property
    def tells_weights(self) -> bool:
        """Whether there are more pairs of points than features: else some weights fit every kernel."""
        count = len(self.points)
        return bool(self.features.shape[1] <= min(MOST_FEATURES, count * (count + 1) // 2))

    def agrees_reweighted(self, kernel: Kernel) -> bool:
        """Whether positive weights w exist with sum_l w_l phi_l(q) phi_l(k) = K(q, k): the monomials are right."""
        first, second = np.triu_indices(len(self.features))
        used = self.features[:, self.features.any(axis=0)]
        with np.errstate(all="ignore"):
            products = used[first] * used[second]  # (pairs, L)
        if not np.isfinite(products).all():
            return False
        values = self._values(kernel)[first, second]
        weights, *_ = np.linalg.lstsq(products, values, rcond=CUT_OFF)
        fits = np.allclose(products @ weights, values, rtol=RTOL, atol=ATOL)
        return bool(fits and (weights > LEAST_WEIGHT).all())


def judge_feature_map(
    kernel: Kernel,
    points: Sequence[Array],
    features: Sequence[Outcome],
    *,
    wrong_weights: Verdict,
    lacking: Sequence[tuple[Kernel, Verdict]] = (),
) -> Verdict:
    """`points` are (P, D) inputs, `features` what became of them, (P, L). `wrong_weights` is the verdict on the right
    monomials with wrong weights, `lacking` the verdicts on features of kernels that lack some. A tuple whose first
    item are the features has half of their credit.
    """
    verdict = _judge(kernel, points, [_first_item(outcome) for outcome in features], wrong_weights, lacking)
    returned = next((outcome for outcome in features if _first_item(outcome) is not outcome), None)
    if returned is None:
        return verdict
    half = tuple_returned(returned.data if isinstance(returned, Value) else ())
    return replace(half, credit=half.credit * verdict.credit, facts=(*half.facts, *verdict.facts))


def _judge(
    kernel: Kernel,
    points: Sequence[Array],
    features: Sequence[Outcome],
    wrong_weights: Verdict,
    lacking: Sequence[tuple[Kernel, Verdict]],
) -> Verdict:
    grams = [_gram(x, outcome) for x, outcome in zip(points, features, strict=True)]
    refusal = next((gram for gram in grams if isinstance(gram, Verdict)), None)
    if refusal is not None:
        return refusal
    valid = [gram for gram in grams if isinstance(gram, Gram)]
    if all(gram.agrees(kernel) for gram in valid):
        return right()
    decisive = [gram for gram in valid if gram.tells_weights]
    candidates = ((kernel, wrong_weights), *lacking) if decisive else ()
    found = (said for part, said in candidates if all(gram.agrees_reweighted(part) for gram in decisive))
    return next(found, wrong(Fact("another_kernel")))


def _first_item(outcome: Outcome) -> Outcome:
    """The first of several arrays that were returned; else the outcome itself."""
    data = outcome.data if isinstance(outcome, Value) else None
    return Value(data[0]) if isinstance(data, tuple) and data and isinstance(data[0], np.ndarray) else outcome


def _gram(points: Array, outcome: Outcome) -> Gram | Verdict:
    data = data_or_failure(outcome)
    if isinstance(data, Verdict):
        return data
    if not isinstance(data, np.ndarray) or data.dtype.kind not in "fiu":
        return wrong_type(data, expected="a tensor of features")
    if data.ndim != 2 or data.shape[0] != points.shape[0] or data.shape[1] > MOST_TAKEN:
        return wrong(Fact("features_shape", {"input": points.shape, "actual": data.shape}))
    if not np.isfinite(data).all():
        return wrong(Fact("not_finite", {"nan": bool(np.isnan(data).any())}))
    return Gram(points.astype(np.float64), data.astype(np.float64))
